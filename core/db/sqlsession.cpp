// Statements kept prepared, what strangers may run, images of rows and the way back.
#include "core/db/sqlsession.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <new>

#include "core/db/sqlbytes.h"

namespace tributary {
namespace {

constexpr std::size_t kPreparedMax = 256;
constexpr int kStepsAtOnce = 1000;
constexpr std::uint64_t kStepsBetweenLooks = 100'000;  ///< at the clock

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

SqlValue valueOf(sqlite3_value* value) {
    switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER: return std::int64_t{sqlite3_value_int64(value)};
        case SQLITE_FLOAT: return sqlite3_value_double(value);
        case SQLITE_NULL: return {};
        default: break;
    }
    const bool isText = sqlite3_value_type(value) == SQLITE_TEXT;
    const void* data = isText ? static_cast<const void*>(sqlite3_value_text(value)) : sqlite3_value_blob(value);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    std::string bytes = data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
    if (isText) return bytes;
    return SqlBlob{std::move(bytes)};
}

void appendValueOf(Bytes& out, sqlite3_value* value) {
    switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER: appendSqlInteger(out, sqlite3_value_int64(value)); return;
        case SQLITE_FLOAT: appendSqlReal(out, sqlite3_value_double(value)); return;
        case SQLITE_NULL: appendSqlNull(out); return;
        default: break;
    }
    const bool isText = sqlite3_value_type(value) == SQLITE_TEXT;
    const void* data = isText ? static_cast<const void*>(sqlite3_value_text(value)) : sqlite3_value_blob(value);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
    appendSqlBytes(out, data == nullptr ? BytesView() : BytesView(static_cast<const char*>(data), size), isText);
}

void answerWith(sqlite3_context* context, const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        sqlite3_result_int64(context, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_result_double(context, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<SqlBlob>(&value)) {
        sqlite3_result_blob64(context, blob->bytes.data(), blob->bytes.size(), SQLITE_TRANSIENT);
    } else {
        sqlite3_result_null(context);
    }
}

void bindTo(sqlite3_stmt* statement, int index, const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_bind_double(statement, index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<SqlBlob>(&value)) {
        const char* data = blob->bytes.empty() ? "" : blob->bytes.data();
        sqlite3_bind_blob64(statement, index, data, blob->bytes.size(), SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, index);
    }
}

std::size_t bytesOf(const SqlValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return sizeof(SqlValue) + text->size();
    if (const auto* blob = std::get_if<SqlBlob>(&value)) return sizeof(SqlValue) + blob->bytes.size();
    return sizeof(SqlValue);
}

std::string_view constraintName(int code) {
    switch (code) {
        case SQLITE_CONSTRAINT_NOTNULL: return "NOT NULL";
        case SQLITE_CONSTRAINT_CHECK: return "CHECK";
        default: return "UNIQUE";
    }
}

Error damaged(const std::string& what) {
    return {ErrorCode::Corrupt, what, {}, {}};
}

}  // namespace

struct SqlSession::Prepared {
    sqlite3_stmt* statement = nullptr;
    std::list<std::string>::iterator place;
    Prepared() = default;
    ~Prepared() { sqlite3_finalize(statement); }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
};

/// What SQLite calls. It is C: no exception may pass through it.
struct SqlHooks {
    static void changing(void* self, sqlite3* db, int operation, const char* schema, const char* table,
                         sqlite3_int64 before, sqlite3_int64 after) {
        auto& session = *static_cast<SqlSession*>(self);
        if (session.captured_ == nullptr || std::string_view(schema) != "main") return;
        try {
            image(session, db, operation, table, before, after);
        } catch (...) {
            session.captureFailed_ = true;
        }
    }

    static void image(SqlSession& session, sqlite3* db, int operation, const char* name, std::int64_t before,
                      std::int64_t after) {
        if (session.last_ == nullptr || session.last_->table.name != name) session.last_ = session.watched(name);
        if (session.last_ == nullptr) return;
        const SqlTable& table = session.last_->table;
        const bool hasRowid = table.key.empty();
        Bytes& out = *session.captured_;
        const SqlChange what = operation == SQLITE_INSERT   ? SqlChange::Insert
                               : operation == SQLITE_DELETE ? SqlChange::Delete
                                                            : SqlChange::Update;
        out.push_back(static_cast<char>(what));
        appendVarint(out, table.id);
        Bytes values;
        const int columns = sqlite3_preupdate_count(db);
        for (const bool isOld : {true, false}) {
            if (what == (isOld ? SqlChange::Insert : SqlChange::Delete)) continue;
            values.clear();
            for (int i = 0; i < columns; ++i) {
                sqlite3_value* value = nullptr;
                const int code = isOld ? sqlite3_preupdate_old(db, i, &value) : sqlite3_preupdate_new(db, i, &value);
                if (code != SQLITE_OK) session.captureFailed_ = true;
                if (code == SQLITE_OK) appendValueOf(values, value);
            }
            appendSqlRowid(out, !hasRowid ? 0 : isOld ? before : after);
            appendBlob(out, values);
        }
    }

    static bool isInternal(std::string_view table) {
        constexpr std::array<std::string_view, 5> kPrefixes{"sqlite_", "unit ", "pragma_", "dbstat", "fts"};
        return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
            return table.size() >= prefix.size() &&
                   sqlite3_strnicmp(table.data(), prefix.data(), static_cast<int>(prefix.size())) == 0;
        });
    }

    static int mayRun(void* self, int action, const char* first, const char* second, const char* schema, const char*) {
        const auto& session = *static_cast<const SqlSession*>(self);
        if (session.guard_ == SqlGuard::Ours) return SQLITE_OK;
        switch (action) {
            case SQLITE_SELECT:
            case SQLITE_RECURSIVE: return SQLITE_OK;
            case SQLITE_FUNCTION: {
                const std::string_view function(second == nullptr ? "" : second);
                return function == "load_extension" ? SQLITE_DENY : SQLITE_OK;
            }
            case SQLITE_READ:
            case SQLITE_INSERT:
            case SQLITE_UPDATE:
            case SQLITE_DELETE: {
                if (first == nullptr) return SQLITE_DENY;
                // No column of it is read, as in count(*): it may be the name of a WITH.
                if (action == SQLITE_READ && schema == nullptr) return isInternal(first) ? SQLITE_DENY : SQLITE_OK;
                if (schema == nullptr) return SQLITE_DENY;
                if (action != SQLITE_READ && session.guard_ == SqlGuard::Reading) return SQLITE_DENY;
                if (action != SQLITE_READ && std::string_view(schema) != "main") return SQLITE_DENY;
                const SqlTable* table = session.table(std::string_view(first));
                return table != nullptr && table->id != 0 ? SQLITE_OK : SQLITE_DENY;
            }
            default: return SQLITE_DENY;
        }
    }

    static int goOn(void* self) {
        auto& session = *static_cast<SqlSession*>(self);
        session.stepsDone_ += kStepsAtOnce;
        const SqlLimits& limits = session.limits_;
        if (limits.steps != 0 && session.stepsDone_ >= limits.steps) return 1;
        if (limits.untilUs == 0 || session.stepsDone_ % kStepsBetweenLooks != 0) return 0;
        return session.nowUs() > limits.untilUs ? 1 : 0;
    }

    static void answerVariable(sqlite3_context* context, int, sqlite3_value**) {
        answerWith(context, *static_cast<const SqlValue*>(sqlite3_user_data(context)));
    }

    static void callFunction(sqlite3_context* context, int count, sqlite3_value** values) {
        try {
            SqlRow row;
            row.reserve(static_cast<std::size_t>(count));
            for (int i = 0; i < count; ++i) row.push_back(valueOf(values[i]));
            const auto answer = (*static_cast<SqlSession::Function*>(sqlite3_user_data(context)))(row);
            if (answer.ok()) {
                answerWith(context, answer.value());
            } else {
                sqlite3_result_error(context, answer.error().what.c_str(), -1);
            }
        } catch (...) {
            sqlite3_result_error_nomem(context);
        }
    }
};

SqlSession::SqlSession(Database& database) : database_(database) {
    sqlite3_preupdate_hook(database.handle(), &SqlHooks::changing, this);
    sqlite3_set_authorizer(database.handle(), &SqlHooks::mayRun, this);
    sqlite3_progress_handler(database.handle(), kStepsAtOnce, &SqlHooks::goOn, this);
}

SqlSession::~SqlSession() {
    forgetStatements();
    sqlite3_preupdate_hook(database_.handle(), nullptr, nullptr);
    sqlite3_set_authorizer(database_.handle(), nullptr, nullptr);
    sqlite3_progress_handler(database_.handle(), 0, nullptr, nullptr);
}

void SqlSession::forgetStatements() {
    statements_.clear();
    order_.clear();
}

void SqlSession::setTables(std::vector<SqlTable> tables) {
    forgetStatements();
    last_ = nullptr;
    tables_.clear();
    tables_.reserve(tables.size());
    for (SqlTable& table : tables) {
        Watched made;
        std::string names;
        std::string marks;
        std::string sets;
        for (const std::string& column : table.columns) {
            names += (names.empty() ? "" : ",") + quoted(column);
            marks += marks.empty() ? "?" : ",?";
            sets += (sets.empty() ? "" : ",") + quoted(column) + "=?";
        }
        std::string where;
        for (const std::size_t column : table.key) {
            where += (where.empty() ? "" : " AND ") + quoted(table.columns[column]) + "=?";
        }
        const bool hasRowid = table.key.empty();
        const std::string of = "main." + quoted(table.name);
        made.insert = fmt::format("INSERT INTO {}({}{}) VALUES({}{})", of, hasRowid ? "rowid," : "", names,
                                  hasRowid ? "?," : "", marks);
        made.erase = fmt::format("DELETE FROM {} WHERE {}", of, hasRowid ? "rowid=?" : where);
        made.update = fmt::format("UPDATE {} SET {}{} WHERE {}", of, hasRowid ? "rowid=?," : "", sets,
                                  hasRowid ? "rowid=?" : where);
        made.truncate = fmt::format("DELETE FROM {}", of);
        made.table = std::move(table);
        tables_.push_back(std::move(made));
    }
}

const SqlSession::Watched* SqlSession::watched(std::string_view name) const {
    const auto at =
        std::find_if(tables_.begin(), tables_.end(), [&](const Watched& each) { return each.table.name == name; });
    return at == tables_.end() ? nullptr : &*at;
}

const SqlTable* SqlSession::table(std::string_view name) const {
    const Watched* found = watched(name);
    return found == nullptr ? nullptr : &found->table;
}

const SqlTable* SqlSession::table(std::uint32_t id) const {
    const auto at =
        std::find_if(tables_.begin(), tables_.end(), [&](const Watched& each) { return each.table.id == id; });
    return at == tables_.end() ? nullptr : &at->table;
}

Error SqlSession::failed(int code, const std::string& sql) const {
    const char* text = sqlite3_errmsg(database_.handle());
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT: return {ErrorCode::Conflict, text, std::string(constraintName(code)), {}};
        case SQLITE_ERROR:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE:
        case SQLITE_TOOBIG:
        case SQLITE_AUTH: return {ErrorCode::InvalidInput, text, {}, {}};
        case SQLITE_INTERRUPT: return {ErrorCode::Timeout, "the statement took too long", {}, {}};
        default: return database_.error(code, sql);
    }
}

Result<SqlSession::Prepared*> SqlSession::prepared(const std::string& sql) {
    // What strangers run is compiled under their rights, and kept apart from ours.
    const std::string key = (guard_ == SqlGuard::Ours ? '!' : guard_ == SqlGuard::Writing ? '?' : '=') + sql;
    const auto found = statements_.find(key);
    if (found != statements_.end()) {
        order_.splice(order_.begin(), order_, found->second->place);
        return found->second.get();
    }
    auto made = std::make_unique<Prepared>();
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(database_.handle(), sql.c_str(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made->statement, &tail);
    if (code != SQLITE_OK) return failed(code, sql);
    const BytesView rest(tail, sql.size() - static_cast<std::size_t>(tail - sql.c_str()));
    if (made->statement == nullptr || rest.find_first_not_of(" \t\r\n;") != BytesView::npos) {
        return Error{ErrorCode::InvalidInput, "exactly one statement is expected", {}, {}};
    }
    if (statements_.size() >= kPreparedMax) {
        statements_.erase(order_.back());
        order_.pop_back();
    }
    order_.push_front(key);
    made->place = order_.begin();
    return statements_.emplace(key, std::move(made)).first->second.get();
}

Result<SqlSession::Shape> SqlSession::shapeOf(const std::string& sql) {
    const auto found = prepared(sql);
    if (!found.ok()) return found.error();
    sqlite3_stmt* statement = found.value()->statement;
    return Shape{sqlite3_bind_parameter_count(statement), sqlite3_stmt_readonly(statement) != 0};
}

Result<SqlOutcome> SqlSession::run(const std::string& sql, const std::vector<SqlValue>& parameters,
                                   const SqlLimits& limits) {
    const auto found = prepared(sql);
    if (!found.ok()) return found.error();
    sqlite3_stmt* statement = found.value()->statement;
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)) != parameters.size()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} parameters are given, and the statement takes {}", parameters.size(),
                                 sqlite3_bind_parameter_count(statement)),
                     {},
                     {}};
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) bindTo(statement, static_cast<int>(i) + 1, parameters[i]);
    const std::size_t from = captured_ == nullptr ? 0 : captured_->size();
    limits_ = limits;
    stepsDone_ = 0;
    captureFailed_ = false;
    SqlOutcome out;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) {
        const char* declared = sqlite3_column_decltype(statement, i);
        out.columns.push_back({sqlite3_column_name(statement, i), declared == nullptr ? "" : declared});
    }
    std::size_t bytes = 0;
    std::optional<Error> wrong;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        SqlRow row;
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) {
            row.push_back(valueOf(sqlite3_column_value(statement, i)));
            bytes += bytesOf(row.back());
        }
        out.rows.push_back(std::move(row));
        if (limits.bytesMax != 0 && bytes > limits.bytesMax) {
            wrong = Error{
                ErrorCode::Unsupported, fmt::format("the answer has more than {} bytes", limits.bytesMax), {}, {}};
            break;
        }
    }
    limits_ = {};
    if (!wrong && code != SQLITE_DONE) wrong = failed(code, sql);
    if (!wrong && sqlite3_stmt_readonly(statement) == 0) out.changes = sqlite3_changes(database_.handle());
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (captureFailed_) {
        // Rows changed without an image: the whole transaction is given up, and its owner makes it again.
        (void)database_.exec("ROLLBACK");
        wrong = Error{ErrorCode::Io, "there is no memory for the images of rows", {}, {}};
    }
    if (!wrong) return out;
    if (captured_ != nullptr) captured_->resize(from);
    return *wrong;
}

Status SqlSession::runImage(const std::string& sql, const std::vector<SqlValue>& parameters, const SqlTable& table) {
    const auto done = run(sql, parameters);
    if (!done.ok()) {
        if (done.error().code != ErrorCode::Conflict && done.error().code != ErrorCode::InvalidInput)
            return done.error();
        return damaged(fmt::format("an image does not fit the rows of {}: {}", table.name, done.error().what));
    }
    if (done.value().changes == 1) return okStatus();
    return damaged(fmt::format("an image is of a row that {} does not have", table.name));
}

Status SqlSession::apply(const SqlChangeView& change, bool isForward) {
    if (change.what == SqlChange::Mark || change.what == SqlChange::Counter) return okStatus();
    const auto at = std::find_if(tables_.begin(), tables_.end(),
                                 [&](const Watched& each) { return each.table.id == change.table; });
    if (at == tables_.end()) return damaged(fmt::format("an image is of table {}, which is not there", change.table));
    const SqlTable& table = at->table;
    if (change.what == SqlChange::Truncate) {
        if (!isForward) return damaged("a truncation cannot be taken back");
        const auto done = run(at->truncate);
        return done.ok() ? okStatus() : Status(done.error());
    }
    const bool inserts = change.what == (isForward ? SqlChange::Insert : SqlChange::Delete);
    const bool erases = change.what == (isForward ? SqlChange::Delete : SqlChange::Insert);
    const BytesView goes = isForward ? change.before : change.after;
    const BytesView comes = isForward ? change.after : change.before;
    const std::int64_t goesRowid = isForward ? change.rowidBefore : change.rowidAfter;
    const std::int64_t comesRowid = isForward ? change.rowidAfter : change.rowidBefore;
    std::vector<SqlValue> parameters;
    parameters.reserve(table.columns.size() + table.key.size() + 2);
    if (!erases) {
        if (table.key.empty()) parameters.emplace_back(comesRowid);
        auto row = readSqlRow(comes, table.columns.size());
        if (!row.ok()) return row.error();
        std::move(row.value().begin(), row.value().end(), std::back_inserter(parameters));
    }
    if (!inserts) {
        if (table.key.empty()) parameters.emplace_back(goesRowid);
        auto row = readSqlRow(goes, table.columns.size());
        if (!row.ok()) return row.error();
        for (const std::size_t column : table.key) parameters.push_back(std::move(row.value()[column]));
    }
    return runImage(inserts ? at->insert : erases ? at->erase : at->update, parameters, table);
}

Status SqlSession::redo(BytesView changes) {
    Bytes* const captured = std::exchange(captured_, nullptr);
    const SqlGuard guard = std::exchange(guard_, SqlGuard::Ours);
    ByteReader in(changes);
    SqlChangeView change;
    Status done;
    while (done.ok() && nextSqlChange(in, change)) done = apply(change, true);
    if (done.ok() && !in.ok()) done = damaged("images of rows are damaged");
    captured_ = captured;
    guard_ = guard;
    return done;
}

Status SqlSession::undo(BytesView changes) {
    Bytes* const captured = std::exchange(captured_, nullptr);
    const SqlGuard guard = std::exchange(guard_, SqlGuard::Ours);
    std::vector<SqlChangeView> all;
    ByteReader in(changes);
    SqlChangeView change;
    while (nextSqlChange(in, change)) all.push_back(change);
    Status done = in.ok() ? okStatus() : Status(damaged("images of rows are damaged"));
    for (auto at = all.rbegin(); done.ok() && at != all.rend(); ++at) done = apply(*at, false);
    captured_ = captured;
    guard_ = guard;
    return done;
}

Status SqlSession::setVariable(std::string_view name, SqlValue value) {
    const auto known = variables_.find(name);
    if (known != variables_.end()) {
        known->second = std::move(value);
        return okStatus();
    }
    const auto at = variables_.emplace(name, std::move(value)).first;
    const int code =
        sqlite3_create_function_v2(database_.handle(), at->first.c_str(), 0, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                   &at->second, &SqlHooks::answerVariable, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? okStatus() : Status(database_.error(code, "adding a function"));
}

Status SqlSession::addFunction(const std::string& name, int count,
                               std::function<Result<SqlValue>(const SqlRow&)> function) {
    functions_.push_back(std::make_unique<Function>(std::move(function)));
    const int code = sqlite3_create_function_v2(
        database_.handle(), name.c_str(), count, SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC,
        functions_.back().get(), &SqlHooks::callFunction, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? okStatus() : Status(database_.error(code, "adding a function"));
}

}  // namespace tributary
