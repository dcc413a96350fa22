// The virtual table over a RowSource, and the SQL function over a RowMerger.
#include "core/db/rowtable.h"

#include <sqlite3.h>

#include <new>

namespace tributary {
namespace {

struct SourceTable {
    sqlite3_vtab base;
    RowSource* source;
};

RowSource& sourceOf(sqlite3_vtab_cursor* cursor) {
    // The table was allocated as a SourceTable, whose first member is the base that SQLite hands around.
    return *reinterpret_cast<SourceTable*>(cursor->pVtab)->source;
}

int connectTable(sqlite3* db, void* aux, int, const char* const*, sqlite3_vtab** out, char**) {
    const int code = sqlite3_declare_vtab(db, "CREATE TABLE x(k BLOB, v BLOB)");
    if (code != SQLITE_OK) return code;
    auto* table = new (std::nothrow) SourceTable{};
    if (table == nullptr) return SQLITE_NOMEM;
    table->source = static_cast<RowSource*>(aux);
    *out = &table->base;
    return SQLITE_OK;
}

int disconnectTable(sqlite3_vtab* table) {
    delete reinterpret_cast<SourceTable*>(table);
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab*, sqlite3_index_info* info) {
    info->estimatedCost = 1000;
    return SQLITE_OK;
}

/// SQLite is C: an exception must not pass through it.
template <typename Work>
int guarded(Work work) {
    try {
        work();
        return SQLITE_OK;
    } catch (...) {
        return SQLITE_NOMEM;
    }
}

int openCursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
    *out = new (std::nothrow) sqlite3_vtab_cursor{};
    return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor* cursor) {
    delete cursor;
    return SQLITE_OK;
}

int filterCursor(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    return guarded([&] { sourceOf(cursor).rewind(); });
}

int nextRow(sqlite3_vtab_cursor* cursor) {
    return guarded([&] { sourceOf(cursor).next(); });
}

int atEnd(sqlite3_vtab_cursor* cursor) {
    return sourceOf(cursor).atEnd() ? 1 : 0;
}

int columnOf(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
    const BytesView bytes = column == 0 ? sourceOf(cursor).key() : sourceOf(cursor).value();
    sqlite3_result_blob(context, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
    return SQLITE_OK;
}

int rowIdOf(sqlite3_vtab_cursor*, sqlite3_int64* id) {
    *id = 0;
    return SQLITE_OK;
}

const sqlite3_module& sourceModule() {
    static const sqlite3_module kModule = [] {
        sqlite3_module m{};
        m.xConnect = connectTable;  // no xCreate: the table exists by its module's name alone
        m.xBestIndex = bestIndex;
        m.xDisconnect = disconnectTable;
        m.xOpen = openCursor;
        m.xClose = closeCursor;
        m.xFilter = filterCursor;
        m.xNext = nextRow;
        m.xEof = atEnd;
        m.xColumn = columnOf;
        m.xRowid = rowIdOf;
        return m;
    }();
    return kModule;
}

struct MergerHook {
    RowMerger* merger;
    std::optional<Error>* failure;
};

BytesView bytesOf(sqlite3_value* value) {
    const void* data = sqlite3_value_blob(value);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void mergeInto(sqlite3_context* context, sqlite3_value** values) {
    const auto* hook = static_cast<MergerHook*>(sqlite3_user_data(context));
    const auto merged = hook->merger->merge(bytesOf(values[0]), bytesOf(values[1]), bytesOf(values[2]));
    if (!merged.ok()) {
        *hook->failure = merged.error();
        sqlite3_result_error(context, "a row could not be merged", -1);
        return;
    }
    const BytesView bytes = merged.value();
    sqlite3_result_blob(context, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
}

void callMerger(sqlite3_context* context, int, sqlite3_value** values) {
    if (guarded([&] { mergeInto(context, values); }) != SQLITE_OK) sqlite3_result_error_nomem(context);
}

}  // namespace

Status registerRowSource(Database& database, const std::string& name, RowSource& source) {
    const int code = sqlite3_create_module_v2(database.handle(), name.c_str(), &sourceModule(), &source, nullptr);
    if (code != SQLITE_OK) return database.error(code, "registering a row source");
    return okStatus();
}

Status registerRowMerger(Database& database, const std::string& name, RowMerger& merger,
                         std::optional<Error>& failure) {
    auto* hook = new MergerHook{&merger, &failure};
    const int code =
        sqlite3_create_function_v2(database.handle(), name.c_str(), 3, SQLITE_UTF8 | SQLITE_DIRECTONLY, hook,
                                   callMerger, nullptr, nullptr, [](void* p) { delete static_cast<MergerHook*>(p); });
    if (code != SQLITE_OK) return database.error(code, "registering a merge function");
    return okStatus();
}

}  // namespace tributary
