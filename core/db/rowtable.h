// Rows that live outside SQLite, offered to SQL: a virtual table over a cursor of ours, and a merge function.
//
// `INSERT INTO rows SELECT k, v FROM entries ON CONFLICT(k) DO UPDATE SET v = fold(k, v, excluded.v)` applies a sorted
// batch in one statement: 30-45 % faster than one prepared INSERT per row (design/performance.md, layouts).
#pragma once

#include "core/base/bytes.h"
#include "core/db/database.h"

namespace tributary {

/// Rows as SQLite pulls them, one statement at a time. Views must live until the next call of next() or rewind().
class RowSource {
public:
    virtual ~RowSource() = default;
    virtual void rewind() = 0;
    virtual void next() = 0;
    [[nodiscard]] virtual bool atEnd() const = 0;
    virtual BytesView key() = 0;
    virtual BytesView value() = 0;
};

/// Joins what is stored with what comes in.
class RowMerger {
public:
    virtual ~RowMerger() = default;
    /// The merged value, alive until the next call; an Error ends the statement.
    virtual Result<BytesView> merge(BytesView key, BytesView stored, BytesView incoming) = 0;
};

/// Registers `name` as a table-valued source of columns (k, v) on this connection. `source` is borrowed and must
/// outlive the connection's use of it.
Status registerRowSource(Database& database, const std::string& name, RowSource& source);
/// Registers a function name(key, stored, incoming). After a failed statement `*failure` holds the merger's error.
Status registerRowMerger(Database& database, const std::string& name, RowMerger& merger, std::optional<Error>& failure);

}  // namespace tributary
