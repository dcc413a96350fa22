// The table of checks and the reading of one.
#include "runbooks/model/checks.h"

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/model/templatewords.h"

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

/// The options that NAME-has knows: what it does not know is never as wished, and a slip must not look like a no.
const std::vector<std::string>& allowedOptions(std::string_view check) {
    static const std::vector<std::string> kTable{"deletettl",          "bulkload",
                                                 "autosplit",          "audit",
                                                 "regionsizemb",       "metricsinterval",
                                                 "packperm",           "bulkloadperm",
                                                 "splitmergeperm",     "createrenamefamilyperm",
                                                 "deletefamilyperm",   "adminaccessperm",
                                                 "replperm",           "indexperm",
                                                 "defaultversionperm", "defaultcompressionperm",
                                                 "defaultmemoryperm",  "defaultreadperm",
                                                 "defaultwriteperm",   "defaultappendperm",
                                                 "defaulttraverseperm"};
    static const std::vector<std::string> kFamily{
        "maxversions", "minversions", "ttl",        "inmemory",   "compression",    "versionperm",
        "readperm",    "writeperm",   "appendperm", "memoryperm", "compressionperm"};
    static const std::vector<std::string> kReplica{
        "columns", "paused", "synchronous", "throttle", "networkencryption", "networkcompression"};
    if (check == "family-has") return kFamily;
    return check == "replica-has" ? kReplica : kTable;
}

Result<Check> checkFromWords(const std::vector<std::string>& words) {
    if (words.empty()) return wrongInput("a check is empty", "name one, such as dataset-exists {{source}}");
    const CheckSpec* spec = findCheck(words.front());
    if (spec == nullptr) {
        std::vector<std::string> names;
        for (const CheckSpec& known : checkVocabulary()) names.emplace_back(known.name);
        const std::string near = nearest(words.front(), names);
        return wrongInput("unknown check `" + words.front() + "`",
                          near.empty() ? "`help checks` lists the vocabulary" : "did you mean `" + near + "`?");
    }
    Check check{words.front(), {words.begin() + 1, words.end()}, {}};
    if (check.arguments.size() != spec->arguments.size()) {
        return wrongInput("check `" + check.name + "` takes " + std::to_string(spec->arguments.size()) +
                              " argument(s), not " + std::to_string(check.arguments.size()),
                          "write: " + usageOf(*spec));
    }
    for (std::size_t i = 0; i < check.arguments.size(); ++i) {
        const bool option = spec->arguments[i] == "OPTION";
        const auto& allowed = option ? allowedOptions(check.name) : allowedArgumentValues(spec->arguments[i]);
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

const std::vector<CheckSpec>& checkVocabulary() {
    static const std::vector<CheckSpec> kChecks{
        {"dataset-exists", {"P"}, "a dataset lies at path P", "{0} exists"},
        {"dataset-absent", {"P"}, "nothing lies at path P, and its cluster answered", "{0} does not exist"},
        {"same-metadata",
         {"A", "B"},
         "families and attributes of A and B are equal",
         "{0} and {1} have equal metadata"},
        {"replica-listed", {"S", "R"}, "S records R as its replica", "{1} is listed as a replica of {0}"},
        {"replica-absent", {"S", "R"}, "S does not record R as its replica", "{1} is not listed as a replica of {0}"},
        {"replica-paused",
         {"S", "R"},
         "the replica record at S exists and is paused",
         "replication from {0} to {1} is paused"},
        {"upstream-listed", {"R", "S"}, "R records S as its upstream", "{1} is listed as an upstream of {0}"},
        {"upstream-absent",
         {"R", "S"},
         "R does not record S as its upstream",
         "{1} is not listed as an upstream of {0}"},
        {"upstream-and-replica",
         {"S", "R"},
         "both records of the agreement exist and name each other's identity",
         "{0} and {1} have both agreed to replicate from the first to the second"},
        {"link-state", {"S", "R", "STATE"}, "the link from S to R is in STATE", "the link from {0} to {1} is {2}"},
        {"link-healthy",
         {"S", "R"},
         "replicating, not paused and without error",
         "replication from {0} to {1} runs without error"},
        {"caught-up",
         {"S", "R"},
         "R has applied all that S wrote since it records R as its replica, up to the question, and the link is not "
         "paused; "
         "rows from before come by autosetup, CopyTable or load, and same-data looks at every row",
         "{1} has caught up with {0}"},
        {"same-data",
         {"A", "B"},
         "every row of A and B is equal, compared now; flaps while clients write",
         "{0} and {1} hold equal data"},
        {"family-exists", {"P", "F"}, "dataset P has column family F", "{0} has the column family {1}"},
        {"family-absent", {"P", "F"}, "dataset P exists and has no column family F", "{0} has no column family {1}"},
        {"replicates-family",
         {"S", "R", "F"},
         "what S sends to R includes family F",
         "the column family {2} is replicated from {0} to {1}"},
        {"whole-table", {"S", "R"}, "S sends R every column", "the whole table is replicated from {0} to {1}"},
        {"subset",
         {"S", "R"},
         "S sends R only named families or columns",
         "a subset of columns is replicated from {0} to {1}"},
        {"readable", {"P"}, "the acting user can read P now", "{0} can be read"},
        {"writable", {"P"}, "the acting user can write P now", "{0} can be written"},
        {"has-permission", {"P", "PERM"}, "the acting user holds PERM on P", "the acting user has {1} on {0}"},
        {"gateways-reachable",
         {"FROMCLUSTER", "TOCLUSTER"},
         "a gateway of TOCLUSTER answers FROMCLUSTER",
         "{0} reaches a gateway of {1}"},
        {"not-in-bulkload", {"P"}, "P takes normal operations", "{0} is not in bulk load mode"},
        {"no-alarm", {"CLUSTER", "ALARM"}, "ALARM is not raised in CLUSTER", "alarm {1} is not raised in {0}"},
        {"dataset-is",
         {"P", "UUID"},
         "the dataset at path P has this identity: nobody made another in its place",
         "{0} is the dataset with uuid {1}"},
        {"table-has",
         {"P", "OPTION", "VALUE"},
         "table P has VALUE for an option of table edit: deletettl (seconds), bulkload, a permission",
         "{0} has {1} {2}"},
        {"family-has",
         {"P", "F", "OPTION", "VALUE"},
         "family F of P has VALUE for an option of table cf edit; a ttl of 0 is for ever",
         "family {1} of {0} has {2} {3}"},
        {"replica-has",
         {"S", "R", "OPTION", "VALUE"},
         "the replica record at S has VALUE for an option of table replica edit, or for paused; columns '' are all",
         "{0} feeds {1} with {2} {3}"},
        {"only-here",
         {"P", "F", "ROWS"},
         "at most ROWS rows of P (with cells in family F; * stands for any) exist nowhere else now",
         "at most {2} rows of {0} exist nowhere else (families: {1})"},
        {"rows-at-most",
         {"P", "F", "ROWS"},
         "P holds at most ROWS rows (with cells in family F; * stands for any)",
         "{0} holds at most {2} rows (families: {1})"},
        {"gateway-open", {"CLUSTER", "GATEWAY"}, "GATEWAY of CLUSTER runs", "gateway {1} of {0} is open"},
        {"gateways-set",
         {"CLUSTER", "TOCLUSTER", "GATEWAYS"},
         "what cluster gateway set recorded in CLUSTER for TOCLUSTER is this list; '' is no record",
         "{0} has the gateways '{2}' recorded for {1}"},
    };
    return kChecks;
}

const CheckSpec* findCheck(std::string_view name) {
    for (const CheckSpec& spec : checkVocabulary()) {
        if (spec.name == name) return &spec;
    }
    return nullptr;
}

const std::vector<std::string>& allowedArgumentValues(std::string_view argumentName) {
    static const std::vector<std::string> kAny;
    static const std::vector<std::string> kPermissions{
        "readperm", "writeperm", "replperm", "bulkloadperm", "createrenamefamilyperm", "adminaccessperm"};
    static const std::vector<std::string> kStates{"replicating",       "paused",      "copying", "scheduled",
                                                  "agreement-missing", "unreachable", "error"};
    if (argumentName == "PERM") return kPermissions;
    return argumentName == "STATE" ? kStates : kAny;
}

Result<Check> parseCheck(std::string_view text) {
    Result<std::vector<std::string>> words = splitTemplateWords(text);
    if (!words.ok()) return words.error();
    return checkFromWords(*words);
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

Result<Condition> parseCondition(std::string_view text) {
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
    const bool check = !words.empty() && !isTemplate(words.front()) && findCheck(words.front()) != nullptr;
    const bool oneWord = words.size() < 2 && !check && (words.empty() || words.front().find('-') == std::string::npos);
    if (oneWord || isTemplate(words.front())) return conditionError(words);
    Result<Check> named = checkFromWords(words);
    if (!named.ok()) return named.error();
    condition.kind = Condition::Kind::System;
    condition.check = std::move(named).value();
    return condition;
}

std::string phraseCheck(const Check& check) {
    const CheckSpec* spec = findCheck(check.name);
    if (spec == nullptr) return check.text();
    std::string out;
    for (std::size_t i = 0; i < spec->phrase.size(); ++i) {
        const bool slot = i + 2 < spec->phrase.size() && spec->phrase[i] == '{' && spec->phrase[i + 2] == '}';
        const auto index = static_cast<std::size_t>(slot ? spec->phrase[i + 1] - '0' : 0);
        if (slot && index < check.arguments.size()) {
            out += check.arguments[index];
            i += 2;
        } else {
            out += spec->phrase[i];
        }
    }
    return out;
}

std::string checksTable() {
    std::string out = "| check | true means |\n|---|---|\n";
    for (const CheckSpec& spec : checkVocabulary()) {
        out += "| `" + usageOf(spec) + "` | " + std::string(spec.meaning) + " |\n";
    }
    return out;
}

}  // namespace tributary::runbooks
