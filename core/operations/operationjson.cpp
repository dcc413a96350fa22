// Operations and outcomes to and from JSON.
#include "core/operations/operationjson.h"

#include <fmt/format.h>

#include "core/operations/schema.h"

namespace tributary {
namespace {

using Json = nlohmann::ordered_json;

Error shape(std::string what, std::string where) {
    return Error{ErrorCode::InvalidInput, std::move(what), std::move(where), {}};
}

Status readParams(const Json& params, std::map<std::string, std::string>& raw) {
    if (!params.is_object()) return shape("is not an object", "params");
    for (const auto& [name, value] : params.items()) {
        if (!value.is_string()) return shape("is not a string", "params." + name);
        // The members of the same names carry these; a second way in would let them contradict.
        if (name == "cluster" || name == "json") return shape("is no parameter", "params." + name);
        raw.emplace(name, value.get<std::string>());
    }
    return okStatus();
}

Result<std::vector<std::string>> readTexts(const Json& array, const std::string& where) {
    if (!array.is_array()) return shape("is not an array", where);
    std::vector<std::string> texts;
    for (const Json& text : array) {
        if (!text.is_string()) return shape("holds something else than strings", where);
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Status readOutcomeMember(const std::string& name, const Json& value, Outcome& out) {
    if (name == "rows") {
        if (!value.is_array()) return shape("is not an array", name);
        for (const Json& row : value) {
            if (!row.is_object()) return shape("holds something else than objects", name);
        }
        out.rows = value;
        return okStatus();
    }
    if (name == "lines" || name == "warnings") {
        Result<std::vector<std::string>> texts = readTexts(value, name);
        if (!texts) return texts.error();
        (name == "lines" ? out.lines : out.warnings) = std::move(*texts);
        return okStatus();
    }
    if (name != "total") return shape("is not known", name);
    if (!value.is_number_integer()) return shape("is not a whole number", name);
    out.total = value.get<int>();
    return okStatus();
}

}  // namespace

Json operationToJson(const Operation& operation) {
    Json document = {{"verb", verbName(operation.verb)}, {"params", Json::object()}};
    for (const auto& [name, value] : operation.params) document["params"][name] = value;
    if (!operation.cluster.empty()) document["cluster"] = operation.cluster;
    if (operation.json) document["json"] = true;
    return document;
}

Result<Operation> operationFromJson(const Json& document) {
    if (!document.is_object()) return shape("an operation is an object", {});
    std::map<std::string, std::string> raw;
    std::string verbText;
    for (const auto& [name, value] : document.items()) {
        if (name == "params") {
            if (Status status = readParams(value, raw); !status) return status.error();
        } else if (name == "json") {
            if (!value.is_boolean()) return shape("is neither true nor false", name);
            if (value.get<bool>()) raw.emplace(name, "true");
        } else if (name == "verb" || name == "cluster") {
            if (!value.is_string()) return shape("is not a string", name);
            if (name == "verb") {
                verbText = value.get<std::string>();
            } else {
                raw.emplace(name, value.get<std::string>());
            }
        } else {
            return shape("is not known", name);
        }
    }
    const Result<Verb> verb = verbFromName(verbText);
    if (!verb) return verb.error();
    return makeOperation(verb.value(), raw);
}

Json outcomeToJson(const Outcome& outcome) {
    Json document = {{"rows", outcome.rows}};
    if (!outcome.lines.empty()) document["lines"] = outcome.lines;
    if (!outcome.warnings.empty()) document["warnings"] = outcome.warnings;
    document["total"] = outcome.total;
    return document;
}

Result<Outcome> outcomeFromJson(const Json& document) {
    if (!document.is_object()) return shape("an outcome is an object", {});
    Outcome out;
    for (const auto& [name, value] : document.items()) {
        if (Status status = readOutcomeMember(name, value, out); !status) return status.error();
    }
    return out;
}

}  // namespace tributary
