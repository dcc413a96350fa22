// The columns of @Statistics about replication: names and order exactly as the system has them, uneven as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::engine::voltdb {

enum class StatisticType { Tinyint, Integer, Bigint, Float, Varchar, Timestamp };

struct StatisticColumn {
    std::string_view name;
    StatisticType type;
};

/// One table of an answer.
struct StatisticTable {
    std::string_view name;  ///< ours, for errors and tests: "DRPRODUCERPARTITION"
    std::vector<StatisticColumn> columns;
};

/// The tables that a selector answers with, in their order. Case does not matter. Errors: InvalidInput with the nearest
/// selector.
[[nodiscard]] Result<std::vector<StatisticTable>> statisticTables(std::string_view selector);
/// DRROLE, DRPRODUCER, DR, ..., DRCONFLICTS.
[[nodiscard]] const std::vector<std::string>& statisticSelectors();

/// The states of DRROLE, the worst last: what several hosts and halves say is merged to the worst.
enum class DrState { Disabled, Active, Pending, Stopped };
[[nodiscard]] std::string_view drStateName(DrState state);
[[nodiscard]] DrState worse(DrState left, DrState right);

}  // namespace tributary::engine::voltdb
