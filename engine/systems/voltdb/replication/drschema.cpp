// Comparing and carrying schemas of replicated tables.
#include "engine/systems/voltdb/replication/drschema.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::voltdb {

namespace {

constexpr std::uint64_t kTablesMax = 4'096;
constexpr std::uint64_t kColumnsMax = 1'024;

Error badSchema() {
    return {ErrorCode::Corrupt, "a schema of replicated tables that cannot be read", {}, {}};
}

const DrColumn* columnOf(const DrTable& table, const std::string& name) {
    const auto at = std::find_if(table.columns.begin(), table.columns.end(),
                                 [&](const DrColumn& each) { return each.column.name == name; });
    return at == table.columns.end() ? nullptr : &*at;
}

std::string fieldDiffers(int remoteCluster, std::string_view field, const std::string& object) {
    return fmt::format("Incompatible schema between remote cluster {} and local cluster: field {} in schema object {}",
                       remoteCluster, field, object);
}

std::string objectOf(const DrTable& table, const DrColumn& column) {
    return fmt::format("Column{{{}}} from Table{{{}}}", column.column.name, table.name);
}

void compareColumns(std::vector<std::string>& out, const DrTable& local, const DrTable& remote, int remoteCluster) {
    for (const DrColumn& each : remote.columns) {
        if (columnOf(local, each.column.name) != nullptr) continue;
        out.push_back(fmt::format("Missing {} on local cluster", objectOf(remote, each)));
    }
    for (const DrColumn& each : local.columns) {
        if (columnOf(remote, each.column.name) != nullptr) continue;
        out.push_back(fmt::format("Missing {} on remote cluster {}", objectOf(local, each), remoteCluster));
    }
    if (!out.empty()) return;
    for (std::size_t i = 0; i < remote.columns.size(); ++i) {
        const DrColumn& theirs = remote.columns[i];
        const DrColumn& ours = local.columns[i];
        const std::string object = objectOf(remote, theirs);
        if (ours.column.name != theirs.column.name) out.push_back(fieldDiffers(remoteCluster, "index", object));
        if (ours.column.name != theirs.column.name) continue;
        if (ours.column.type != theirs.column.type) out.push_back(fieldDiffers(remoteCluster, "type", object));
        if (ours.size != theirs.size) out.push_back(fieldDiffers(remoteCluster, "size", object));
        if (ours.nullable != theirs.nullable) out.push_back(fieldDiffers(remoteCluster, "nullable", object));
    }
}

}  // namespace

std::string_view drRoleName(DrRole role) {
    switch (role) {
        case DrRole::None: return "NONE";
        case DrRole::Master: return "MASTER";
        case DrRole::Replica: return "REPLICA";
        case DrRole::Xdcr: return "XDCR";
    }
    return "NONE";
}

LogTable loggedTable(const DrTable& table, bool stamped) {
    LogTable out;
    out.name = table.name;
    out.columns.reserve(table.columns.size() + 1);
    for (const DrColumn& each : table.columns) out.columns.push_back(each.column);
    if (stamped) out.columns.push_back({kStampColumn, ColumnType::Bigint});
    return out;
}

DrTables::DrTables(std::vector<DrTable> tables, bool stamped) : isStamped_(stamped) {
    entries_.reserve(tables.size());
    for (DrTable& each : tables) {
        Entry entry;
        entry.logged = loggedTable(each, stamped);
        entry.signature = signatureOf(entry.logged);
        entry.table = std::move(each);
        bySignature_[entry.signature] = entries_.size();
        entries_.push_back(std::move(entry));
    }
}

const DrTables::Entry* DrTables::signedBy(std::uint64_t signature) const {
    const auto at = bySignature_.find(signature);
    return at == bySignature_.end() ? nullptr : &entries_[at->second];
}

const DrTables::Entry* DrTables::named(std::string_view name) const {
    const auto at =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& each) { return each.table.name == name; });
    return at == entries_.end() ? nullptr : &*at;
}

TableLookup DrTables::lookup() const {
    return [this](std::uint64_t signature) -> const LogTable* {
        const Entry* found = signedBy(signature);
        return found == nullptr ? nullptr : &found->logged;
    };
}

std::vector<DrTable> DrTables::tables() const {
    std::vector<DrTable> out;
    out.reserve(entries_.size());
    for (const Entry& each : entries_) out.push_back(each.table);
    return out;
}

std::vector<std::string> tableDifferences(const DrTable& local, const DrTable& remote, int remoteCluster) {
    std::vector<std::string> out;
    compareColumns(out, local, remote, remoteCluster);
    const std::string object = fmt::format("Table{{{}}}", remote.name);
    const auto partitioning = [](const DrTable& table) {
        return table.partitionColumn < 0 ? std::string()
                                         : table.columns[static_cast<std::size_t>(table.partitionColumn)].column.name;
    };
    if (partitioning(local) != partitioning(remote)) {
        out.push_back(fieldDiffers(remoteCluster, "partitioncolumn", object));
    }
    if (local.hasPrimaryKey != remote.hasPrimaryKey ||
        (local.hasPrimaryKey && local.uniqueKeys.front() != remote.uniqueKeys.front())) {
        out.push_back(fieldDiffers(remoteCluster, "primary key", object));
    }
    std::vector<std::vector<int>> ours = local.uniqueKeys;
    std::vector<std::vector<int>> theirs = remote.uniqueKeys;
    std::sort(ours.begin(), ours.end());
    std::sort(theirs.begin(), theirs.end());
    if (ours != theirs) out.push_back(fieldDiffers(remoteCluster, "unique indexes", object));
    return out;
}

std::vector<std::string> schemaDifferences(const DrTables& local, const std::vector<DrTable>& remote,
                                           int remoteCluster) {
    std::vector<std::string> out;
    for (const DrTable& each : remote) {
        const DrTables::Entry* ours = local.named(each.name);
        if (ours == nullptr) {
            out.push_back(fmt::format("Missing DR table {} on local cluster", each.name));
            continue;
        }
        for (std::string& text : tableDifferences(ours->table, each, remoteCluster)) out.push_back(std::move(text));
    }
    return out;
}

void appendTables(Bytes& out, const std::vector<DrTable>& tables) {
    appendVarint(out, tables.size());
    for (const DrTable& table : tables) {
        appendBlob(out, table.name);
        appendVarint(out, table.columns.size());
        for (const DrColumn& each : table.columns) {
            appendBlob(out, each.column.name);
            appendFixed(out, static_cast<std::uint8_t>(each.column.type));
            appendVarint(out, each.size);
            appendFixed(out, static_cast<std::uint8_t>(each.nullable ? 1 : 0));
        }
        appendVarint(out, static_cast<std::uint64_t>(table.partitionColumn) + 1);
        appendFixed(out, static_cast<std::uint8_t>(table.hasPrimaryKey ? 1 : 0));
        appendVarint(out, table.uniqueKeys.size());
        for (const std::vector<int>& key : table.uniqueKeys) {
            appendVarint(out, key.size());
            for (const int column : key) appendVarint(out, static_cast<std::uint64_t>(column));
        }
    }
}

namespace {

bool readColumns(ByteReader& in, DrTable& table) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > kColumnsMax || count > in.remaining()) return false;
    table.columns.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        DrColumn column;
        column.column.name = Bytes(in.blob());
        const auto type = in.fixed<std::uint8_t>();
        column.size = static_cast<std::uint32_t>(in.varint());
        column.nullable = in.fixed<std::uint8_t>() != 0;
        if (!in.ok() || type > static_cast<std::uint8_t>(ColumnType::Varbinary)) return false;
        column.column.type = static_cast<ColumnType>(type);
        table.columns.push_back(std::move(column));
    }
    return true;
}

bool readKeys(ByteReader& in, DrTable& table) {
    const std::uint64_t keys = in.varint();
    if (!in.ok() || keys > kColumnsMax || keys > in.remaining()) return false;
    for (std::uint64_t i = 0; i < keys; ++i) {
        const std::uint64_t size = in.varint();
        if (!in.ok() || size == 0 || size > table.columns.size()) return false;
        std::vector<int> key;
        key.reserve(size);
        for (std::uint64_t c = 0; c < size; ++c) {
            const std::uint64_t column = in.varint();
            if (!in.ok() || column >= table.columns.size()) return false;
            key.push_back(static_cast<int>(column));
        }
        table.uniqueKeys.push_back(std::move(key));
    }
    return !table.hasPrimaryKey || !table.uniqueKeys.empty();
}

}  // namespace

Result<std::vector<DrTable>> readTables(ByteReader& in) {
    const std::uint64_t count = in.varint();
    if (!in.ok() || count > kTablesMax || count > in.remaining()) return badSchema();
    std::vector<DrTable> out;
    out.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        DrTable table;
        table.name = Bytes(in.blob());
        if (!readColumns(in, table)) return badSchema();
        const std::uint64_t partition = in.varint();
        if (!in.ok() || partition > table.columns.size()) return badSchema();
        table.partitionColumn = static_cast<int>(partition) - 1;
        table.hasPrimaryKey = in.fixed<std::uint8_t>() != 0;
        if (!readKeys(in, table)) return badSchema();
        out.push_back(std::move(table));
    }
    return out;
}

}  // namespace tributary::engine::voltdb
