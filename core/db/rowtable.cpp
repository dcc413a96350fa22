// The virtual table over a RowSource, and the SQL function over a RowMerger.
#include "core/db/rowtable.h"

#include <sqlite3.h>

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
    auto* table = new SourceTable{};
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

int openCursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
    *out = new sqlite3_vtab_cursor{};
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor* cursor) {
    delete cursor;
    return SQLITE_OK;
}

int filterCursor(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    sourceOf(cursor).rewind();
    return SQLITE_OK;
}

int nextRow(sqlite3_vtab_cursor* cursor) {
    sourceOf(cursor).next();
    return SQLITE_OK;
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

void callMerger(sqlite3_context* context, int, sqlite3_value** values) {
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
