// Runs the statements of one call in a SQL unit.
#pragma once

#include <vector>

#include "engine/systems/voltdb/data/effect.h"
#include "engine/systems/voltdb/data/voltcall.h"

namespace tributary::engine::voltdb {

/// Whether a call changes nothing. Errors: NotFound ("Procedure X was not found"), InvalidInput.
[[nodiscard]] Result<bool> isReading(const VoltCall& call, const VoltSchema& schema);
/// The statements of DDL of an @AdHoc, empty when it has none. Errors: InvalidInput: DDL and other statements in one.
[[nodiscard]] Result<std::vector<std::string>> ddlOf(const VoltCall& call);

/// One call; for changes between SqlStateUnit::begin() and its end.
class CallRunner {
public:
    CallRunner(SqlStateUnit& unit, const VoltSchema& schema) : unit_(unit), schema_(schema) {}
    /// A refused call is an answer. Errors: of the disk.
    Result<VoltAnswer> run(const VoltCall& call);
    [[nodiscard]] const std::vector<TruncatedRange>& truncated() const { return truncated_; }

private:
    Result<VoltAnswer> runStatements(const std::vector<std::string>& statements, const RowImage& parameters,
                                     std::size_t from);
    Result<VoltAnswer> runTableCall(const VoltCall& call);
    Result<VoltAnswer> load(const VoltCall& call);

    SqlStateUnit& unit_;
    const VoltSchema& schema_;
    std::vector<TruncatedRange> truncated_;
    std::int64_t untilUs_ = 0;  ///< of the session's clock: the call ends by then
};

/// What a failed statement is answered with; nullopt for what is no fault of the statement.
[[nodiscard]] std::optional<VoltAnswer> refusalOf(const Error& error, std::string_view sql, std::string_view table);

}  // namespace tributary::engine::voltdb
