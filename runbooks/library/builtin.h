// The texts that the build compiled in.
#pragma once

#include <string_view>
#include <vector>

namespace tributary::runbooks::detail {

struct BuiltinText {
    std::string_view name;
    std::string_view text;
};

/// Sorted by name. Generated from runbooks/library/*.yaml.
[[nodiscard]] const std::vector<BuiltinText>& builtinTexts();

}  // namespace tributary::runbooks::detail
