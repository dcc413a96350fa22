// The top of a runbook file and its parameters.
#include "runbooks/model/load.h"

#include <algorithm>
#include <filesystem>

#include "core/base/text.h"
#include "core/topology/topology.h"
#include "runbooks/model/checks.h"
#include "runbooks/model/loadparts.h"
#include "runbooks/model/parameters.h"
#include "runbooks/model/runbookkeys.h"
#include "runbooks/model/typecheck.h"

namespace tributary::runbooks {
namespace detail {

bool isIdentifier(std::string_view text) {
    if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

void RunbookReader::knownPlaceholders(const StrictNode& node, std::string_view text) {
    std::vector<std::string> names;
    for (const Parameter& parameter : runbook_.parameters) names.push_back(parameter.name);
    const Status known = checkPlaceholders(text, names);
    if (!known.ok()) reader_.fail(node.pos(), known.error().what, known.error().fix);
    const Status typed = checkFilterTypes(text, runbook_);
    if (!typed.ok()) reader_.fail(node.pos(), typed.error().what, typed.error().fix);
}

void RunbookReader::notEmpty(const StrictNode& list, std::string_view thing) {
    if (list.children.empty()) {
        reader_.fail(list.pos(), "an empty list where " + std::string(thing) + " is expected",
                     "leave the key out, or write what belongs there");
    }
}

std::string RunbookReader::templated(const StrictNode& node, std::string_view thing) {
    std::string text = reader_.text(node, thing);
    if (reader_.ok()) knownPlaceholders(node, text);
    return text;
}

std::string RunbookReader::word(const StrictNode& node, std::string_view thing,
                                const std::vector<std::string>& allowed) {
    std::string text = reader_.text(node, thing);
    if (!reader_.ok() || std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
    const std::string near = nearest(text, allowed);
    reader_.fail(node.pos(), "`" + text + "` is no " + std::string(thing),
                 near.empty() ? "one of: " + join(allowed, ", ") : "did you mean `" + near + "`?");
    return text;
}

void RunbookReader::readDefault(const StrictNode& node, Parameter& parameter) {
    parameter.required = false;
    parameter.defaultText = reader_.anyText(node, "a default");
    if (!reader_.ok()) return;
    knownPlaceholders(node, parameter.defaultText);  // only those declared above are known yet
    if (parameter.defaultText.empty() || parameter.defaultText.find("{{") != std::string::npos) return;
    const Result<std::string> value = canonicalValue(parameter, parameter.defaultText, runbook_.dialects);
    if (!value.ok()) reader_.fail(node.pos(), "the default " + value.error().what, value.error().fix);
}

void RunbookReader::readValues(const StrictNode& node, Parameter& parameter) {
    for (std::string& value : reader_.texts(node, "a value")) {
        auto& known = parameter.allowedValues;
        if (std::find(known.begin(), known.end(), value) != known.end()) {
            reader_.fail(node.pos(), "the value `" + value + "` stands there twice", "leave one out");
        }
        known.push_back(std::move(value));
    }
}

void RunbookReader::readParameter(const StrictNode& node) {
    Parameter parameter;
    parameter.name = node.key;
    parameter.place = node.keyPos();
    if (!isIdentifier(node.key)) {
        reader_.fail(node.keyPos(), "`" + node.key + "` is no parameter name", "use lower case, digits and dashes");
    }
    reader_.map(node, "a parameter", runbookKeyNames("a parameter"));
    if (!reader_.ok()) return;
    if (const StrictNode* type = reader_.require(node, "type", "a parameter")) {
        const Result<ParameterType> parsed = parseParameterType(reader_.text(*type, "a type"));
        if (reader_.ok() && !parsed.ok()) reader_.fail(type->pos(), parsed.error().what, parsed.error().fix);
        if (parsed.ok()) parameter.type = *parsed;
    }
    if (const StrictNode* title = node.find("title")) parameter.title = reader_.text(*title, "a title");
    if (const StrictNode* values = node.find("values")) readValues(*values, parameter);
    if (reader_.ok() && (parameter.type == ParameterType::Enum) == parameter.allowedValues.empty()) {
        reader_.fail(node.keyPos(), "`values` belongs to the type enum, and an enum needs it",
                     "write {type: enum, values: [a, b]}");
    }
    if (const StrictNode* fallback = node.find("default")) readDefault(*fallback, parameter);
    if (const StrictNode* required = node.find("required")) {
        const bool wanted = reader_.boolean(*required, "required");
        if (reader_.ok() && wanted == (node.find("default") != nullptr)) {
            reader_.fail(required->pos(), "a parameter is required exactly when it has no default",
                         "leave out `required`, or use default: \"\" for one that may be missing");
        }
    }
    if (const StrictNode* example = node.find("example")) {
        parameter.example = reader_.text(*example, "an example");
        const Result<std::string> value = canonicalValue(parameter, parameter.example, runbook_.dialects);
        if (reader_.ok() && !value.ok()) reader_.fail(example->pos(), "the example " + value.error().what);
    }
    runbook_.parameters.push_back(std::move(parameter));
}

void RunbookReader::readParameters(const StrictNode& node) {
    if (!reader_.namedMap(node, "parameters")) return;
    for (const StrictNode& child : node.children) readParameter(child);
}

Check RunbookReader::check(const StrictNode& node, std::string_view thing) {
    const std::string text = templated(node, thing);
    if (!reader_.ok()) return {};
    Result<Check> parsed = parseCheck(text, runbook_.dialects);
    if (!parsed.ok()) {
        reader_.fail(node.pos(), parsed.error().what, parsed.error().fix);
        return {};
    }
    if (const Status typed = checkArgumentTypes(*parsed, runbook_); !typed) {
        reader_.fail(node.pos(), typed.error().what, typed.error().fix);
        return {};
    }
    parsed->place = node.pos();
    return std::move(parsed).value();
}

std::vector<Check> RunbookReader::checks(const StrictNode& node, std::string_view thing) {
    std::vector<Check> out;
    if (node.isSequence()) {
        notEmpty(node, thing);
        for (const StrictNode& child : node.children) out.push_back(check(child, thing));
    } else {
        out.push_back(check(node, thing));
    }
    return out;
}

}  // namespace detail

namespace {

/// Those that can be drawn, and those that somebody speaks.
std::vector<std::string> knownSystems(const Dialects& dialects) {
    std::vector<std::string> known = systemNames();
    for (std::string& name : dialects.systems()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(std::move(name));
    }
    return known;
}

}  // namespace

Result<Runbook> parseRunbook(std::string_view text, const std::string& fileName, const Dialects& dialects) {
    const Result<StrictNode> tree = parseStrictYaml(text, fileName);
    if (!tree.ok()) return tree.error();
    const StrictNode& root = *tree;
    StrictReader reader(fileName);
    Runbook runbook;
    runbook.text = text;
    runbook.hash = contentHash(text);
    detail::RunbookReader parts(reader, runbook);
    reader.map(root, "a runbook", runbookKeyNames("a runbook"));
    if (!reader.ok()) return reader.error();
    if (const StrictNode* id = reader.require(root, "runbook", "a runbook")) {
        runbook.id = reader.text(*id, "the runbook's id");
        if (reader.ok() && !detail::isIdentifier(runbook.id)) {
            reader.fail(id->pos(), "`" + runbook.id + "` is no runbook id", "use lower case, digits and dashes");
        }
    }
    if (const StrictNode* system = reader.require(root, "system", "a runbook")) {
        runbook.system = reader.text(*system, "the system");
        const std::vector<std::string> known = knownSystems(dialects);
        if (reader.ok() && std::find(known.begin(), known.end(), runbook.system) == known.end()) {
            reader.fail(system->pos(), "unknown system `" + runbook.system + "`", "one of: " + join(known, ", "));
        }
        runbook.dialects = dialects.of(runbook.system);
    }
    if (const StrictNode* parameters = root.find("parameters")) parts.readParameters(*parameters);
    if (const StrictNode* title = reader.require(root, "title", "a runbook")) {
        runbook.title = parts.templated(*title, "a title");
    }
    if (const StrictNode* why = root.find("why")) runbook.why = parts.templated(*why, "the reason");
    if (const StrictNode* docs = root.find("docs")) runbook.docs = parts.templated(*docs, "a citation");
    if (const StrictNode* node = root.find("requires")) runbook.requirements = parts.checks(*node, "a requirement");
    if (const StrictNode* node = root.find("invariants")) runbook.invariants = parts.checks(*node, "an invariant");
    if (const StrictNode* steps = reader.require(root, "steps", "a runbook")) parts.readSteps(*steps);
    if (!reader.ok()) return reader.error();
    return runbook;
}

Result<Runbook> loadRunbook(const std::string& path, const Dialects& dialects) {
    const Result<std::string> text = readTextFile(path);
    if (!text.ok()) return text.error();
    Result<Runbook> runbook = parseRunbook(*text, path, dialects);
    if (!runbook.ok()) return runbook.error();
    std::error_code unknown;
    const std::filesystem::path file = std::filesystem::absolute(path, unknown);
    if (!unknown) runbook->file = file.lexically_normal().string();
    return runbook;
}

}  // namespace tributary::runbooks
