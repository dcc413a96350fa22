// Statements with typed values on one connection, and images of every row that they change.
//
// Decision: what a statement changed is taken back by its images, newest first, not by a savepoint: a savepoint for
// each statement costs three quarters of the rate of single inserts. SQLite itself undoes a statement that fails.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/db/database.h"

namespace tributary {

struct SqlBlob {
    Bytes bytes;
    friend bool operator==(const SqlBlob&, const SqlBlob&) = default;
};
using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string, SqlBlob>;
using SqlRow = std::vector<SqlValue>;

/// A table whose rows are watched. Its rows are known by `key`, columns of a table WITHOUT ROWID, or by their rowid.
struct SqlTable {
    std::uint32_t id = 0;  ///< in images
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::size_t> key;  ///< of columns; empty: by rowid
    friend bool operator==(const SqlTable&, const SqlTable&) = default;
};

/// Numbers are the format of images.
enum class SqlChange : std::uint8_t {
    Insert = 1,
    Delete = 2,
    Update = 3,
    Truncate = 4,  ///< all rows of a table; never captured, for whoever writes images
    Mark = 5,      ///< of whoever writes images; changes nothing
    Counter = 6    ///< a number beside the rows (SqlChangeView::counter)
};

/// One image, borrowed from the bytes it was read of. Values are read one by one: readSqlValue().
struct SqlChangeView {
    SqlChange what = SqlChange::Mark;
    std::uint32_t table = 0;
    std::int64_t rowidBefore = 0;
    std::int64_t rowidAfter = 0;
    BytesView before;  ///< values of Delete and Update
    BytesView after;   ///< values of Insert and Update
    BytesView mark;
    std::uint32_t counter = 0;
    std::uint64_t counterBefore = 0;
    std::uint64_t counterAfter = 0;
};

void appendSqlValue(Bytes& out, const SqlValue& value);
/// NULL and `in` not ok when it is damaged.
[[nodiscard]] SqlValue readSqlValue(ByteReader& in);
/// Errors: Corrupt, when there are not exactly `columns` of them.
[[nodiscard]] Result<SqlRow> readSqlRow(BytesView values, std::size_t columns);
/// Of Insert, Delete and Update.
void appendSqlChange(Bytes& out, const SqlChangeView& change);
void appendSqlMark(Bytes& out, BytesView mark);
void appendSqlTruncate(Bytes& out, std::uint32_t table);
void appendSqlCounter(Bytes& out, std::uint32_t counter, std::uint64_t before, std::uint64_t after);
/// The next image; false at the end, and when it is damaged (`in` is not ok then).
[[nodiscard]] bool nextSqlChange(ByteReader& in, SqlChangeView& out);

struct SqlColumn {
    std::string name;
    std::string declaredType;  ///< empty for an expression
};

struct SqlOutcome {
    std::vector<SqlColumn> columns;  ///< empty for a statement that is no query
    std::vector<SqlRow> rows;
    std::int64_t changes = 0;  ///< rows that it inserted, deleted, updated
};

/// Whose statements they are.
enum class SqlGuard {
    Ours,     ///< they may do all
    Writing,  ///< strangers': they read and change watched tables and what a view in the temporary schema shows of
              ///< them; no other tables, no transactions, pragmas, attached files, virtual tables
    Reading   ///< the same, and they change nothing
};

struct SqlLimits {
    std::uint64_t steps = 0;   ///< of SQLite's machine, about; 0 = no bound
    std::size_t bytesMax = 0;  ///< of all values of the rows; 0 = no bound
    /// Of SqlSession::nowUs(); 0 = no bound. Looked at after the first 100 000 steps: what is short never ends by it,
    /// however long the machine slept.
    std::int64_t untilUs = 0;
};

/// Borrows the connection. One thread. Errors of statements: Conflict with SQLite's words when a constraint is not met
/// (`where` names it: "UNIQUE", "NOT NULL", "CHECK"), InvalidInput for SQL that does not compile and for what it may
/// not do, Timeout above SqlLimits::steps and after untilUs, Unsupported above bytesMax, others as Database::exec.
class SqlSession {
public:
    explicit SqlSession(Database& database);
    ~SqlSession();
    SqlSession(const SqlSession&) = delete;
    SqlSession& operator=(const SqlSession&) = delete;

    /// The tables that there are from now on; prepared statements are made anew.
    void setTables(std::vector<SqlTable> tables);
    [[nodiscard]] const SqlTable* table(std::uint32_t id) const;
    [[nodiscard]] const SqlTable* table(std::string_view name) const;

    /// Runs one statement to its end. Statements are kept prepared by their text.
    Result<SqlOutcome> run(const std::string& sql, const std::vector<SqlValue>& parameters = {},
                           const SqlLimits& limits = {});
    /// Microseconds that never go backwards, for SqlLimits::untilUs; without it no statement ends by time.
    void setClock(std::function<std::int64_t()> nowUs) { clock_ = std::move(nowUs); }
    [[nodiscard]] std::int64_t nowUs() const { return clock_ ? clock_() : 0; }
    /// Of the statements from now on.
    void setGuard(SqlGuard guard) { guard_ = guard; }
    /// How many parameters a statement takes; whether it only reads. Errors: as run().
    struct Shape {
        int parameters = 0;
        bool isReadOnly = false;
    };
    Result<Shape> shapeOf(const std::string& sql);

    /// Images are appended to `out` from now on; nullptr: none are made. A failed statement leaves none.
    void capture(Bytes* out) { captured_ = out; }
    /// Applies images in their order. Nothing is captured. Errors: Corrupt, when they do not fit the rows; Io,
    /// DiskFull.
    Status redo(BytesView changes);
    /// Takes images back, newest first.
    Status undo(BytesView changes);

    /// A function of no parameters that SQL may call, with this answer from now on.
    Status setVariable(std::string_view name, SqlValue value);
    /// A function of `count` parameters whose answer depends on nothing else; -1 = any number. What it throws or
    /// refuses with an Error ends the statement.
    Status addFunction(const std::string& name, int count, std::function<Result<SqlValue>(const SqlRow&)> function);
    [[nodiscard]] Database& database() { return database_; }

private:
    friend struct SqlHooks;
    struct Prepared;
    using Function = std::function<Result<SqlValue>(const SqlRow&)>;
    Result<Prepared*> prepared(const std::string& sql);
    /// A watched table, and the statements that bring images in.
    struct Watched {
        SqlTable table;
        std::string insert;
        std::string erase;
        std::string update;
        std::string truncate;
    };
    [[nodiscard]] const Watched* watched(std::string_view name) const;
    Status apply(const SqlChangeView& change, bool isForward);
    Status runImage(const std::string& sql, const std::vector<SqlValue>& parameters, const SqlTable& table);
    [[nodiscard]] Error failed(int code, const std::string& sql) const;
    void forgetStatements();

    Database& database_;
    std::vector<Watched> tables_;
    std::list<std::string> order_;  ///< of prepared statements, the one used last in front
    std::unordered_map<std::string, std::unique_ptr<Prepared>> statements_;
    std::vector<std::unique_ptr<Function>> functions_;
    std::map<std::string, SqlValue, std::less<>> variables_;
    Bytes* captured_ = nullptr;
    const Watched* last_ = nullptr;  ///< the table of the last image
    SqlGuard guard_ = SqlGuard::Ours;
    bool captureFailed_ = false;
    std::function<std::int64_t()> clock_;
    SqlLimits limits_;  ///< of the statement that runs
    std::uint64_t stepsDone_ = 0;
};

}  // namespace tributary
