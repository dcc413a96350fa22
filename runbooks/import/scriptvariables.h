// Plain assignments of a shell script, and their uses in its command lines.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tributary::runbooks::detail {

/// Knows `NAME=VALUE` lines (also with export or readonly). Values that need a shell to be known are left alone.
class ScriptVariables {
public:
    explicit ScriptVariables(std::string_view text);

    /// The line with "$NAME", $NAME and ${NAME} of known variables as {{name}}.
    [[nodiscard]] std::string replaced(const std::string& line) const;
    /// The value of the variable whose parameter name is `parameter` ("source-table" for SOURCE_TABLE), or empty.
    [[nodiscard]] std::string valueOf(const std::string& parameter) const;

private:
    std::map<std::string, std::string> values_;
};

}  // namespace tributary::runbooks::detail
