// Rows as the binary log carries them: typed columns, a null mask, values in network order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::engine::voltdb {

enum class ColumnType : std::uint8_t {
    Tinyint,
    Smallint,
    Integer,
    Bigint,
    Float,
    Decimal,
    Timestamp,
    Varchar,
    Varbinary
};

/// 16 bytes: a 128-bit number scaled by 10^12, the highest byte first.
using DecimalBytes = std::array<char, 16>;
/// Null; whole numbers and timestamps (microseconds); float; decimal; varchar and varbinary.
using ColumnValue = std::variant<std::monostate, std::int64_t, double, DecimalBytes, std::string>;
using RowImage = std::vector<ColumnValue>;

struct LogColumn {
    std::string name;
    ColumnType type = ColumnType::Bigint;
    friend bool operator==(const LogColumn&, const LogColumn&) = default;
};

/// A replicated table as far as the log knows it. In an active cluster the hidden column is its last one.
struct LogTable {
    std::string name;
    std::vector<LogColumn> columns;
    friend bool operator==(const LogTable&, const LogTable&) = default;
};

/// What the log calls a table by: the first 8 bytes of SHA-1 over its name and its columns' types. Tables with the same
/// columns have the same rows, so that both ends find out before a row is read wrongly.
[[nodiscard]] std::uint64_t signatureOf(const LogTable& table);

/// Errors: InvalidInput for a value that its column's type does not hold, or another number of values.
[[nodiscard]] Status appendRow(Bytes& out, const LogTable& table, const RowImage& row);
/// Reads one row; `in` must end where the row ends. Errors: Corrupt.
[[nodiscard]] Result<RowImage> readRow(BytesView in, const LogTable& table);

}  // namespace tributary::engine::voltdb
