// Options of config.yaml by their scopes: instance, replica set, group, all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/workspace/strictyaml.h"

namespace tributary::tarantool {

/// The scopes that an instance is in, the narrowest first.
using ConfigScopes = std::vector<const StrictNode*>;

/// The node at `path` ("iproto.listen") below `scope`; nullptr when there is none.
[[nodiscard]] const StrictNode* findPath(const StrictNode& scope, std::string_view path);
/// The option as the narrowest scope has it; an option without a value is not there.
[[nodiscard]] const StrictNode* optionOf(const ConfigScopes& scopes, std::string_view path);

/// What stands for {{ name }} in the strings of one instance.
struct ConfigNames {
    std::string group;
    std::string replicaSet;
    std::string instance;
};
/// The text with those names filled in; other words stay.
[[nodiscard]] std::string filled(std::string text, const ConfigNames& names);

}  // namespace tributary::tarantool
