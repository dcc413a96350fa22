// Marks between images, and transactions read back of them.
#include "engine/systems/voltdb/data/effect.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/replication/entryparts.h"
#include "engine/replication/payload.h"
#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/schema/sqlitetables.h"

namespace tributary::engine::voltdb {
namespace {

constexpr int kLocal = -1;  ///< of no stream

Error damagedEffect() {
    return {ErrorCode::Corrupt, "the effect of a transaction is damaged", {}, {}};
}

Result<int> streamOf(const VoltTable& table, BytesView values, int partitions) {
    if (!table.isDr) return kLocal;
    if (!table.partitionColumn) return kMpPartition;
    const std::size_t column = *table.partitionColumn;
    ByteReader in(values);
    SqlValue value;
    for (std::size_t i = 0; i <= column; ++i) value = readSqlValue(in);
    if (!in.ok()) return damagedEffect();
    return partitionOfValue(fromSql(value, table.columns[column].type), partitions);
}

class EffectWriter {
public:
    EffectWriter(SqlStateUnit& unit, const VoltSchema& schema, bool isDr) : unit_(unit), schema_(schema), isDr_(isDr) {}

    void under(int stream) {
        if (!isDr_ || stream == now_) return;
        now_ = stream;
        Bytes mark;
        appendVarint(mark, static_cast<std::uint64_t>(stream) + 1);
        appendVarint(mark, stream == kLocal ? 0 : unit_.counter(static_cast<std::uint32_t>(stream)));
        appendSqlMark(out_, mark);
        if (stream != kLocal) streams_.insert(stream);
    }
    Status add(const SqlChangeView& change, BytesView bytes) {
        const VoltTable* table = schema_.catalog().tableById(change.table);
        int stream = kLocal;
        if (isDr_ && table != nullptr) {
            const auto found =
                streamOf(*table, change.what == SqlChange::Insert ? change.after : change.before, schema_.partitions());
            if (!found) return found.error();
            stream = found.value();
        }
        under(stream);
        out_.append(bytes);
        if (stream != kLocal) bytes_[stream] += bytes.size();
        return okStatus();
    }
    /// `streams` had rows of it. A truncation takes away the rows of all partitions at once: it has a part in each of
    /// them, so that no consumer truncates what another stream brought later.
    void addTruncated(std::uint32_t id, std::set<int> streams) {
        const VoltTable* table = schema_.catalog().tableById(id);
        if (isDr_ && table != nullptr && table->isDr && table->partitionColumn && !streams.empty()) {
            for (int partition = 0; partition < schema_.partitions(); ++partition) streams.insert(partition);
        }
        for (const int stream : streams) {
            under(stream);
            appendSqlTruncate(out_, id);
        }
    }
    /// Takes a number of each stream.
    Result<Bytes> finish() {
        std::uint64_t sum = 0;
        for (const auto& [stream, bytes] : bytes_) {
            sum += bytes;
            if (bytes <= kLargeBufferBytes) continue;
            return Error{ErrorCode::Unsupported,
                         fmt::format("Transaction requiring {} bytes exceeds max DR Buffer size of {} bytes", bytes,
                                     kLargeBufferBytes),
                         {},
                         {}};
        }
        if (bytes_.size() > 1) {
            if (Status fits = checkAggregate(sum); !fits) return fits.error();
        }
        const std::size_t from = unit_.captured().size();
        for (const int stream : streams_) {
            const auto counter = static_cast<std::uint32_t>(stream);
            unit_.setCounter(counter, unit_.counter(counter) + 1);
        }
        out_.append(unit_.captured().substr(from));
        return std::move(out_);
    }

private:
    SqlStateUnit& unit_;
    const VoltSchema& schema_;
    bool isDr_;
    int now_ = kLocal;
    Bytes out_;
    std::set<int> streams_;
    std::map<int, std::uint64_t> bytes_;
};

using Shape = VoltSchema::Derived::Shape;

const Shape& shapeOf(const VoltSchema& schema, const VoltTable& table) {
    auto& shapes = schema.derived().shapes;
    auto at = shapes.find(&table);
    if (at != shapes.end()) return at->second;
    Shape made{table.logTable(), 0};
    made.signature = signatureOf(made.table);
    return shapes.emplace(&table, std::move(made)).first->second;
}

Result<LogRecord> recordOf(const SqlChangeView& change, const VoltTable& table, const Shape& known) {
    const LogTable& shape = known.table;
    LogRecord record;
    record.signature = known.signature;
    if (change.what == SqlChange::Truncate) {
        record.type = LogRecordType::TruncateTable;
        record.tableName = table.name;
        return record;
    }
    record.type = change.what == SqlChange::Insert   ? LogRecordType::Insert
                  : change.what == SqlChange::Delete ? LogRecordType::Delete
                                                     : LogRecordType::Update;
    if (change.what != SqlChange::Insert) {
        const auto row = readSqlRow(change.before, shape.columns.size());
        if (!row) return row.error();
        record.before = fromSqlRow(row.value(), shape);
    }
    if (change.what != SqlChange::Delete) {
        const auto row = readSqlRow(change.after, shape.columns.size());
        if (!row) return row.error();
        record.after = fromSqlRow(row.value(), shape);
    }
    return record;
}

DrPiece& pieceOf(DrTransaction& transaction, int stream, std::uint64_t sequence) {
    for (DrPiece& piece : transaction.pieces) {
        if (piece.partition == stream) return piece;
    }
    return transaction.pieces.emplace_back(DrPiece{stream, sequence, {}});
}

}  // namespace

Result<Bytes> makeEffect(SqlStateUnit& unit, const VoltSchema& schema, const std::vector<TruncatedRange>& truncated,
                         bool isDr) {
    EffectWriter writer(unit, schema, isDr);
    const Bytes captured(unit.captured());
    ByteReader in(captured);
    SqlChangeView change;
    auto range = truncated.begin();
    std::set<int> streams;
    const char* at = in.position();
    while (nextSqlChange(in, change)) {
        const BytesView bytes(at, static_cast<std::size_t>(in.position() - at));
        const auto place = static_cast<std::size_t>(at - captured.data());
        at = in.position();
        while (range != truncated.end() && place >= range->to) {
            writer.addTruncated(range->table, streams);
            streams.clear();
            ++range;
        }
        if (range == truncated.end() || place < range->from) {
            if (Status added = writer.add(change, bytes); !added) return added.error();
            continue;
        }
        const VoltTable* table = schema.catalog().tableById(change.table);
        const auto stream =
            table == nullptr ? Result<int>(kLocal) : streamOf(*table, change.before, schema.partitions());
        if (!stream) return stream.error();
        streams.insert(isDr ? stream.value() : kLocal);
    }
    if (!in.ok()) return damagedEffect();
    if (range != truncated.end()) writer.addTruncated(range->table, streams);
    return writer.finish();
}

Result<DrTransaction> drTransactionOf(const LogEntry& entry, const VoltSchema& schema) {
    DrTransaction out;
    out.lsn = entry.lsn;
    if (entry.envelope.kind != EntryKind::Decided) return out;
    const EntryParts parts = partsOf(entry);
    const auto payload = parsePayload(parts.payload, false);
    if (!payload) return payload.error();
    out.uniqueId = payload.value().stamp;
    const VoltCatalog& catalog = schema.catalogAt(entry.lsn);
    int stream = kLocal;
    std::uint64_t sequence = 0;
    ByteReader in(parts.effect);
    SqlChangeView change;
    while (nextSqlChange(in, change)) {
        if (change.what == SqlChange::Mark) {
            ByteReader mark(change.mark);
            stream = static_cast<int>(mark.varint()) - 1;
            sequence = mark.varint();
            if (!mark.ok()) return damagedEffect();
            continue;
        }
        if (stream == kLocal || change.what == SqlChange::Counter) continue;
        const VoltTable* table = catalog.tableById(change.table);
        if (table == nullptr) return damagedEffect();
        auto record = recordOf(change, *table, shapeOf(schema, *table));
        if (!record) return record.error();
        pieceOf(out, stream, sequence).records.push_back(std::move(record).value());
    }
    if (!in.ok()) return damagedEffect();
    return out;
}

}  // namespace tributary::engine::voltdb
