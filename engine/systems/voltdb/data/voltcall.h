// What a host is asked, and what it answers: everything is the call of a procedure, as in VoltDB.
//
// "@AdHoc" [sql, parameters...] runs statements and DDL · a procedure of the schema · "TABLE.insert" [values of a row]
// and likewise upsert, select, update, delete by the primary key · "@LoadMultipartitionTable" [table, 0 or 1 (upsert),
// an encoded ResultTable]: many rows in one transaction · "@SystemCatalog" [TABLES, COLUMNS, INDEXINFO, PRIMARYKEYS or
// PROCEDURES] · "@SystemInformation" [OVERVIEW, DEPLOYMENT] · "@Statistics" [selector, 0 or 1]
// (TABLE, PARTITIONCOUNT; what replication knows is added by it) · "@Pause" · "@Resume" · "@Quiesce".
#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/voltdb/data/resulttable.h"

namespace tributary::engine::voltdb {

/// Text, whole numbers, floats, decimals or null; varbinary is text of hexadecimal digits, but for procedures of tables
/// and encoded tables, which take its bytes.
struct VoltCall {
    std::string procedure;
    RowImage parameters;
};

/// The numbers are VoltDB's.
enum class CallStatus : std::int8_t {
    Success = 1,
    UserAbort = -1,
    GracefulFailure = -2,  ///< refused, nothing changed: SQL errors, constraints, read-only
    UnexpectedFailure = -3,
    ServerUnavailable = -5  ///< paused, or not at work
};

struct VoltAnswer {
    CallStatus status = CallStatus::Success;
    std::string text;  ///< why it failed; on success empty, or a warning of DDL
    /// One for each statement. INSERT, UPDATE, DELETE, UPSERT, TRUNCATE: one row of "modified_tuples"; DDL: one row of
    /// "STATUS" 0.
    std::vector<ResultTable> tables;
    [[nodiscard]] bool ok() const { return status == CallStatus::Success; }
    static VoltAnswer failed(CallStatus status, std::string text) { return {status, std::move(text), {}}; }
    friend bool operator==(const VoltAnswer&, const VoltAnswer&) = default;
};

[[nodiscard]] Bytes encodeCall(const VoltCall& call);
[[nodiscard]] Result<VoltCall> decodeCall(BytesView bytes);  ///< Errors: Corrupt
[[nodiscard]] Bytes encodeAnswer(const VoltAnswer& answer);
[[nodiscard]] Result<VoltAnswer> decodeAnswer(BytesView bytes);  ///< Errors: Corrupt

/// One value as parameters carry it: a tag, then its bytes.
void appendValue(Bytes& out, const ColumnValue& value);
/// Null and `in` not ok when it is damaged.
[[nodiscard]] ColumnValue readValue(ByteReader& in);

}  // namespace tributary::engine::voltdb
