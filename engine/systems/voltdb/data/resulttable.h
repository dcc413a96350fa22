// A typed table as answers carry it, and its bytes.
//
// Little-endian: columns u32 {name blob, type u8} | rows u32 {cells}; a cell is 0 for NULL, else 1 and its value: i64,
// f64 bits, 16 bytes of a decimal, or a blob, as the column's type says.
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/voltdb/log/rowimage.h"

namespace tributary::engine::voltdb {

struct ResultTable {
    std::vector<LogColumn> columns;
    std::vector<RowImage> rows;
    friend bool operator==(const ResultTable&, const ResultTable&) = default;
};

/// A value that its column's type does not hold is written as NULL.
void appendTable(Bytes& out, const ResultTable& table);
/// Errors: Corrupt; nothing was allocated from a claimed size.
[[nodiscard]] Result<ResultTable> readTable(ByteReader& in);

/// "VARCHAR", "BIGINT", ...
[[nodiscard]] std::string_view columnTypeName(ColumnType type);

/// A decimal of its text ("-12.5"). Errors: InvalidInput: no number, more than 12 digits behind the point, or more than
/// 38 in all.
[[nodiscard]] Result<DecimalBytes> decimalOf(std::string_view text);
/// As VoltDB prints it: 12 digits behind the point.
[[nodiscard]] std::string decimalText(const DecimalBytes& decimal);
[[nodiscard]] double decimalNumber(const DecimalBytes& decimal);
/// "2026-11-27 22:45:36.000123" (UTC) of microseconds since 1970, and back. Errors: InvalidInput.
[[nodiscard]] std::string timestampText(std::int64_t micros);
[[nodiscard]] Result<std::int64_t> timestampOf(std::string_view text);

}  // namespace tributary::engine::voltdb
