// Recorded values of tables, families, replicas and gateways.
#include "app/adapters/enginestatechecks.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>

#include "app/adapters/enginestreamchecks.h"
#include "app/adapters/onlyhere.h"
#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/topology/ace.h"
#include "engine/admin/tableadmincopymeta.h"

namespace tributary::app {
namespace statechecks {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::ClusterCalls;
using engine::maprdb::flagOf;
using engine::maprdb::numberOf;
using engine::maprdb::TableDescription;
using engine::maprdb::textOf;
using runbooks::CheckOutcome;
using runbooks::CheckVerdict;
using Answer = Result<CheckOutcome>;
using Arguments = std::vector<std::string>;

CheckOutcome say(bool holds, std::string evidence) {
    return {holds ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

std::string aceText(const std::string& text) {
    const Result<Ace> parsed = parseAce(text);
    return parsed ? parsed->text() : text;
}

CheckOutcome has(const std::string& what, const std::string& now, const std::string& wanted) {
    return say(now == wanted, fmt::format("{} is {}", what, now.empty() ? "''" : now));
}

Answer withTable(ClusterCalls& calls, const Arguments& given,
                 const std::function<Answer(const TableDescription&)>& test) {
    const Result<std::string> path = calls.fullPath(given[0], {}, "argument 1");
    if (!path) return path.error();
    const auto table = calls.findDataset(*path);
    if (!table) return table.error();
    if (!table->has_value()) return say(false, fmt::format("there is no {}", given[0]));
    return test(**table);
}

Answer datasetIs(ClusterCalls& calls, const Arguments& given) {
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const std::string uuid = table.record.uuid.text();
        return say(uuid == given[1], fmt::format("{} has uuid {}", given[0], uuid));
    });
}

Answer tableHas(ClusterCalls& calls, const Arguments& given) {
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const std::string& option = given[1];
        const std::string what = fmt::format("{} of {}", option, given[0]);
        if (!option.ends_with("perm")) {
            const std::string now = option == "bulkload" ? (table.record.bulkload() ? "true" : "false")
                                                         : engine::maprdb::attributeOf(table.record, option);
            return has(what, now, given[2]);
        }
        const auto at = table.record.perms.find(option);
        return has(what, at == table.record.perms.end() ? std::string() : aceText(at->second), aceText(given[2]));
    });
}

std::string familyOption(const engine::maprdb::FamilyRecord& family, const std::string& option) {
    if (option == "maxversions") return std::to_string(family.maxVersions);
    if (option == "minversions") return std::to_string(family.minVersions);
    if (option == "ttl") return std::to_string(family.ttlSeconds);
    if (option == "inmemory") return family.inMemory ? "true" : "false";
    if (option == "compression") return family.compression;
    const auto at = family.perms.find(option);
    return at == family.perms.end() ? std::string() : aceText(at->second);
}

Answer familyHas(ClusterCalls& calls, const Arguments& given) {
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const engine::maprdb::FamilyRecord* family = table.record.family(given[1]);
        if (family == nullptr) return say(false, fmt::format("{} has no family {}", given[0], given[1]));
        const std::string wanted = given[2].ends_with("perm") ? aceText(given[3]) : given[3];
        return has(fmt::format("{} of family {} of {}", given[2], given[1], given[0]), familyOption(*family, given[2]),
                   wanted);
    });
}

std::string columnsOf(const std::string& text) {
    return text.empty() ? text : printColumns(parseColumns(text).valueOr(ColumnList{}));
}

Answer replicaHas(ClusterCalls& calls, const Arguments& given) {
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const Result<std::string> to = calls.fullPath(given[1], {}, "argument 2");
        if (!to) return to.error();
        const engine::ReplicaRecord* replica = table.record.replicaByPath(*to);
        if (replica == nullptr)
            return say(false, fmt::format("{} does not record {} as its replica", given[0], given[1]));
        const std::string& option = given[2];
        const auto word = [](bool flag) { return std::string(flag ? "true" : "false"); };
        const std::string now = option == "columns"             ? columnsOf(replica->projection)
                                : option == "paused"            ? word(replica->paused)
                                : option == "synchronous"       ? word(replica->synchronous)
                                : option == "throttle"          ? word(replica->throttle)
                                : option == "networkencryption" ? word(replica->networkEncryption)
                                                                : replica->compression;
        return has(fmt::format("{} of {} to {}", option, given[0], given[1]), now,
                   option == "columns" ? columnsOf(given[3]) : given[3]);
    });
}

Result<std::int64_t> bound(const Arguments& given) {
    char* end = nullptr;
    const std::int64_t number = std::strtoll(given[2].c_str(), &end, 10);
    if (!given[2].empty() && *end == '\0' && number >= 0) return number;
    return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no number of rows", given[2]), {}, {}};
}

std::string familyOf(const Arguments& given) {
    return given[1] == "*" ? std::string() : given[1];
}

Answer onlyHere(ClusterCalls& calls, const Arguments& given) {
    const Result<std::int64_t> most = bound(given);
    if (!most) return most.error();
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const OnlyHere found = countOnlyHere(calls, table, familyOf(given), {});
        if (found.onlyHere < 0) return Error{ErrorCode::Unavailable, found.problem, {}, {}};
        std::string evidence = fmt::format("{} rows of {} exist nowhere else", found.onlyHere, given[0]);
        if (!found.keys.empty()) evidence += ": " + join(found.keys, ", ");
        return say(found.onlyHere <= *most, std::move(evidence));
    });
}

Answer rowsAtMost(ClusterCalls& calls, const Arguments& given) {
    const Result<std::int64_t> most = bound(given);
    if (!most) return most.error();
    return withTable(calls, given, [&](const TableDescription& table) -> Answer {
        const std::string& path = table.record.path;
        if (engine::maprdb::isStream(table.record)) {
            const auto messages = static_cast<std::int64_t>(table.rows);
            return say(messages <= *most, fmt::format("{} holds at most {} messages", given[0], messages));
        }
        const Json body{
            {"path", path}, {"from", ""}, {"to", ""}, {"columns", familyOf(given)}, {"rowsperrange", 65'536}};
        const Result<Json> answer =
            calls.callAt(path, engine::maprdb::TableMethod::Fingerprint, body, engine::maprdb::kDataCallTimeoutMs);
        if (!answer) return answer.error();
        std::int64_t rows = 0;
        for (const Json& range : answer->value("ranges", Json::array())) rows += numberOf(range, "rows");
        return say(rows <= *most, fmt::format("{} holds {} rows", given[0], rows));
    });
}

Answer gatewayOpen(ClusterCalls& calls, const Arguments& given) {
    const Result<Json> info = calls.call(given[0], Method::GatewayInfo, Json::object());
    if (!info) return info.error();
    for (const Json& gateway : info->value("local", Json::array())) {
        if (textOf(gateway, "name") != given[1]) continue;
        const bool runs = flagOf(gateway, "running");
        return say(runs, fmt::format("{} {}", given[1], runs ? "runs" : "is stopped"));
    }
    return say(false, fmt::format("{} has no gateway {}", given[0], given[1]));
}

Answer gatewaysSet(ClusterCalls& calls, const Arguments& given) {
    const Result<Json> info = calls.call(given[0], Method::GatewayInfo, Json::object());
    if (!info) return info.error();
    std::vector<std::string> names;
    const Json set = info->value("set", Json::object());
    if (const auto at = set.find(given[1]); at != set.end()) {
        for (const Json& name : *at) {
            if (name.is_string()) names.push_back(name.get<std::string>());
        }
    }
    return has(fmt::format("what {} has recorded for {}", given[0], given[1]), join(names, " "), given[2]);
}

using Function = Answer (*)(ClusterCalls&, const Arguments&);

const std::map<std::string, Function>& functions() {
    static const std::map<std::string, Function> kFunctions{
        {"dataset-is", datasetIs},     {"table-has", tableHas},       {"family-has", familyHas},
        {"replica-has", replicaHas},   {"only-here", onlyHere},       {"rows-at-most", rowsAtMost},
        {"gateway-open", gatewayOpen}, {"gateways-set", gatewaysSet}, {"topic-exists", topicExists},
        {"topics-apart", topicsApart}};
    return kFunctions;
}

}  // namespace
}  // namespace statechecks

bool isStateCheck(const std::string& name) {
    return statechecks::functions().count(name) > 0;
}

Result<CheckOutcome> stateCheck(ClusterCalls& calls, const std::string& name,
                                const std::vector<std::string>& arguments) {
    return statechecks::functions().at(name)(calls, arguments);
}

}  // namespace tributary::app
