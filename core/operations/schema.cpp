// Lookup in the schema, and the validation of whole operations.
#include "core/operations/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/text.h"
#include "core/operations/schemaparts.h"
#include "core/operations/values.h"

namespace tributary {
namespace {

std::vector<VerbSpec> buildAll() {
    std::vector<VerbSpec> all;
    for (auto* part : {&schema::tableVerbs, &schema::edgeVerbs, &schema::clusterVerbs, &schema::toolVerbs,
                       &schema::streamVerbs, &schema::instanceVerbs, &schema::databaseVerbs}) {
        for (VerbSpec& spec : part()) all.push_back(std::move(spec));
    }
    std::sort(all.begin(), all.end(), [](const VerbSpec& a, const VerbSpec& b) { return a.verb < b.verb; });
    assert(all.size() == kVerbCount);
    return all;
}

Error unknownOption(const VerbSpec& spec, const std::string& name) {
    std::vector<std::string> known;
    for (const ParamSpec& param : spec.params) known.push_back(param.name);
    if (spec.takesGlobals) known.insert(known.end(), {"cluster", "json"});
    const std::string near = nearest(name, known);
    Error error{ErrorCode::InvalidInput, fmt::format("'{}' has no option -{}", spec.name, name), "-" + name, {}};
    if (!near.empty()) {
        error.fix = fmt::format("did you mean -{}?", near);
    } else if (known.empty()) {
        error.fix = "leave it out: there are no options";
    } else {
        error.fix = fmt::format("use one of -{}", join(known, ", -"));
    }
    return error;
}

Status readGlobal(const std::string& name, const std::string& value, MakeOptions options, CheckedOperation& out) {
    ParamSpec spec;
    spec.name = name;
    spec.type = name == "json" ? ParamType::Bool : ParamType::Text;
    Result<std::string> canonical = canonicalValue(spec, value, options, out.warnings);
    if (!canonical) return canonical.error();
    if (name == "json") {
        out.operation.json = *canonical == "true";
    } else {
        out.operation.cluster = *canonical;
    }
    return okStatus();
}

Status checkPresence(const VerbSpec& spec, const Operation& operation) {
    std::vector<std::string> missing;
    for (const ParamSpec& param : spec.params) {
        if (param.required && !operation.has(param.name)) missing.push_back("-" + param.name);
    }
    if (missing.empty()) return okStatus();
    return Error{ErrorCode::InvalidInput, fmt::format("'{}' needs {}", spec.name, join(missing, " and ")),
                 missing.front(), fmt::format("add {} <value>", join(missing, " <value> "))};
}

// What one option says about another (maprdb.md section 1.4, "Constraints", and section 3).
Status checkTogether(const Operation& operation) {
    const bool reuses = operation.flag("useexistingreplica");
    if (reuses && !operation.flag("directcopy", true)) {
        return Error{ErrorCode::InvalidInput, "-useexistingreplica works only with -directcopy true",
                     "-useexistingreplica", "leave -directcopy out, or create the edge with replica add"};
    }
    if (reuses && operation.flag("multimaster")) {
        return Error{ErrorCode::InvalidInput, "-multimaster cannot be used with a replica that exists already",
                     "-multimaster", "leave -multimaster out and add the way back with replica add"};
    }
    if (operation.verb == Verb::TableCreate && !operation.has("copymetafrom")) {
        const bool json = operation.text("tabletype") == "json";
        const std::string_view kind = json ? "JSON" : "binary";
        for (const char* name : {"defaulttraverseperm", "defaultversionperm", "defaultappendperm"}) {
            const bool ofJson = std::string_view(name) == "defaulttraverseperm";
            if (!operation.has(name) || ofJson == json) continue;
            return Error{ErrorCode::InvalidInput, fmt::format("a {} table has no {}", kind, name),
                         fmt::format("-{}", name),
                         ofJson ? "add -tabletype json, or leave it out" : fmt::format("leave -{} out", name)};
        }
    }
    if (operation.has("starttime") && operation.has("endtime") &&
        operation.integer("starttime") >= operation.integer("endtime", 1) &&
        !isPlaceholder(operation.text("starttime")) && !isPlaceholder(operation.text("endtime"))) {
        return Error{ErrorCode::InvalidInput, "-starttime is not before -endtime, so no cell lies between",
                     "-starttime", "swap the two times"};
    }
    return okStatus();
}

}  // namespace

const std::vector<VerbSpec>& allVerbSpecs() {
    static const std::vector<VerbSpec> kAll = buildAll();
    return kAll;
}

const VerbSpec& specOf(Verb verb) {
    return allVerbSpecs().at(static_cast<std::size_t>(verb));
}

const ParamSpec* VerbSpec::find(std::string_view paramName) const {
    const auto found = std::find_if(params.begin(), params.end(),
                                    [paramName](const ParamSpec& param) { return param.name == paramName; });
    return found == params.end() ? nullptr : &*found;
}

Result<Verb> verbFromName(std::string_view name) {
    std::vector<std::string> names;
    for (const VerbSpec& spec : allVerbSpecs()) {
        if (spec.name == name) return spec.verb;
        names.push_back(spec.name);
    }
    const std::string near = nearest(name, names);
    return Error{ErrorCode::NotFound,
                 fmt::format("there is no operation '{}'", name),
                 {},
                 near.empty() ? std::string() : fmt::format("did you mean '{}'?", near)};
}

Result<CheckedOperation> checkOperation(Verb verb, const std::map<std::string, std::string>& raw, MakeOptions options) {
    const VerbSpec& spec = specOf(verb);
    CheckedOperation out;
    out.operation.verb = verb;
    std::vector<std::string> seen;
    for (const auto& [rawName, rawValue] : raw) {
        const std::string name = toLower(rawName);
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            return Error{ErrorCode::InvalidInput, fmt::format("option -{} is given twice", name), "-" + name,
                         "keep one of the two"};
        }
        seen.push_back(name);
        const ParamSpec* param = spec.find(name);
        if (param == nullptr && spec.takesGlobals && (name == "cluster" || name == "json")) {
            if (Status status = readGlobal(name, rawValue, options, out); !status) return status.error();
            continue;
        }
        if (param == nullptr) return unknownOption(spec, name);
        if (!param->notCarried.empty()) {
            return Error{ErrorCode::Unsupported, fmt::format("-{} {}", name, param->notCarried), "-" + name,
                         fmt::format("leave -{} out", name)};
        }
        Result<std::string> value = canonicalValue(*param, rawValue, options, out.warnings);
        if (!value) return value.error();
        out.operation.params.emplace(name, std::move(*value));
    }
    if (Status status = checkPresence(spec, out.operation); !status) return status.error();
    if (Status status = checkTogether(out.operation); !status) return status.error();
    return out;
}

Result<Operation> makeOperation(Verb verb, const std::map<std::string, std::string>& raw, MakeOptions options) {
    Result<CheckedOperation> checked = checkOperation(verb, raw, options);
    if (!checked) return checked.error();
    return std::move(checked->operation);
}

std::string effectiveText(const Operation& operation, std::string_view name) {
    const ParamSpec* param = specOf(operation.verb).find(name);
    return operation.text(name, param == nullptr ? std::string_view() : std::string_view(param->fallback));
}

}  // namespace tributary
