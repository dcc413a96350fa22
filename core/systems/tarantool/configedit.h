// config.yaml and instances.yml, edited where people wrote them: comments, order and spelling of all else stay.
//
// Decision: a text edit that is proved. Lines are changed by the places that the strict tree gives; then the new text
// is read again, and what it says must be what the old one said with this one change. What cannot be edited so (an
// instance inside {...}, a block written in an unusual way) is refused with its place, and a person does it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace tributary::tarantool {

/// The value that the instance's own scope gives an option, as YAML on one line (`rw`, `[{uri: '127.0.0.1:3301'}]`);
/// empty when it gives none. `key` is a path, as "database.mode"; `file` names config.yaml in errors. Errors: NotFound
/// (no such instance), InvalidInput at file:line:column.
[[nodiscard]] Result<std::string> configValue(std::string_view config, std::string_view file, std::string_view instance,
                                              std::string_view key);

/// Whether two values are the same to a reader of YAML. A text that is no YAML equals nothing.
[[nodiscard]] bool sameConfigValue(std::string_view a, std::string_view b);

/// The text with the option set in the instance's own scope. `value` is YAML on one line. Errors: as configValue;
/// InvalidInput for a value that is no YAML, Unsupported for a text that cannot be edited safely.
[[nodiscard]] Result<std::string> setConfigValue(std::string_view config, std::string_view file,
                                                 std::string_view instance, std::string_view key,
                                                 std::string_view value);

/// The text without the option; what held nothing else becomes {}. Errors: as setConfigValue.
[[nodiscard]] Result<std::string> unsetConfigValue(std::string_view config, std::string_view file,
                                                   std::string_view instance, std::string_view key);

/// A new instance behind the last one of the replica set of `like`. Errors: AlreadyExists, and as setConfigValue.
[[nodiscard]] Result<std::string> addConfigInstance(std::string_view config, std::string_view file,
                                                    std::string_view instance, std::string_view like,
                                                    std::string_view listen, std::string_view mode);

/// Errors: NotFound, Conflict for the last instance of a replica set, and as setConfigValue.
[[nodiscard]] Result<std::string> removeConfigInstance(std::string_view config, std::string_view file,
                                                       std::string_view instance);

/// instances.yml with a name more or less; unchanged when that is so already. Errors: InvalidInput.
[[nodiscard]] Result<std::string> addInstanceName(std::string_view instances, std::string_view name);
[[nodiscard]] Result<std::string> removeInstanceName(std::string_view instances, std::string_view name);

}  // namespace tributary::tarantool
