// Parameter values: types, defaults, {{placeholders}}.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// Parameter name -> canonical text.
using ParameterValues = std::map<std::string, std::string>;

/// "dataset", "path", ...
[[nodiscard]] std::string_view parameterTypeName(ParameterType type);
/// Errors: InvalidInput with the nearest type.
[[nodiscard]] Result<ParameterType> parseParameterType(std::string_view text);

/// Checks a value against its parameter and returns its canonical text (yes/1 -> true). `dialects`, those of its
/// system, decide how a dataset is named: by an absolute path, or by a name. Errors: InvalidInput, `where` names the
/// parameter.
[[nodiscard]] Result<std::string> canonicalValue(const Parameter& parameter, const std::string& value,
                                                 const Dialects& dialects);

/// The values of a run: what was given, checked, and the defaults of the rest. Errors: InvalidInput for an unknown
/// name (with the nearest), a missing required one or a bad value.
[[nodiscard]] Result<ParameterValues> resolveParameters(const Runbook& runbook, const ParameterValues& given);

/// How a value is put into a text. Line: quoted as one word of a command line. Plain: as it is.
enum class RenderFor { Plain, Line };

/// Replaces every {{name}} and {{name | filter}}. Filters: `cluster` (of a dataset), `name` (last part of a path),
/// `parent`, `lower`, `upper`, `file` (the path of a secret's reference file:PATH), `option -flag` (-flag VALUE, or
/// nothing when the value is empty).
/// Errors: InvalidInput for an unknown name or filter, and for a value that would break out of quotes in a line.
[[nodiscard]] Result<std::string> renderText(std::string_view text, const ParameterValues& values,
                                             RenderFor purpose = RenderFor::Plain);

/// A stretch of plain text, or one {{name | filter argument}}.
struct TemplatePiece {
    bool placeholder = false;
    std::string text;  ///< the plain text, or the parameter's name
    std::string filter;
    std::string argument;  ///< of the filter `option`
};

/// A template in its pieces, for targets that keep the parameters as variables. Errors: as renderText().
[[nodiscard]] Result<std::vector<TemplatePiece>> templatePieces(std::string_view text);

/// Refuses a placeholder that names none of `names` or no filter. Ok when all are known.
[[nodiscard]] Status checkPlaceholders(std::string_view text, const std::vector<std::string>& names);

/// The runbook with every template replaced: what a run, an export and a dry run work on. `text` and `hash` stay.
[[nodiscard]] Result<Runbook> renderRunbook(const Runbook& runbook, const ParameterValues& values);

}  // namespace tributary::runbooks
