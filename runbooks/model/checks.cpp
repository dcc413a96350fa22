// Reading a check or a condition, and saying it as a sentence.
#include "runbooks/model/checks.h"

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks {
namespace {

Error wrongInput(std::string what, std::string fix) {
    return Error{ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

std::string usageOf(const CheckSpec& spec) {
    std::string out(spec.name);
    for (const std::string_view argument : spec.arguments) out += " " + std::string(argument);
    return out;
}

bool isTemplate(const std::string& word) {
    return word.find("{{") != std::string::npos;
}

Result<Check> checkFromWords(const std::vector<std::string>& words, const Dialects& dialects) {
    if (words.empty()) return wrongInput("a check is empty", "name one, such as dataset-exists {{source}}");
    const CheckSpec* spec = dialects.findCheck(words.front());
    if (spec == nullptr) {
        std::vector<std::string> names;
        for (const CheckSpec* known : dialects.checks()) names.emplace_back(known->name);
        const std::string near = nearest(words.front(), names);
        return wrongInput("unknown check `" + words.front() + "`",
                          near.empty() ? "`help checks` lists the vocabulary" : "did you mean `" + near + "`?");
    }
    Check check{words.front(), {words.begin() + 1, words.end()}, {}, spec->phrase};
    if (check.arguments.size() != spec->arguments.size()) {
        return wrongInput("check `" + check.name + "` takes " + std::to_string(spec->arguments.size()) +
                              " argument(s), not " + std::to_string(check.arguments.size()),
                          "write: " + usageOf(*spec));
    }
    for (std::size_t i = 0; i < check.arguments.size(); ++i) {
        const bool option = spec->arguments[i] == "OPTION";
        const auto& allowed = option ? spec->options : dialects.allowedValues(spec->arguments[i]);
        const std::string& value = check.arguments[i];
        if (allowed.empty() || isTemplate(value)) continue;
        if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) continue;
        const std::string near = nearest(value, allowed);
        return wrongInput("`" + value + "` is no " + std::string(spec->arguments[i]) + " of check `" + check.name + "`",
                          near.empty() ? "one of: " + join(allowed, ", ") : "did you mean `" + near + "`?");
    }
    return check;
}

}  // namespace

Result<Check> parseCheck(std::string_view text, const Dialects& dialects) {
    Result<std::vector<std::string>> words = splitTemplateWords(text);
    if (!words.ok()) return words.error();
    return checkFromWords(*words, dialects);
}

namespace {

/// Words that people write for comparing or joining; none is part of the format.
std::string foreignOperator(const std::vector<std::string>& words) {
    static const std::vector<std::string> kForeign{"=",  "===", "<>", "<",   ">",  "<=", ">=", "=~", "is",
                                                   "eq", "ne",  "in", "and", "or", "&&", "||", "|",  "!"};
    for (const std::string& word : words) {
        if (std::find(kForeign.begin(), kForeign.end(), toLower(word)) != kForeign.end()) return word;
    }
    return {};
}

Error conditionError(const std::vector<std::string>& words) {
    constexpr const char* kForms = "write CHECK, A == B, A != B, true, false or {{bool-parameter}}, each with `not`";
    if (words.empty()) return wrongInput("a condition is empty", kForms);
    const std::string lower = toLower(words.front());
    if (words.size() == 1 && (lower == "true" || lower == "yes" || lower == "on")) {
        return wrongInput("`" + words.front() + "` is no condition", "write true");
    }
    if (words.size() == 1 && (lower == "false" || lower == "no" || lower == "off")) {
        return wrongInput("`" + words.front() + "` is no condition", "write false");
    }
    if (words.size() == 1 && words.front().starts_with("!")) {
        return wrongInput("`!` is no part of a condition", "write: not " + words.front().substr(1));
    }
    return wrongInput("no condition: `" + join(words, " ") + "`", kForms);
}

}  // namespace

Result<Condition> parseCondition(std::string_view text, const Dialects& dialects) {
    Result<std::vector<std::string>> split = splitTemplateWords(text);
    if (!split.ok()) return split.error();
    std::vector<std::string> words = std::move(split).value();
    Condition condition;
    while (!words.empty() && words.front() == "not") {
        condition.negated = !condition.negated;
        words.erase(words.begin());
    }
    for (const std::string& word : words) {
        const bool glued = word.size() > 2 && (word.find("==") != std::string::npos || word.find("!=") == 0 ||
                                               word.find("}}!=") != std::string::npos);
        if (glued) return wrongInput("`" + word + "` is one word", "put blanks around == and !=");
    }
    if (words.size() == 1 && (words[0] == "true" || words[0] == "false" || isTemplate(words[0]))) {
        condition.left = words[0];
        return condition;
    }
    if (words.size() == 3 && (words[1] == "==" || words[1] == "!=")) {
        condition.kind = words[1] == "==" ? Condition::Kind::Equal : Condition::Kind::NotEqual;
        condition.left = words[0];
        condition.right = words[2];
        return condition;
    }
    if (const std::string word = foreignOperator(words); !word.empty()) {
        return wrongInput("`" + word + "` compares or joins nothing here",
                          "write A == B or A != B; conditions that must all hold are items of a list");
    }
    const bool check = !words.empty() && !isTemplate(words.front()) && dialects.findCheck(words.front()) != nullptr;
    const bool oneWord = words.size() < 2 && !check && (words.empty() || words.front().find('-') == std::string::npos);
    if (oneWord || isTemplate(words.front())) return conditionError(words);
    Result<Check> named = checkFromWords(words, dialects);
    if (!named.ok()) return named.error();
    condition.kind = Condition::Kind::System;
    condition.check = std::move(named).value();
    return condition;
}

std::string phraseCheck(const Check& check) {
    if (check.phrase.empty()) return check.text();
    std::string out;
    for (std::size_t i = 0; i < check.phrase.size(); ++i) {
        const bool slot = i + 2 < check.phrase.size() && check.phrase[i] == '{' && check.phrase[i + 2] == '}';
        const auto index = static_cast<std::size_t>(slot ? check.phrase[i + 1] - '0' : 0);
        if (slot && index < check.arguments.size()) {
            out += check.arguments[index];
            i += 2;
        } else {
            out += check.phrase[i];
        }
    }
    return out;
}

std::string checksTable(const Dialects& dialects) {
    std::string out = "| check | true means |\n|---|---|\n";
    for (const CheckSpec* spec : dialects.checks()) {
        out += "| `" + usageOf(*spec) + "` | " + std::string(spec->meaning) + " |\n";
    }
    return out;
}

}  // namespace tributary::runbooks
