// Templates of a runbook as words and texts of bash, with parameters as variables.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks::bash {

/// `text` as one word that bash reads back unchanged: bare when safe, else in single quotes.
[[nodiscard]] std::string literal(std::string_view text);
/// The variable of a parameter: p_ and its name with underscores.
[[nodiscard]] std::string variable(std::string_view parameter);
/// The function of a step or check: dashes become underscores.
[[nodiscard]] std::string functionName(std::string_view name);

/// One template word ("{{source}}", "a{{b | lower}}") as one quoted word. Errors: of templatePieces().
[[nodiscard]] Result<std::string> word(std::string_view templateWord);
/// A command line template as bash words; `{{x | option -y}}` becomes two words or none. Errors: of the templates.
[[nodiscard]] Result<std::string> line(std::string_view templateLine);
/// A text for people in double quotes, parameters replaced when the script runs. Errors: of templatePieces().
[[nodiscard]] Result<std::string> text(std::string_view templateText);
/// "dataset_exists "$p_source"": a check as a call of its function.
[[nodiscard]] Result<std::string> call(const Check& check);
/// "holds not equal "$p_a" ''": a condition as one line.
[[nodiscard]] Result<std::string> condition(const Condition& condition);

/// Whole seconds, rounded up: limits that are compared as integers.
[[nodiscard]] std::string wholeSeconds(Millis durationMs);
/// Seconds as sleep takes them: "0.5", "2".
[[nodiscard]] std::string seconds(Millis durationMs);

}  // namespace tributary::runbooks::bash
