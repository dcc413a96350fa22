// What clients ask of replication: @Promote, @ResetDR, and its figures.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <climits>

#include "engine/systems/voltdb/host/hostreplication.h"

namespace tributary::engine::voltdb {

namespace {

ColumnType columnTypeOf(StatisticType type) {
    switch (type) {
        case StatisticType::Tinyint: return ColumnType::Tinyint;
        case StatisticType::Integer: return ColumnType::Integer;
        case StatisticType::Bigint: return ColumnType::Bigint;
        case StatisticType::Float: return ColumnType::Float;
        case StatisticType::Varchar: return ColumnType::Varchar;
        case StatisticType::Timestamp: return ColumnType::Timestamp;
    }
    return ColumnType::Varchar;
}

ResultTable tableOf(const DrFigures& figures) {
    ResultTable out;
    out.columns.reserve(figures.table.columns.size());
    for (const StatisticColumn& each : figures.table.columns) {
        out.columns.push_back({std::string(each.name), columnTypeOf(each.type)});
    }
    out.rows.reserve(figures.rows.size());
    for (const std::vector<DrFigure>& row : figures.rows) {
        RowImage cells;
        cells.reserve(row.size());
        for (const DrFigure& each : row) {
            if (const auto* number = std::get_if<std::int64_t>(&each)) {
                cells.emplace_back(*number);
            } else if (const auto* text = std::get_if<std::string>(&each)) {
                cells.emplace_back(*text);
            } else {
                cells.emplace_back();
            }
        }
        out.rows.push_back(std::move(cells));
    }
    return out;
}

VoltAnswer saying(const std::string& text) {
    VoltAnswer out;
    out.text = text;
    out.tables.push_back({{{"STATUS", ColumnType::Bigint}}, {{std::int64_t{0}}}});
    return out;
}

/// Numbers come as numbers, or as the words of a command line.
std::int64_t numberAt(const VoltCall& call, std::size_t at, std::int64_t otherwise) {
    if (at >= call.parameters.size()) return otherwise;
    if (const auto* number = std::get_if<std::int64_t>(&call.parameters[at])) return *number;
    const auto* text = std::get_if<std::string>(&call.parameters[at]);
    std::int64_t number = 0;
    const char* const end = text == nullptr ? nullptr : text->data() + text->size();
    const bool isNumber = text != nullptr && !text->empty() &&
                          std::from_chars(text->data(), end, number) == std::from_chars_result{end, std::errc()};
    return isNumber ? number : otherwise;
}

}  // namespace

void HostReplication::addProcedures() {
    control_.addProcedure("@Promote",
                          [this](const VoltCall&, const VoltControl::Answered& answered) { promote(answered); });
    control_.addProcedure(
        "@ResetDR", [this](const VoltCall& call, const VoltControl::Answered& answered) { reset(call, answered); });
    for (const std::string& selector : statisticSelectors()) {
        control_.addStatistics(selector, [this, selector](const VoltCall& call, const VoltControl::Answered& answered) {
            statistics(selector, call, answered);
        });
    }
}

void HostReplication::promote(const VoltControl::Answered& answered) {
    cluster_.promote(control_.isPaused(), [this, answered](const Result<std::string>& said) {
        if (!said) {
            answered(VoltAnswer::failed(CallStatus::GracefulFailure, said.error().what));
            return;
        }
        control_.settings().role = DrRole::Master;
        answered(saying(*said));
    });
}

/// [cluster, force, all]; -1, 0 and -1 as VoltDB's own command sends them: `drop` is (-1, force, -1).
void HostReplication::reset(const VoltCall& call, const VoltControl::Answered& answered) {
    // What is out of range is a cluster that nobody knows, not another one.
    const std::int64_t cluster = std::clamp<std::int64_t>(numberAt(call, 0, -1), INT_MIN, INT_MAX);
    const bool isForced = numberAt(call, 1, 0) > 0;
    const std::int64_t all = numberAt(call, 2, 0);
    const auto done = [answered](const Result<std::string>& said) {
        answered(said ? saying(*said) : VoltAnswer::failed(CallStatus::GracefulFailure, said.error().full()));
    };
    if (all < 0) {
        cluster_.drop(done);
        return;
    }
    const bool isNone = cluster == -1 && all > 0;
    cluster_.reset(isNone ? std::nullopt : std::optional(static_cast<int>(cluster)), isForced, all > 0, done);
}

void HostReplication::statistics(const std::string& selector, const VoltCall& call,
                                 const VoltControl::Answered& answered) {
    const auto figures = cluster_.statistics(selector, numberAt(call, 1, 0) == 1);
    if (!figures) {
        answered(VoltAnswer::failed(CallStatus::GracefulFailure, figures.error().full()));
        return;
    }
    VoltAnswer out;
    out.tables.reserve(figures->size());
    for (const DrFigures& each : *figures) out.tables.push_back(tableOf(each));
    answered(out);
}

}  // namespace tributary::engine::voltdb
