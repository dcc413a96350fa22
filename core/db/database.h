// RAII over SQLite: the only door to sqlite3.h for the rest of the product.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tributary {

/// How to open a database file.
struct DatabaseOptions {
    std::string path;
    std::string vfsName = {};  ///< empty = SQLite's default
    bool create = true;        ///< create the file when it is missing
    bool readOnly = false;     ///< reading connections; the file must exist
    int busyTimeoutMs = 5000;  ///< how long a lock held by another connection is waited for
};

/// A prepared statement. Reset before each use by run()/query loops; finalised when destroyed, before its Database.
class Statement {
public:
    Statement() = default;
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Parameters count from 1. Bytes are not copied: they must live until the statement is reset or bound again.
    void bind(int index, std::int64_t value);
    void bind(int index, BytesView value);
    /// True when a row is there. Errors: as Database::exec.
    Result<bool> step();
    /// step() to the end and reset, for statements without rows.
    Status run();
    void reset();
    /// Columns count from 0; the view lives until the next step or reset.
    [[nodiscard]] std::int64_t columnInt(int column) const;
    [[nodiscard]] BytesView columnBytes(int column) const;

private:
    friend class Database;
    sqlite3_stmt* handle_ = nullptr;
    const class Database* database_ = nullptr;
};

/// What a WAL checkpoint did.
struct CheckpointOutcome {
    std::int64_t walFrames = 0;     ///< frames in the WAL (-1: not a WAL database)
    std::int64_t checkpointed = 0;  ///< of which are in the database file
    [[nodiscard]] bool complete() const { return walFrames == checkpointed; }
};

/// One connection, opened without SQLite's mutexes: one thread at a time. Immovable, since callbacks hold its address.
class Database {
public:
    /// Errors: NotFound, Corrupt (not a database), Io.
    static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs SQL without parameters; rows are dropped. Errors carry the file's path in `where`: DiskFull, Io, Corrupt,
    /// Conflict (locked), Internal (our SQL is wrong).
    Status exec(const std::string& sql);
    Result<Statement> prepare(const std::string& sql);
    /// First column of the first row. Errors: NotFound when there is no row.
    Result<std::int64_t> queryInt(const std::string& sql);
    [[nodiscard]] bool inTransaction() const;
    [[nodiscard]] const std::string& path() const { return path_; }

    /// Rows in `walFrames` after each commit of this connection; replaces SQLite's automatic checkpoint.
    void onCommit(std::function<void(std::int64_t walFrames)> hook);
    /// PASSIVE (never waits) or TRUNCATE (waits for readers and writers, up to the busy timeout, and empties the WAL).
    enum class Checkpoint { Passive, Truncate };
    Result<CheckpointOutcome> checkpoint(Checkpoint mode);
    /// Has a new file carry a checksum in every page (pagechecks.h). Before anything is written. False when the VFS
    /// puts none there.
    bool reserveChecks();
    /// True when every page of the file carries a checksum that the VFS compares.
    [[nodiscard]] bool pagesChecked() const;
    /// Answered with SQLITE_OK by a VFS that sums and compares pages.
    static constexpr int kAskPageChecks = 0x54524942;
    /// Bytes of the database file and its WAL, through the VFS.
    [[nodiscard]] std::uint64_t fileBytes() const;

    /// The error of a SQLite result code of this connection.
    [[nodiscard]] Error error(int code, const std::string& doing) const;
    [[nodiscard]] sqlite3* handle() const { return handle_; }  ///< for the other files of core/db only

private:
    Database() = default;

    sqlite3* handle_ = nullptr;
    std::string path_;
    std::function<void(std::int64_t)> commitHook_;
};

/// BEGIN .. COMMIT; rolled back when destroyed without commit().
class Transaction {
public:
    enum class Kind { Deferred, Immediate };
    static Result<Transaction> begin(Database& database, Kind kind);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Status commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace tributary
