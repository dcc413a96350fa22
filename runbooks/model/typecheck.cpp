// The types of conditions, arguments and filters.
#include "runbooks/model/typecheck.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/parameters.h"

namespace tributary::runbooks {
namespace {

constexpr std::size_t kPossibleMax = 1000;

Error wrong(std::string what, std::string fix) {
    return Error{ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

std::string typeOf(const Parameter& parameter) {
    return std::string(parameterTypeName(parameter.type));
}

std::string withArticle(const std::string& noun) {
    return (std::string_view("aeiou").find(noun.front()) != std::string_view::npos ? "an " : "a ") + noun;
}

bool mayBeEmpty(const Parameter& parameter) {
    return !parameter.required && parameter.defaultText.empty();
}

/// The pieces of a word; none when it is no template that can be read (its own error has been given already).
std::vector<TemplatePiece> piecesOf(const std::string& word) {
    const Result<std::vector<TemplatePiece>> pieces = templatePieces(word);
    return pieces.ok() ? *pieces : std::vector<TemplatePiece>{};
}

/// The parameter when the word is that one placeholder, without a filter.
const Parameter* bareParameter(const std::string& word, const Runbook& runbook) {
    const std::vector<TemplatePiece> pieces = piecesOf(word);
    if (pieces.size() != 1 || !pieces[0].placeholder || !pieces[0].filter.empty()) return nullptr;
    return runbook.findParameter(pieces[0].text);
}

/// Every value of one piece, when they can be counted.
std::optional<std::vector<std::string>> valuesOf(const TemplatePiece& piece, const Runbook& runbook) {
    if (!piece.placeholder) return std::vector<std::string>{piece.text};
    const Parameter* parameter = runbook.findParameter(piece.text);
    if (parameter == nullptr) return std::nullopt;
    std::vector<std::string> values = parameter->allowedValues;
    if (parameter->type == ParameterType::Bool) values = {"true", "false"};
    if (values.empty()) return std::nullopt;
    if (mayBeEmpty(*parameter)) values.emplace_back();
    const std::string filter = piece.filter.empty() ? std::string() : " | " + piece.filter;
    if (piece.filter == "option" || piece.filter == "cluster") return std::nullopt;
    for (std::string& value : values) {
        const Result<std::string> shown = renderText("{{x" + filter + "}}", {{"x", value}});
        if (!shown.ok()) return std::nullopt;
        value = *shown;
    }
    return values;
}

/// Every text that a word can become, when they can be counted.
std::optional<std::vector<std::string>> possibleTexts(const std::string& word, const Runbook& runbook) {
    std::vector<std::string> texts{std::string()};
    for (const TemplatePiece& piece : piecesOf(word)) {
        const auto values = valuesOf(piece, runbook);
        if (!values || texts.size() * values->size() > kPossibleMax) return std::nullopt;
        std::vector<std::string> longer;
        for (const std::string& text : texts) {
            for (const std::string& value : *values) longer.push_back(text + value);
        }
        texts = std::move(longer);
    }
    return texts;
}

Status checkConstant(const std::string& word, const Runbook& runbook) {
    if (word == "true" || word == "false") return okStatus();
    const Parameter* parameter = bareParameter(word, runbook);
    if (parameter == nullptr) {
        return wrong("`" + word + "` is neither true nor false",
                     "compare it, as in \"" + word + " == VALUE\", or name a check (tributary help checks)");
    }
    const std::string name = "{{" + parameter->name + "}}";
    if (parameter->type != ParameterType::Bool) {
        const std::string value = parameter->allowedValues.empty() ? "VALUE" : parameter->allowedValues.front();
        return wrong(
            "`" + name + "` is " + withArticle(typeOf(*parameter)) + ", and only a bool is a condition by itself",
            "write \"" + name + " == " + value + "\", or give the parameter the type bool");
    }
    if (mayBeEmpty(*parameter)) {
        return wrong("`" + name + "` may be empty, which is neither true nor false",
                     "give the parameter `default: false` or `default: true`");
    }
    return okStatus();
}

/// A typed parameter against a fixed text: the text must be a value of the type, spelled as values are.
Status checkValue(const Parameter& parameter, const std::string& text, const Runbook& runbook) {
    const std::string name = "`{{" + parameter.name + "}}`";
    if (parameter.type == ParameterType::Secret) {
        return wrong(name + " is a secret, which is never compared", "use a parameter of another type");
    }
    if (text.empty()) {
        if (mayBeEmpty(parameter) || parameter.type == ParameterType::Text ||
            parameter.type == ParameterType::Columns || parameter.defaultText.find("{{") != std::string::npos) {
            return okStatus();
        }
        return wrong(name + " is never empty", "give the parameter `default: \"\"`, or leave the comparison out");
    }
    if (parameter.type == ParameterType::Duration || parameter.type == ParameterType::Bytes) {
        return wrong(name + " is " + withArticle(typeOf(parameter)) +
                         ", of which one value has several spellings: it can be compared with '' only",
                     "use a parameter of type enum or bool");
    }
    const Result<std::string> value = canonicalValue(parameter, text, runbook.dialects);
    if (!value.ok()) {
        return wrong("`" + text + "` is no value of " + name + ", " + withArticle(typeOf(parameter)) + ": it " +
                         value.error().what.substr(std::min(value.error().what.size(), text.size() + 3)),
                     value.error().fix);
    }
    if (*value != text) return wrong("`" + text + "` is spelled `" + *value + "` in " + name, "write " + *value);
    return okStatus();
}

Status checkComparison(const Condition& condition, const Runbook& runbook) {
    for (const std::string* word : {&condition.left, &condition.right}) {
        for (const TemplatePiece& piece : piecesOf(*word)) {
            if (piece.filter == "option") return wrong("the filter `option` belongs into commands", "leave it out");
        }
    }
    const bool templates =
        condition.left.find("{{") != std::string::npos || condition.right.find("{{") != std::string::npos;
    if (!templates) {
        return wrong("`" + condition.left + "` and `" + condition.right + "` are fixed texts: this never changes",
                     "compare a parameter, as in \"{{mode}} == fast\"");
    }
    const auto lefts = possibleTexts(condition.left, runbook);
    const auto rights = possibleTexts(condition.right, runbook);
    if (lefts && rights) {
        for (const std::string& text : *lefts) {
            if (std::find(rights->begin(), rights->end(), text) != rights->end()) return okStatus();
        }
        const bool fixedRight = condition.right.find("{{") == std::string::npos;
        const std::string& fixed = fixedRight ? condition.right : condition.left;
        const std::string& other = fixedRight ? condition.left : condition.right;
        const std::vector<std::string>& known = fixedRight ? *lefts : *rights;
        const std::string near = nearest(fixed, known);
        return wrong("`" + fixed + "` is no value of `" + other + "`",
                     near.empty() ? "one of: " + join(known, ", ") : "did you mean `" + near + "`?");
    }
    const Parameter* left = bareParameter(condition.left, runbook);
    const Parameter* right = bareParameter(condition.right, runbook);
    if (left != nullptr && condition.right.find("{{") == std::string::npos) {
        return checkValue(*left, condition.right, runbook);
    }
    if (right != nullptr && condition.left.find("{{") == std::string::npos) {
        return checkValue(*right, condition.left, runbook);
    }
    const auto kindOf = [](const Parameter& parameter) {  // both are paths
        return parameter.type == ParameterType::Dataset ? ParameterType::Path : parameter.type;
    };
    if (left != nullptr && right != nullptr && kindOf(*left) != kindOf(*right) && left->type != ParameterType::Text &&
        right->type != ParameterType::Text) {
        return wrong("`" + condition.left + "` is " + withArticle(typeOf(*left)) + ", `" + condition.right + "` is " +
                         withArticle(typeOf(*right)),
                     "compare values of one type");
    }
    return okStatus();
}

/// What an argument of a check names.
enum class Names { Dataset, Cluster, Family, ClosedWord, Other };

Names whatNames(std::string_view argument, const Dialects& dialects) {
    if (argument.size() == 1) return argument == "F" ? Names::Family : Names::Dataset;
    if (argument.ends_with("CLUSTER")) return Names::Cluster;
    return dialects.allowedValues(argument).empty() ? Names::Other : Names::ClosedWord;
}

bool fits(ParameterType type, Names names) {
    if (type == ParameterType::Text || type == ParameterType::Enum) return true;
    switch (names) {
        case Names::Dataset: return type == ParameterType::Dataset || type == ParameterType::Path;
        case Names::Cluster: return type == ParameterType::Cluster;
        case Names::Family: return type == ParameterType::Family;
        case Names::ClosedWord: return false;
        case Names::Other: return type != ParameterType::Secret;
    }
    return true;
}

std::string nounOf(Names names, const DatasetWords& datasets) {
    switch (names) {
        case Names::Dataset:
            return fmt::format("the {} of {}", datasets.root.empty() ? "name" : "path", datasets.kinds);
        case Names::Cluster: return "the name of a cluster";
        case Names::Family: return "the name of a column family";
        case Names::ClosedWord: return "one of a few words";
        case Names::Other: return "a name";
    }
    return "a name";
}

Status checkFixedArgument(const std::string& value, Names names, const std::string& place,
                          const DatasetWords& datasets) {
    if (names == Names::Dataset && !datasets.root.empty() && !value.starts_with("/")) {
        return wrong("`" + value + "` is no absolute path, and " + place + " is " + nounOf(names, datasets),
                     fmt::format("write {}, or {{{{parameter}}}}", datasets.form));
    }
    const bool path = value.find('/') != std::string::npos;
    if ((names == Names::Cluster || names == Names::Family) && (path || value.empty())) {
        return wrong("`" + value + "` is no name, and " + place + " is " + nounOf(names, datasets),
                     "write the name alone");
    }
    return okStatus();
}

Status checkArgument(const std::string& value, std::string_view argument, const Check& check, const Runbook& runbook) {
    const Names names = whatNames(argument, runbook.dialects);
    const DatasetWords datasets = runbook.dialects.datasets();
    const std::string place = std::string(argument) + " of `" + check.name + "`";
    if (value.find("{{") == std::string::npos) {
        return checkFixedArgument(value, names, place, datasets);
    }
    if (names == Names::ClosedWord) {
        const std::vector<std::string>& allowed = runbook.dialects.allowedValues(argument);
        const auto possible = possibleTexts(value, runbook);
        for (const std::string& text : possible.value_or(std::vector<std::string>{})) {
            if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) continue;
            return wrong("`" + value + "` may be `" + text + "`, which is no " + place,
                         "one of: " + join(allowed, ", "));
        }
    }
    for (const TemplatePiece& piece : piecesOf(value)) {
        if (piece.filter == "option") return wrong("the filter `option` belongs into commands", "leave it out");
    }
    const Parameter* parameter = bareParameter(value, runbook);
    if (parameter == nullptr || fits(parameter->type, names)) return okStatus();
    const bool path = parameter->type == ParameterType::Dataset || parameter->type == ParameterType::Path;
    return wrong(
        "`" + value + "` is " + withArticle(typeOf(*parameter)) + ", and " + place + " is " + nounOf(names, datasets),
        names == Names::Cluster && path ? "write {{" + parameter->name + " | cluster}}"
                                        : "write it out, or use a parameter of that type");
}

}  // namespace

Status checkConditionTypes(const Condition& condition, const Runbook& runbook) {
    switch (condition.kind) {
        case Condition::Kind::System: return checkArgumentTypes(condition.check, runbook);
        case Condition::Kind::Constant: return checkConstant(condition.left, runbook);
        case Condition::Kind::Equal:
        case Condition::Kind::NotEqual: return checkComparison(condition, runbook);
    }
    return okStatus();
}

Status checkArgumentTypes(const Check& check, const Runbook& runbook) {
    const CheckSpec* spec = runbook.dialects.findCheck(check.name);
    if (spec == nullptr) return okStatus();  // refused before
    for (std::size_t i = 0; i < check.arguments.size() && i < spec->arguments.size(); ++i) {
        if (Status good = checkArgument(check.arguments[i], spec->arguments[i], check, runbook); !good) return good;
    }
    return okStatus();
}

Status checkFilterTypes(std::string_view text, const Runbook& runbook) {
    for (const TemplatePiece& piece : piecesOf(std::string(text))) {
        const Parameter* parameter = piece.placeholder ? runbook.findParameter(piece.text) : nullptr;
        if (parameter == nullptr || piece.filter.empty()) continue;
        const ParameterType type = parameter->type;
        const bool path = type == ParameterType::Dataset || type == ParameterType::Path ||
                          type == ParameterType::Text || type == ParameterType::Enum;
        const std::string what = "`{{" + piece.text + " | " + piece.filter + "}}` cannot be: `" + piece.text + "` is " +
                                 withArticle(typeOf(*parameter));
        if ((piece.filter == "cluster" || piece.filter == "parent" || piece.filter == "name") && !path) {
            return wrong(what + ", not a path", "write {{" + piece.text + "}}");
        }
        if (piece.filter == "file" && type != ParameterType::Secret) {
            return wrong(what + ", not a secret", "write {{" + piece.text + "}}, or give it the type secret");
        }
    }
    return okStatus();
}

}  // namespace tributary::runbooks
