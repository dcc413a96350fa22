// The table of keys, of types and of filters.
#include "runbooks/model/runbookkeys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

constexpr std::string_view kRequired = "required";

RunbookPart book() {
    return {"a runbook",
            "the file",
            {{"runbook", "identifier", kRequired, "its name: lower case, digits and dashes, a letter first"},
             {"title", "text", kRequired, "what is true when it has run"},
             {"why", "text", "none", "for whoever reads it"},
             {"system", "word", kRequired, "maprdb, tarantool or voltdb: whose commands `do` holds"},
             {"docs", "text", "none", "where it is documented"},
             {"parameters", "{NAME: parameter}", "none", "values that are given with --set NAME=VALUE"},
             {"requires", "CHECK or list", "none", "all must be true before the first step"},
             {"invariants", "CHECK or list", "none", "must not become false while the run lasts"},
             {"steps", "list of steps", kRequired, "carried out in this order"}}};
}

RunbookPart parameter() {
    return {"a parameter",
            "parameters: NAME: {...}",
            {{"type", "type", kRequired, "one of the types below"},
             {"title", "text", "none", "one line for whoever gives the value"},
             {"default", "text", "the parameter is required",
              "used when no value is given; may use parameters above it; \"\" makes it one that may be missing"},
             {"required", "flag", "true without a default", "need not be written"},
             {"example", "text", "none", "a value, shown where one is missing"},
             {"values", "[VALUE, ...]", "required for enum", "of the type enum: all there are"}}};
}

RunbookPart step() {
    return {"a step",
            "steps: - id: ...",
            {{"id", "identifier", kRequired, "unique; options and journals name the step by it"},
             {"title", "text", kRequired, "one line"},
             {"why", "text", "none", "for whoever reads it"},
             {"target", "text or list", "none", "what it acts on, for displays"},
             {"when", "CONDITION or list", "always", "all must hold, else the step is left out, with the reason"},
             {"done-when", "CHECK or list", "never", "all true: there is nothing to do; asked before acting"},
             {"requires", "CHECK or list", "none", "all must be true before acting, else the run stops"},
             {"do", "COMMAND or list", "-", "commands of the system, in order; needs verify, and undo or irreversible"},
             {"human", "text", "-", "instead of do: an instruction; a person confirms that it is done"},
             {"ask", "text", "-", "instead of do: a question; yes goes on, no fails the step"},
             {"wait", "duration", "-", "instead of do: time that passes; needs no verify"},
             {"verify", "CHECK, clause or list", "none", "what must become true, or stay so, because of the step"},
             {"undo", "COMMAND or list, or none", "-",
              "takes the step back, with do, human or ask; the word none: there is nothing to undo"},
             {"irreversible", "text", "-", "instead of undo: why not; ends an undo there"},
             {"repeatable", "flag", "false",
              "running it twice is harmless: a lost answer means run again; only with do or undo"},
             {"timeout", "duration", "60s", "of each command; only with do or undo"},
             {"retry", "{...}", "no retry", "tries a failed command again; only with do or undo"},
             {"on-failure", "word", "abort", "abort, continue, pause (ask a person) or compensate (undo the run)"},
             {"approval", "true, text or {...}", "none",
              "a person must say yes before it acts; a deletion wants its name typed unless this is given (false: "
              "unasked)"},
             {"safe-to-stop", "flag", "true", "false: a request to stop waits for the step after it"},
             {"enabled", "flag", "true", "false: left out, and shown in reports; needs disabled-because"},
             {"disabled-because", "text", "-", "why it is not enabled"},
             {"expect", "text", "none", "what a person will see meanwhile"},
             {"docs", "text", "none", "where it is documented; shown when a requirement is not met"}}};
}

RunbookPart command() {
    return {"a command",
            "do: - {...}, instead of a text",
            {{"run", "text", kRequired, "the command"},
             {"done-when", "CHECK", "none", "tells whether this command had its effect when its answer was lost"}}};
}

RunbookPart verifyClause() {
    return {
        "a verify clause",
        "verify: {...}",
        {{"becomes", "CHECK", "-", "must become true"},
         {"stays", "CHECK", "-",
          "or instead: must be true at every look, from before the commands on; for what must not break, not for what "
          "the step brings about"},
         {"within", "duration", "30s", "with becomes: how long it may take"},
         {"for", "duration", "once", "with stays: how long it is watched after every becomes is true"},
         {"interval", "duration", "500ms", "between two looks"}}};
}

RunbookPart retry() {
    return {"a retry policy",
            "retry: {...}",
            {{"attempts", "integer 1 to 100", kRequired, "runs of a command in all"},
             {"on", "word or list", "[transient, unreachable]",
              "transient (the state forbids it now), unreachable, timeout"},
             {"delay", "duration", "1s", "before the second try; doubles each time"}}};
}

RunbookPart approval() {
    return {"an approval",
            "approval: {...}",
            {{"text", "text", "the title", "what is asked; at least one of the two keys"},
             {"type-the-name", "text", "none",
              "a word that must be typed; --yes does not answer it, --approve STEP=WORD does"}}};
}

/// What `tell` says of how each system names its datasets, each once.
std::string ofEachSystem(const Dialects& dialects, std::string (*tell)(const DatasetWords&)) {
    std::vector<std::string> told;
    for (const std::string& system : dialects.systems()) {
        const std::string text = tell(dialects.of(system).datasets());
        if (!text.empty() && std::find(told.begin(), told.end(), text) == told.end()) told.push_back(text);
    }
    return join(told, ", or ");
}

}  // namespace

const std::vector<RunbookPart>& runbookParts() {
    static const std::vector<RunbookPart> kParts{book(),         parameter(), step(),    command(),
                                                 verifyClause(), retry(),     approval()};
    return kParts;
}

std::vector<std::string> runbookKeyNames(std::string_view thing) {
    std::vector<std::string> names;
    for (const RunbookPart& part : runbookParts()) {
        if (part.thing != thing) continue;
        for (const RunbookKey& key : part.keys) names.emplace_back(key.key);
    }
    assert(!names.empty());
    return names;
}

std::string parameterTypeMeaning(ParameterType type, const Dialects& dialects) {
    switch (type) {
        case ParameterType::Dataset:
            return ofEachSystem(dialects, [](const DatasetWords& datasets) {
                return fmt::format("{}: {}", datasets.kinds, datasets.form);
            });
        case ParameterType::Path: return "an absolute path, whether or not something is there";
        case ParameterType::Cluster: return "the name of a cluster";
        case ParameterType::Family: return "the name of a column family";
        case ParameterType::Columns: return "family,family:qualifier without blanks";
        case ParameterType::Duration: return "500ms, 30s, 5m, 2h, 1d";
        case ParameterType::Bytes: return "512, 64KB, 4MB, 2GB (1 KB is 1024)";
        case ParameterType::Enum: return "one of `values`";
        case ParameterType::Text: return "any one line";
        case ParameterType::Integer: return "a whole number";
        case ParameterType::Bool: return "true or false";
        case ParameterType::Secret: return "a reference file:/PATH to a file; never the secret itself";
    }
    return {};
}

const std::vector<FilterSpec>& filterTable() {
    static const std::vector<FilterSpec> kFilters{
        {"cluster", "{{x | cluster}}", {}},
        {"name", "{{x | name}}", "the last part of a path"},
        {"parent", "{{x | parent}}", "a path without its last part"},
        {"lower", "{{x | lower}}", "in lower case"},
        {"upper", "{{x | upper}}", "in upper case"},
        {"option", "{{x | option -columns}}", "-columns VALUE, or nothing when the value is empty; in commands only"},
        {"file", "{{x | file}}", "the path of a secret"},
    };
    return kFilters;
}

std::string filterMeaning(const FilterSpec& filter, const Dialects& dialects) {
    if (!filter.meaning.empty()) return std::string(filter.meaning);
    return ofEachSystem(dialects, [](const DatasetWords& datasets) { return std::string(datasets.clusterPart); });
}

}  // namespace tributary::runbooks
