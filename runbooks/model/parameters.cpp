// Types of parameters and the values of a run.
#include "runbooks/model/parameters.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

constexpr std::array<std::string_view, 12> kTypeNames{"dataset", "path", "cluster", "family",  "columns", "duration",
                                                      "bytes",   "enum", "text",    "integer", "bool",    "secret"};

Error badValue(const Parameter& parameter, const std::string& value, const std::string& reason, std::string fix) {
    if (fix.empty() && !parameter.example.empty()) {
        fix = "give a value such as --set " + parameter.name + "=" + parameter.example;
    }
    return Error{ErrorCode::InvalidInput, "`" + value + "` " + reason, "parameter " + parameter.name, std::move(fix)};
}

bool hasBlank(const std::string& value) {
    return value.find_first_of(" \t\r\n") != std::string::npos;
}

bool isName(const std::string& value) {
    return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter || c == '_' || c == '-' || c == '.';
    });
}

Result<std::string> pathValue(const Parameter& parameter, const std::string& value, const Dialects& dialects) {
    if (value.empty()) return badValue(parameter, value, "is empty", {});
    if (value.find_first_of("\r\n") != std::string::npos) return badValue(parameter, value, "holds a line break", {});
    if (value.front() != '/') {
        const bool slashMissing = dialects.beginsValue(value);
        const std::string fix = slashMissing ? "add the leading slash: /" + value : std::string();
        return badValue(parameter, value, "is not an absolute path", fix);
    }
    if (value.size() > 1 && value.back() == '/') return badValue(parameter, value, "ends in a slash", {});
    return value;
}

Result<std::string> boolValue(const Parameter& parameter, const std::string& value) {
    const std::string lower = toLower(value);
    if (lower == "true" || lower == "yes" || lower == "1") return std::string("true");
    if (lower == "false" || lower == "no" || lower == "0") return std::string("false");
    return badValue(parameter, value, "is neither true nor false", "--set " + parameter.name + "=true");
}

Result<std::string> enumValue(const Parameter& parameter, const std::string& value) {
    const auto& allowed = parameter.allowedValues;
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    const std::string near = nearest(value, allowed);
    return badValue(parameter, value, "is none of " + join(allowed, ", "),
                    near.empty() ? std::string() : "did you mean `" + near + "`?");
}

Result<std::string> integerValue(const Parameter& parameter, const std::string& value) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = failure == std::errc{} && end == value.data() + value.size() && !value.empty();
    if (whole) return std::to_string(number);  // 007 and 7 are one value, and compare as one
    return badValue(parameter, value, "is not a whole number", {});
}

/// A column list as `-columns` takes it: "cf,cf:qualifier".
Result<std::string> columnsValue(const Parameter& parameter, const std::string& value) {
    if (hasBlank(value)) return badValue(parameter, value, "holds a blank", "separate columns by commas alone");
    if (value.empty()) return value;
    for (const std::string& piece : split(value, ',')) {
        if (piece.empty() || piece.front() == ':') {
            return badValue(parameter, value, "names an empty column", "write family,family:qualifier");
        }
    }
    return value;
}

/// The text of a refusal never repeats what was given: it may be the secret itself.
Result<std::string> secretValue(const Parameter& parameter, const std::string& value) {
    const bool reference = value.starts_with("file:/") && value.find_first_of("\r\n") == std::string::npos;
    if (reference) return value;
    return Error{ErrorCode::InvalidInput, "a secret is given by reference, never as it is",
                 "parameter " + parameter.name,
                 "write the secret into a file that only you can read, then --set " + parameter.name + "=file:/PATH"};
}

/// Everything that is missing at once: who types one after the other is refused as often.
Error missingValues(const std::vector<const Parameter*>& missing) {
    std::vector<std::string> names;
    std::vector<std::string> options;
    for (const Parameter* parameter : missing) {
        names.push_back(parameter->name);
        options.push_back("--set " + quoteTemplateWord(parameter->name + "=" +
                                                       (parameter->example.empty() ? "VALUE" : parameter->example)));
    }
    const bool one = names.size() == 1;
    return {ErrorCode::InvalidInput, one ? "a value is missing" : "values are missing",
            (one ? "parameter " : "parameters ") + join(names, ", "), join(options, " ")};
}

}  // namespace

std::string_view parameterTypeName(ParameterType type) {
    return kTypeNames[static_cast<std::size_t>(type)];
}

Result<ParameterType> parseParameterType(std::string_view text) {
    const auto at = std::find(kTypeNames.begin(), kTypeNames.end(), text);
    if (at != kTypeNames.end()) return static_cast<ParameterType>(at - kTypeNames.begin());
    const std::vector<std::string> names(kTypeNames.begin(), kTypeNames.end());
    const std::string near = nearest(text, names);
    return Error{ErrorCode::InvalidInput,
                 "unknown parameter type `" + std::string(text) + "`",
                 {},
                 near.empty() ? "one of: " + join(names, ", ") : "did you mean `" + near + "`?"};
}

Result<std::string> canonicalValue(const Parameter& parameter, const std::string& value, const Dialects& dialects) {
    switch (parameter.type) {
        case ParameterType::Dataset: {
            if (!dialects.datasets().root.empty()) return pathValue(parameter, value, dialects);
            if (value.empty() || hasBlank(value)) return badValue(parameter, value, "is no dataset name", {});
            return value;
        }
        case ParameterType::Path: return pathValue(parameter, value, dialects);
        case ParameterType::Cluster:
            if (!isName(value)) return badValue(parameter, value, "is no cluster name", {});
            return value;
        case ParameterType::Family:
            if (!isName(value)) return badValue(parameter, value, "is no column family name", {});
            return value;
        case ParameterType::Columns: return columnsValue(parameter, value);
        case ParameterType::Duration: {
            const auto parsed = parseMillis(value);
            if (!parsed.ok()) return badValue(parameter, value, "is not a duration", parsed.error().fix);
            return value;
        }
        case ParameterType::Bytes: {
            const auto parsed = parseSizeBytes(value);
            if (!parsed.ok()) return badValue(parameter, value, "is not a size in bytes", parsed.error().fix);
            return value;
        }
        case ParameterType::Enum: return enumValue(parameter, value);
        case ParameterType::Text:
            if (value.find_first_of("\r\n") != std::string::npos) {
                return badValue(parameter, value, "holds a line break", {});
            }
            return value;
        case ParameterType::Integer: return integerValue(parameter, value);
        case ParameterType::Bool: return boolValue(parameter, value);
        case ParameterType::Secret: return secretValue(parameter, value);
    }
    return value;
}

Result<ParameterValues> resolveParameters(const Runbook& runbook, const ParameterValues& given) {
    std::vector<std::string> names;
    for (const Parameter& parameter : runbook.parameters) names.push_back(parameter.name);
    for (const auto& [name, value] : given) {
        if (runbook.findParameter(name) != nullptr) continue;
        const std::string near = nearest(name, names);
        return Error{ErrorCode::InvalidInput, "runbook " + runbook.id + " has no parameter `" + name + "`",
                     "--set " + name,
                     near.empty() ? "its parameters: " + join(names, ", ") : "did you mean `" + near + "`?"};
    }
    ParameterValues values;
    std::vector<const Parameter*> missing;
    for (const Parameter& parameter : runbook.parameters) {
        if (!missing.empty() && !parameter.required) continue;  // its default may need what is missing
        const auto at = given.find(parameter.name);
        std::string text;
        if (!parameter.required) {
            Result<std::string> rendered = renderText(parameter.defaultText, values);
            if (!rendered.ok()) return rendered.error();
            text = std::move(rendered).value();
        } else if (at == given.end()) {
            missing.push_back(&parameter);
            continue;
        }
        // An empty default means "not given", also when a run's journal, or a person, says it again: the type is asked
        // only of real values.
        if (at != given.end() && (!at->second.empty() || !text.empty() || parameter.required)) {
            text = at->second;
        } else if (text.empty()) {
            values[parameter.name] = text;
            continue;
        }
        Result<std::string> canonical = canonicalValue(parameter, text, runbook.dialects);
        if (!canonical.ok()) return canonical.error();
        values[parameter.name] = std::move(canonical).value();
    }
    if (!missing.empty()) return missingValues(missing);
    return values;
}

}  // namespace tributary::runbooks
