// The conflict log: two or three lines of CSV for each conflict, twelve columns, as VOLTDB_XDCR_CONFLICTS exports them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "engine/systems/voltdb/conflicts/resolver.h"

namespace tributary::engine::voltdb {

/// One line.
struct ConflictRow {
    std::string rowType;           ///< EXT, EXP, NEW, DEL
    char actionType = 'I';         ///< I, U, D, T
    std::string conflictType;      ///< MISS, MSMT, CNST, NONE
    bool onPrimaryKey = false;     ///< CONFLICTS_ON_PRIMARY_KEY
    char decision = 'R';           ///< A, R
    int clusterId = 0;             ///< of whoever changed this row last
    std::int64_t timestampUs = 0;  ///< of that change
    char divergence = 'C';         ///< C, D
    std::string tableName;
    int currentClusterId = 0;  ///< of whoever writes the log
    std::int64_t currentTimestampUs = 0;
    std::optional<std::string> tuple;  ///< JSON; nothing for DEL
    friend bool operator==(const ConflictRow&, const ConflictRow&) = default;
};

/// The names of the twelve columns, in their order.
[[nodiscard]] const std::vector<std::string_view>& conflictColumns();

/// One image of a conflict.
struct ConflictImage {
    DrStamp stamp;
    std::optional<std::string> tuple;  ///< JSON
};

/// A conflict as it was found and decided.
struct ConflictEvent {
    DrOperation operation = DrOperation::Insert;
    Conflicts conflicts;
    Resolution resolution;
    bool onPrimaryKey = false;
    std::string tableName;
    std::vector<ConflictImage> existing;  ///< the row found, or those that collide
    ConflictImage expected;
    ConflictImage incoming;
    int currentClusterId = 0;
    std::int64_t currentTimestampUs = 0;
};

/// Its lines, in the log's order: what is there, what was expected, what came.
[[nodiscard]] std::vector<ConflictRow> conflictRows(const ConflictEvent& event);

/// One line with its line break: every value quoted, quotes doubled, nothing as NULL without quotes.
[[nodiscard]] std::string conflictLine(const ConflictRow& row);
/// Reads lines; a tuple may hold line breaks. Errors: Corrupt at line:column of the text.
[[nodiscard]] Result<std::vector<ConflictRow>> parseConflictLog(std::string_view text);

/// The counters of @Statistics DRCONFLICTS that a conflict moves.
struct ConflictCounts {
    std::int64_t total = 0;
    std::int64_t divergence = 0;
    std::int64_t missingRow = 0;
    std::int64_t timestampMismatch = 0;
    std::int64_t constraintViolation = 0;
    void count(const ConflictEvent& event);
};

}  // namespace tributary::engine::voltdb
