// Clusters in memory: rows, and the clients and directory around them.
#include <fmt/format.h>

#include <algorithm>

#include "core/operations/columns.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "fakeclusters.h"

namespace tributary::test {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::CellInput;
using engine::maprdb::CellTime;
using engine::maprdb::MutationBuilder;
using engine::maprdb::OpKind;

Json cellsJson(const std::vector<FakeItem>& items) {
    Json cells = Json::array();
    for (const FakeItem& item : items) {
        cells.push_back(Json{{"family", item.family},
                             {"column", engine::bytesToJson(item.qualifier)},
                             {"timestamp", item.timestampMs},
                             {"value", engine::bytesToJson(item.value)}});
    }
    return cells;
}

}  // namespace

std::vector<FakeItem> FakeTable::visible(const Bytes& key) const {
    std::vector<FakeItem> out;
    const auto row = rows.find(key);
    if (row == rows.end()) return out;
    for (const FakeItem& item : row->second) {
        if (item.kind != OpKind::Put) continue;
        const bool hidden = std::any_of(row->second.begin(), row->second.end(), [&](const FakeItem& tombstone) {
            if (tombstone.kind == OpKind::Put || item.timestampMs > tombstone.timestampMs) return false;
            if (tombstone.kind == OpKind::DeleteRow) return true;
            if (tombstone.family != item.family) return false;
            return tombstone.kind == OpKind::DeleteFamily || tombstone.qualifier == item.qualifier;
        });
        if (!hidden) out.push_back(item);
    }
    return out;
}

Result<Bytes> FakeCluster::readRange(BytesView body) {
    ByteReader reader(body);
    FakeTable* table = at(std::string(reader.blob()));
    const Bytes from(reader.blob());
    const Bytes to(reader.blob());
    const auto rowsMax = reader.fixed<std::uint32_t>();
    (void)reader.fixed<std::uint32_t>();
    const std::string columnText(reader.blob());
    const auto maxVersions = reader.fixed<std::uint32_t>();
    const auto startMs = reader.fixed<std::int64_t>();
    const auto endMs = reader.fixed<std::int64_t>();
    if (!reader.ok() || !reader.atEnd()) return Error{ErrorCode::InvalidInput, "malformed range", {}, {}};
    if (table == nullptr) return Error{ErrorCode::NotFound, "no table", {}, {}};
    const ColumnList columns = columnText.empty() ? ColumnList{} : *parseColumns(columnText);
    const bool filtered = !columns.empty() || maxVersions > 0 || startMs > 0 || endMs > 0;
    std::vector<std::string> names;
    for (const auto& family : table->record.families) names.push_back(family.name);
    Bytes mutations;
    MutationBuilder builder(mutations);
    std::uint32_t rows = 0;
    Bytes next;
    auto row = table->rows.lower_bound(from);
    for (; row != table->rows.end() && rows < rowsMax && (to.empty() || row->first < to); ++row, ++rows) {
        next = row->first + '\0';
        std::map<std::pair<std::string, Bytes>, std::uint32_t> versions;
        for (auto item = row->second.rbegin(); item != row->second.rend(); ++item) {
            const auto index =
                static_cast<std::uint32_t>(std::find(names.begin(), names.end(), item->family) - names.begin());
            const CellTime time{item->timestampMs, item->stamp};
            if (filtered && item->kind != OpKind::Put) continue;
            if (filtered && !selects(columns, item->family, item->qualifier)) continue;
            if (startMs > 0 && item->timestampMs < startMs) continue;
            if (endMs > 0 && item->timestampMs >= endMs) continue;
            if (maxVersions > 0 && ++versions[{item->family, item->qualifier}] > maxVersions) continue;
            switch (item->kind) {
                case OpKind::Put: builder.put(row->first, CellInput{index, item->qualifier, item->value, time}); break;
                case OpKind::DeleteRow: builder.deleteRow(row->first, time); break;
                case OpKind::DeleteFamily: builder.deleteFamily(row->first, index, time); break;
                case OpKind::DeleteColumn: builder.deleteColumn(row->first, index, item->qualifier, time); break;
            }
        }
    }
    const bool atEnd = row == table->rows.end() || (!to.empty() && row->first >= to);
    Bytes out;
    appendFixed<std::uint8_t>(out, atEnd ? 1 : 0);
    appendFixed<std::uint32_t>(out, rows);
    appendBlob(out, next);
    out.append(engine::maprdb::encodeBody(names, mutations));
    return out;
}

Result<Bytes> FakeCluster::put(BytesView body) {
    ByteReader reader(body);
    const std::string path(reader.blob());
    const bool copy = (reader.fixed<std::uint8_t>() & 1U) != 0;
    FakeTable* table = at(path);
    if (table == nullptr) return Error{ErrorCode::NotFound, "no table " + path, {}, {}};
    const auto parsed = engine::maprdb::parseBody(BytesView(reader.position(), reader.remaining()));
    if (!parsed) return parsed.error();
    if (parsed->mutations.empty()) return Error{ErrorCode::InvalidInput, "an empty put", {}, {}};
    constexpr Stamp kArrival = Stamp{5000} << 16U;
    engine::maprdb::MutationReader ops(parsed->mutations, kArrival);
    engine::maprdb::OpView op;
    while (ops.next(op)) {
        auto cells = op.cells();
        engine::maprdb::CellView cell;
        while (cells.next(cell)) {
            if (copy && (!cell.ownTimestamp || !cell.ownStamp)) {
                return Error{ErrorCode::InvalidInput, "a copied cell without its times", {}, {}};
            }
            const std::string family =
                op.kind == OpKind::DeleteRow ? std::string() : std::string(parsed->families.at(cell.family));
            table->rows[Bytes(op.key)].insert(
                FakeItem{op.kind, family, Bytes(cell.qualifier), cell.timestampMs, cell.stamp, Bytes(cell.value)});
        }
    }
    if (!ops.ok()) return Error{ErrorCode::Corrupt, "damaged", {}, {}};
    return Bytes();
}

namespace {

/// The cells of a row that a read of these columns shows.
Json shown(const FakeTable& table, const Bytes& key, const std::string& columnText) {
    std::vector<FakeItem> items = table.visible(key);
    if (columnText.empty()) return cellsJson(items);
    const ColumnList columns = *parseColumns(columnText);
    std::erase_if(items, [&](const FakeItem& item) { return !selects(columns, item.family, item.qualifier); });
    return cellsJson(items);
}

}  // namespace

Json FakeCluster::fingerprint(const Json& body, FakeTable& table) {
    std::vector<Bytes> boundaries;
    if (body.contains("boundaries") && cutAtFingerprints) {
        for (const Json& key : body.at("boundaries"))
            boundaries.push_back(*engine::bytesFromJson(key.get<std::string>()));
    }
    const std::uint64_t perRange = body.value("rowsperrange", std::uint64_t{0});
    Json ranges = Json::array();
    std::uint64_t rows = 0;
    std::string text;
    std::string deletes;
    const auto close = [&](const Bytes& to) {
        ranges.push_back(Json{{"to", engine::bytesToJson(to)},
                              {"rows", rows},
                              {"hash", fmt::format("{:016x}", std::hash<std::string>{}(text))},
                              {"deletes", fmt::format("{:016x}", std::hash<std::string>{}(deletes))}});
        rows = 0;
        text.clear();
        deletes.clear();
    };
    std::size_t next = 0;
    for (const auto& [key, items] : table.rows) {
        while (next < boundaries.size() && key >= boundaries[next]) close(boundaries[next++]);
        if (perRange > 0 && rows >= perRange) close(key);
        for (const FakeItem& item : items) {
            if (item.kind == engine::maprdb::OpKind::Put) continue;
            deletes += fmt::format("{} {} {} {} {} ", key, static_cast<int>(item.kind), item.family, item.qualifier,
                                   item.timestampMs);
        }
        const Json cells = shown(table, key, body.value("columns", std::string()));
        if (cells.empty()) continue;
        ++rows;
        text += engine::bytesToJson(key) + cells.dump();
    }
    while (next < boundaries.size()) close(boundaries[next++]);
    close({});
    return Json{{"ranges", ranges}};
}

Json FakeCluster::scan(const Json& body, FakeTable& table) {
    Json out{{"rows", Json::array()}, {"next", nullptr}};
    const Bytes from = *engine::bytesFromJson(body.value("from", std::string()));
    const Bytes to = *engine::bytesFromJson(body.value("to", std::string()));
    const std::size_t limit = body.at("limit");
    for (auto row = table.rows.lower_bound(from); row != table.rows.end(); ++row) {
        if (!to.empty() && row->first >= to) break;
        const Json cells = shown(table, row->first, body.value("columns", std::string()));
        if (cells.empty()) continue;
        if (out["rows"].size() == limit) {
            out["next"] = engine::bytesToJson(row->first);
            break;
        }
        out["rows"].push_back(Json{{"key", engine::bytesToJson(row->first)}, {"cells", cells}});
    }
    return out;
}

Result<Bytes> FakeClient::call(Method method, BytesView body, Millis timeoutMs) {
    (void)timeoutMs;
    mixedUp = mixedUp || !answers_.empty();
    if (!cluster_.up) return Error{ErrorCode::Unavailable, name_ + " does not answer", {}, {}};
    return cluster_.handle(method, body);
}

Status FakeClient::send(Method method, BytesView body) {
    if (!cluster_.up) return Error{ErrorCode::Unavailable, name_ + " does not answer", {}, {}};
    answers_.push_back(cluster_.handle(method, body));
    unreadMax = std::max(unreadMax, answers_.size());
    return okStatus();
}

Result<Bytes> FakeClient::receive(Millis timeoutMs) {
    (void)timeoutMs;
    if (answers_.empty()) return Error{ErrorCode::Internal, "nothing was asked", {}, {}};
    Result<Bytes> answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
}

FakeCluster& FakeDirectory::add(const std::string& name) {
    clusters_[name] = std::make_unique<FakeCluster>(name);
    clients_[name] = std::make_shared<FakeClient>(*clusters_[name], name);
    return *clusters_[name];
}

Result<std::shared_ptr<engine::ControlClient>> FakeDirectory::client(const std::string& cluster) {
    const auto found = clients_.find(cluster);
    if (found == clients_.end()) return Error{ErrorCode::NotFound, "there is no cluster " + cluster, {}, {}};
    if (!clusters_.at(cluster)->up) return Error{ErrorCode::Unavailable, cluster + " is not up", {}, {}};
    return std::shared_ptr<engine::ControlClient>(found->second);
}

std::vector<std::string> FakeDirectory::clusters() const {
    std::vector<std::string> out;
    for (const auto& [name, cluster] : clusters_) out.push_back(name);
    return out;
}

}  // namespace tributary::test
