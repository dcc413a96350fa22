// The JSON envelope.
#include <fmt/format.h>

#include <chrono>

#include "runbooks/dialects/maprcli/jsontext.h"
#include "runbooks/dialects/maprcli/output.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::ordered_json;

// Values come from users and other nodes: bytes that are no UTF-8 are shown as U+FFFD instead of throwing.
std::string scalarText(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string tabs(int depth) {
    return std::string(static_cast<std::size_t>(depth), '\t');
}

std::string dataText(const Json& rows) {
    // An empty answer has a blank line between its brackets: scripts count 9 lines.
    return rows.empty() ? "[\n\t\t\n\t]" : jsonText(rows, 1);
}

Json rowsOf(const Operation& op, const Outcome& outcome) {
    if (outcome.lines.empty()) return displayRows(op, outcome);
    Json rows = Json::array();
    for (const std::string& line : outcome.lines) rows.push_back(Json{{"line", line}});
    return rows;
}

}  // namespace

std::string jsonText(const Json& value, int depth) {
    if (!value.is_structured() || value.empty()) return scalarText(value);
    const bool isObject = value.is_object();
    std::string out = isObject ? "{" : "[";
    bool first = true;
    for (const auto& [name, member] : value.items()) {
        out += first ? "\n" : ",\n";
        first = false;
        out += tabs(depth + 1);
        if (isObject) out += scalarText(name) + ":";
        out += jsonText(member, depth + 1);
    }
    out += "\n" + tabs(depth);
    out += isObject ? "}" : "]";
    return out;
}

std::string timeOfDay(Millis utcMs, int tzOffsetMinutes) {
    using namespace std::chrono;
    const sys_time<milliseconds> local{milliseconds(utcMs) + minutes(tzOffsetMinutes)};
    const auto day = floor<days>(local);
    const year_month_day date(day);
    const hh_mm_ss time(local - day);
    const int away = tzOffsetMinutes < 0 ? -tzOffsetMinutes : tzOffsetMinutes;
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03} GMT{}{:02}{:02} {}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       make12(time.hours()).count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count(), tzOffsetMinutes < 0 ? '-' : '+', away / 60, away % 60,
                       is_pm(time.hours()) ? "PM" : "AM");
}

std::string envelopeHead(Millis nowMs, int tzOffsetMinutes, std::string_view status) {
    return fmt::format("{{\n\t\"timestamp\":{},\n\t\"timeofday\":\"{}\",\n\t\"status\":\"{}\",\n", nowMs,
                       timeOfDay(nowMs, tzOffsetMinutes), status);
}

std::string renderJson(const Operation& op, const Outcome& outcome, Millis nowMs, int tzOffsetMinutes) {
    const Json rows = rowsOf(op, outcome);
    const auto total = outcome.lines.empty() ? static_cast<std::size_t>(outcome.total) : rows.size();
    return envelopeHead(nowMs, tzOffsetMinutes, "OK") +
           fmt::format("\t\"total\":{},\n\t\"data\":{}\n}}\n", total, dataText(rows));
}

std::string render(const Operation& op, const Outcome& outcome, Millis nowMs, int tzOffsetMinutes) {
    return op.json ? renderJson(op, outcome, nowMs, tzOffsetMinutes) : renderText(op, outcome);
}

}  // namespace tributary::runbooks
