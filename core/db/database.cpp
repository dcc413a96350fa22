// RAII over SQLite: connections, statements, transactions, errors.
#include "core/db/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/db/pagechecks.h"

namespace tributary {
namespace {

/// Of a file that could not be opened, by the system's reason; 0 = SQLite had one of its own.
ErrorCode openingCode(int systemError) {
    switch (systemError) {
        case 0:
        case ENOENT: return ErrorCode::NotFound;
        case ENOSPC:
        case EDQUOT: return ErrorCode::DiskFull;
        case EACCES:
        case EPERM:
        case EROFS: return ErrorCode::PermissionDenied;
        default: return ErrorCode::Io;
    }
}

ErrorCode codeOf(int sqliteCode, int systemError) {
    switch (sqliteCode & 0xff) {
        case SQLITE_FULL: return ErrorCode::DiskFull;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return ErrorCode::Corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return ErrorCode::Conflict;
        case SQLITE_CANTOPEN: return openingCode(systemError);
        case SQLITE_IOERR:
            if (sqliteCode == SQLITE_IOERR_DATA) return ErrorCode::Corrupt;
            return systemError == ENOSPC || systemError == EDQUOT ? ErrorCode::DiskFull : ErrorCode::Io;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_NOMEM: return ErrorCode::Io;
        default: return ErrorCode::Internal;
    }
}

/// What was being done, for an error: the first statement of several, and of a long one its begin.
std::string_view begunWith(std::string_view sql) {
    constexpr std::size_t kShownBytes = 60;
    const std::string_view first = sql.substr(0, sql.find_first_of(";\n"));
    return first.substr(0, first.size() <= kShownBytes ? first.size() : first.find_last_of(' ', kShownBytes));
}

std::string fixOf(ErrorCode code, int systemError) {
    if (systemError == EMFILE || systemError == ENFILE) return "raise the limit of open files: ulimit -n";
    switch (code) {
        case ErrorCode::PermissionDenied: return "check the owner and the mode: ls -l";
        case ErrorCode::DiskFull: return "free space on the volume; the data waits in memory and in the log";
        case ErrorCode::Corrupt: return "move the file away and copy the dataset anew from a replica";
        case ErrorCode::Conflict: return "stop the other process that has the file open";
        case ErrorCode::Io: return "check the volume (dmesg, df) and start again";
        default: return {};
    }
}

}  // namespace

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

Statement::Statement(Statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), database_(other.database_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(database_, other.database_);
    return *this;
}

void Statement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_, index, value);
}

void Statement::bind(int index, BytesView value) {
    // An empty view may have a null pointer, which SQLite would take for NULL.
    const char* data = value.empty() ? "" : value.data();
    sqlite3_bind_blob64(handle_, index, data, value.size(), SQLITE_STATIC);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    Error error = database_->error(code, "running a statement");
    sqlite3_reset(handle_);
    return error;
}

Status Statement::run() {
    Result<bool> row = step();
    while (row.ok() && row.value()) row = step();
    reset();
    if (!row.ok()) return row.error();
    return okStatus();
}

void Statement::reset() {
    sqlite3_reset(handle_);
}

std::int64_t Statement::columnInt(int column) const {
    return sqlite3_column_int64(handle_, column);
}

BytesView Statement::columnBytes(int column) const {
    const void* data = sqlite3_column_blob(handle_, column);
    const int size = sqlite3_column_bytes(handle_, column);
    return data == nullptr ? BytesView{} : BytesView(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Database>> Database::open(const DatabaseOptions& options) {
    std::unique_ptr<Database> database(new Database);
    database->path_ = options.path;
    int flags = SQLITE_OPEN_NOMUTEX;
    if (options.readOnly) {
        flags |= SQLITE_OPEN_READONLY;
    } else {
        flags |= SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0);
    }
    const char* vfs = options.vfsName.empty() ? nullptr : options.vfsName.c_str();
    const int code = sqlite3_open_v2(options.path.c_str(), &database->handle_, flags, vfs);
    if (code != SQLITE_OK) return database->error(code, "opening");
    // SQLite makes files that others may read, and gives its logs the mode of their database. With a VFS that has no
    // real file there is nothing to change.
    if (options.create && !options.readOnly) (void)::chmod(options.path.c_str(), S_IRUSR | S_IWUSR);
    sqlite3_extended_result_codes(database->handle_, 1);
    sqlite3_busy_timeout(database->handle_, options.busyTimeoutMs);
    sqlite3_db_config(database->handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(database->handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return database;
}

Database::~Database() {
    sqlite3_close_v2(handle_);
}

Status Database::exec(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code, sql);
    return okStatus();
}

Result<Statement> Database::prepare(const std::string& sql) {
    Statement statement;
    statement.database_ = this;
    const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement.handle_, nullptr);
    if (code != SQLITE_OK) return error(code, sql);
    return statement;
}

Result<std::int64_t> Database::queryInt(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement.ok()) return statement.error();
    const auto row = statement->step();
    if (!row.ok()) return row.error();
    if (!row.value()) return Error{ErrorCode::NotFound, "no row for " + sql, path_, {}};
    return statement->columnInt(0);
}

bool Database::inTransaction() const {
    return sqlite3_get_autocommit(handle_) == 0;
}

void Database::onCommit(std::function<void(std::int64_t walFrames)> hook) {
    commitHook_ = std::move(hook);
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<Database*>(self)->commitHook_(frames);
            return SQLITE_OK;
        },
        this);
}

Result<CheckpointOutcome> Database::checkpoint(Checkpoint mode) {
    int frames = 0;
    int done = 0;
    const int how = mode == Checkpoint::Passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
    const int code = sqlite3_wal_checkpoint_v2(handle_, "main", how, &frames, &done);
    if (code != SQLITE_OK) return error(code, "checkpointing");
    return CheckpointOutcome{frames, done};
}

bool Database::reserveChecks() {
    if (sqlite3_file_control(handle_, "main", kAskPageChecks, nullptr) != SQLITE_OK) return false;
    int bytes = PageChecks::kBytes;
    return sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes) == SQLITE_OK;
}

bool Database::pagesChecked() const {
    int bytes = -1;  // asks only
    return sqlite3_file_control(handle_, "main", kAskPageChecks, nullptr) == SQLITE_OK &&
           sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes) == SQLITE_OK &&
           bytes == PageChecks::kBytes;
}

std::uint64_t Database::fileBytes() const {
    std::uint64_t total = 0;
    for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
        sqlite3_file* file = nullptr;
        sqlite3_int64 size = 0;
        if (sqlite3_file_control(handle_, "main", which, &file) != SQLITE_OK) continue;
        if (file == nullptr || file->pMethods == nullptr) continue;
        if (file->pMethods->xFileSize(file, &size) == SQLITE_OK) total += static_cast<std::uint64_t>(size);
    }
    return total;
}

Error Database::error(int code, const std::string& doing) const {
    const int primary = code & 0xff;
    const bool ofSystem = primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
    const int systemError =
        ofSystem && code != SQLITE_IOERR_DATA && handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
    const ErrorCode kind = codeOf(code, systemError);
    // The connection's own text may be of an earlier call when memory ran out.
    std::string text = handle_ != nullptr && primary != SQLITE_NOMEM ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    if (code == SQLITE_IOERR_DATA) text = "a page of the file is not as it was written: its checksum is wrong";
    if (systemError != 0) text += fmt::format(": {}", std::strerror(systemError));
    return Error{kind, fmt::format("{} ({}; SQLite {})", text, begunWith(doing), code), path_,
                 fixOf(kind, systemError)};
}

namespace {

/// For destructors: allocates nothing of ours, since what they clean up after may be a lack of memory.
void rollBack(const Database& database) {
    (void)sqlite3_exec(database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
    // A transaction that could not be rolled back for want of memory must not stand in the way for good.
    if (database.inTransaction()) rollBack(database);
    const Status begun = database.exec(kind == Kind::Immediate ? "BEGIN IMMEDIATE" : "BEGIN");
    if (!begun.ok()) return begun.error();
    return Transaction(database);
}

Transaction::~Transaction() {
    // SQLite may have rolled back by itself (disk full, I/O error): then there is nothing left to do.
    if (database_ != nullptr && database_->inTransaction()) rollBack(*database_);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Status Transaction::commit() {
    Status done = database_->exec("COMMIT");
    if (done.ok()) database_ = nullptr;
    return done;
}

}  // namespace tributary
