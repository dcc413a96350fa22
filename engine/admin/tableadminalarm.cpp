// `alarm ...` and `volume modify` (maprdb.md section 1.9).
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "engine/admin/tableadminparts.h"
#include "engine/alarms/alarmboard.h"

namespace tributary::engine::maprdb::admin {
namespace {

// A state may come as a word or as the vendor's number.
bool isRaised(const Json& alarm) {
    const auto state = alarm.find("state");
    if (state == alarm.end()) return true;
    if (state->is_boolean()) return state->get<bool>();
    if (state->is_number()) return state->get<std::int64_t>() != 0;
    const std::string word = state->is_string() ? toLower(state->get<std::string>()) : std::string();
    return word != "cleared" && word != "clear" && word != "0";
}

Json alarmRow(const Json& alarm, bool terse) {
    const auto name = [terse](const char* verbose, const char* brief) { return terse ? brief : verbose; };
    Json row;
    row[name("alarm state", "as")] = 1;
    row[name("description", "ad")] = textOf(alarm, "description");
    row[name("entity", "e")] = textOf(alarm, "entity");
    row[name("alarm name", "an")] = textOf(alarm, "name");
    row[name("alarm statechange time", "ast")] = numberOf(alarm, "raisedms");
    return row;
}

bool matches(const Operation& op, const Json& alarm) {
    if (!isRaised(alarm)) return false;
    if (op.has("alarm") && op.text("alarm") != textOf(alarm, "name")) return false;
    if (op.has("entity") && op.text("entity") != textOf(alarm, "entity")) return false;
    return !op.has("type") || op.text("type") == toLower(textOf(alarm, "type"));
}

Result<Outcome> change(const Command& command, Method method, const Json& body) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Result<Json> done = command.calls.call(*cluster, method, body);
    if (done) return Outcome{};
    const std::string name = textOf(body, "name");
    const auto& names = tributary::engine::alarmNames();
    const bool known =
        name.empty() || std::any_of(names.begin(), names.end(), [&](const auto& one) { return one.first == name; });
    return withFix(done.error(), known ? fmt::format("maprcli alarm list -cluster {}", shellWord(*cluster))
                                       : std::string("maprcli alarm names"));
}

}  // namespace

Result<Outcome> alarmList(const Command& command) {
    const Operation& op = command.op;
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Result<Json> answer = command.calls.call(*cluster, Method::ListAlarms, Json::object());
    if (!answer) return answer.error();
    Outcome outcome;
    std::vector<Json> rows;
    std::map<std::string, int> counts;
    for (const Json& alarm : answer->value("alarms", Json::array())) {
        if (!matches(op, alarm)) continue;
        ++counts[textOf(alarm, "name")];
        rows.push_back(alarmRow(alarm, op.text("output") == "terse"));
    }
    if (op.text("summary") == "1") {
        rows.clear();
        for (const auto& [name, count] : counts) rows.push_back(Json{{"alarm name", name}, {"count", count}});
    }
    const std::int64_t start = op.integer("start");
    const std::int64_t limit = op.integer("limit", INT32_MAX);
    outcome.total = static_cast<int>(rows.size());
    for (std::int64_t i = start; i < outcome.total && i - start < limit; ++i) {
        outcome.rows.push_back(rows[static_cast<std::size_t>(i)]);
    }
    return outcome;
}

Result<Outcome> alarmNames(const Command& command) {
    (void)command;  // the names are the system's, whichever cluster is asked
    Outcome outcome;
    for (const auto& [name, meaning] : tributary::engine::alarmNames()) {
        outcome.add(Json{{"alarm name", std::string(name)}, {"description", std::string(meaning)}});
    }
    return outcome;
}

Result<Outcome> alarmRaise(const Command& command) {
    return change(command, Method::RaiseAlarm,
                  Json{{"name", command.op.text("alarm")},
                       {"entity", command.op.text("entity")},
                       {"description", command.op.text("description")}});
}

Result<Outcome> alarmClear(const Command& command) {
    return change(command, Method::ClearAlarm,
                  Json{{"name", command.op.text("alarm")}, {"entity", command.op.text("entity")}});
}

Result<Outcome> alarmClearAll(const Command& command) {
    return change(command, Method::ClearAlarm, Json{{"name", ""}, {"entity", ""}});
}

Result<Outcome> volumeModify(const Command& command) {
    const Result<std::string> cluster = command.cluster();
    if (!cluster) return cluster.error();
    const Json body{{"volume", command.op.text("name")},
                    {"lagthresholdseconds", command.op.integer("dbrepllagsecalarmthresh")}};
    const Result<Json> done = command.calls.call(*cluster, TableMethod::SetVolume, body);
    if (!done) return withWhere(done.error(), "-name");
    return Outcome{};
}

}  // namespace tributary::engine::maprdb::admin
