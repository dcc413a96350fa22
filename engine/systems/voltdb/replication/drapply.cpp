// Deciding what came from another cluster.
#include "engine/systems/voltdb/replication/drapply.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tributary::engine::voltdb {

namespace {

Error conflictError(std::string what, std::string where = {}) {
    return {ErrorCode::Conflict, std::move(what), std::move(where), {}};
}

DrOperation operationOf(LogRecordType type) {
    if (type == LogRecordType::Insert) return DrOperation::Insert;
    return type == LogRecordType::Delete ? DrOperation::Delete : DrOperation::Update;
}

/// One body at work.
class Applying {
public:
    Applying(const DrContext& context, DrRows& rows, int producer)
        : context_(context), rows_(rows), producer_(producer), trackers_(context.faults) {}
    void speakFor(const DrApplyBody& body) {
        here_ = body.here;
        role_ = body.role;
        nowUs_ = body.nowUs;
    }

    Status loadTrackers() {
        auto stored = rows_.trackers();
        if (!stored) return stored.error();
        return stored->empty() ? okStatus() : trackers_.decode(*stored);
    }
    Status apply(const DrApplyBody& body) {
        for (const DrIncoming& each : body.transactions) {
            if (Status done = transaction(each); !done) return done;
        }
        out.trackers = trackers_.encode();
        return rows_.setTrackers(out.trackers);
    }
    Status load(const DrLoadBody& body) {
        auto frame = readTransaction(body.frame, context_.tables.lookup());
        if (!frame) return frame.error();
        if (frame->unmatched) return conflictError(unmatchedText(*frame->unmatched, LogRecordType::Insert), kUnmatched);
        for (const LogRecord& each : frame->transaction.records) {
            const DrTables::Entry* table = context_.tables.signedBy(each.signature);
            if (table == nullptr || each.type != LogRecordType::Insert) {
                return Error{ErrorCode::Corrupt, "a snapshot holds inserts alone", {}, {}};
            }
            if (Status done = rows_.put(*table, each.after); !done) return done;
            ++out.rows;
        }
        return okStatus();
    }

    DrDecided out;

private:
    struct Part {
        int partition = 0;
        LogTransaction log;
        std::size_t at = 0;  ///< next record
    };

    Status transaction(const DrIncoming& incoming) {
        std::vector<Part> parts;
        parts.reserve(incoming.pieces.size());
        std::size_t known = 0;
        for (const DrShare& piece : incoming.pieces) {
            auto frame = readTransaction(piece.frame, context_.tables.lookup());
            if (!frame) return frame.error();
            if (frame->unmatched) {
                return conflictError(unmatchedText(*frame->unmatched, LogRecordType::Insert), kUnmatched);
            }
            const LogTransaction& log = frame->transaction;
            const bool isMp = incoming.pieces.size() > 1;
            trackers_.begin(producer_, piece.partition);
            const DrArrival arrival = trackers_.arrive(producer_, piece.partition, {log.sequence, log.sequence},
                                                       isMp ? 0 : log.uniqueId, isMp ? log.uniqueId : 0);
            if (arrival == DrArrival::Gap) {
                return conflictError(fmt::format("DR ids are missing before {} of partition {} of cluster {}",
                                                 log.sequence, piece.partition, producer_));
            }
            if (arrival == DrArrival::Duplicate) ++known;
            parts.push_back({piece.partition, std::move(frame->transaction), 0});
        }
        if (known == parts.size()) {
            ++out.duplicates;
            return okStatus();
        }
        if (known > 0) {
            return conflictError(fmt::format("a transaction of cluster {} is here in part: unique id {}", producer_,
                                             parts.front().log.uniqueId));
        }
        ++out.applied;
        constexpr std::uint64_t kSkippedOneIn = 7;
        if (context_.faults.hit("bug-dr-transaction-skipped") && parts.front().log.sequence % kSkippedOneIn == 1) {
            return okStatus();
        }
        if (context_.faults.hit("bug-dr-half-of-mp-applied") && parts.size() > 1) parts.pop_back();
        return run(parts);
    }

    /// Pieces meet at each truncation, which is one for all of them: it takes away rows of every partition.
    Status run(std::vector<Part>& parts) {
        for (bool more = true; more;) {
            more = false;
            const DrTables::Entry* truncated = nullptr;
            for (Part& part : parts) {
                for (; part.at < part.log.records.size(); ++part.at) {
                    const LogRecord& record = part.log.records[part.at];
                    if (record.type == LogRecordType::HashDelimiter) continue;
                    const DrTables::Entry* table = context_.tables.signedBy(record.signature);
                    if (table == nullptr)
                        return conflictError(unmatchedText(record.signature, record.type), kUnmatched);
                    if (record.type == LogRecordType::TruncateTable) {
                        if (truncated != nullptr && truncated != table) break;
                        truncated = table;
                        ++part.at;
                        more = true;
                        break;
                    }
                    if (Status done = change(*table, record, part); !done) return done;
                }
                more = more || part.at < part.log.records.size();
            }
            if (truncated == nullptr) continue;
            if (Status done = rows_.truncate(*truncated); !done) return done;
        }
        return okStatus();
    }

    Status change(const DrTables::Entry& table, const LogRecord& record, const Part& part) {
        ++out.rows;
        const DrOperation operation = operationOf(record.type);
        const RowImage& wanted = operation == DrOperation::Insert ? record.after : record.before;
        // Without a primary key equal rows may lie side by side: an insert finds nothing.
        const bool looks = operation != DrOperation::Insert || table.table.hasPrimaryKey;
        auto found = looks ? rows_.find(table, wanted) : Result<std::optional<RowImage>>(std::optional<RowImage>());
        if (!found) return found.error();
        std::vector<RowImage> colliding;
        if (operation != DrOperation::Delete) {
            auto holders = rows_.holders(table, record.after);
            if (!holders) return holders.error();
            for (RowImage& each : *holders) {
                if (!*found || each != **found) colliding.push_back(std::move(each));
            }
        }
        if (role_ != DrRole::Xdcr) return passive(table, record, part, *found, !colliding.empty());
        return active(table, record, part, *found, colliding);
    }

    Status passive(const DrTables::Entry& table, const LogRecord& record, const Part& part,
                   const std::optional<RowImage>& found, bool collides) {
        const bool isInsert = record.type == LogRecordType::Insert;
        const bool isDelete = record.type == LogRecordType::Delete;
        const bool isAsThere = isInsert ? !found : found && *found == record.before;
        if (!isAsThere || collides) {
            const RowImage& shown = isInsert ? record.after : record.before;
            return conflictError(fmt::format("Unable to {}: binary log type ({}), DR ID ({}), unique ID ({}), tuple {}",
                                             isInsert   ? "insert tuple"
                                             : isDelete ? "find tuple for deletion"
                                                        : "find tuple for update",
                                             static_cast<int>(record.type), part.log.sequence, part.log.uniqueId,
                                             tupleText(table, shown)));
        }
        if (!isInsert) {
            if (Status done = rows_.erase(table, *found); !done) return done;
        }
        return isDelete ? okStatus() : rows_.put(table, record.after);
    }

    Status active(const DrTables::Entry& table, const LogRecord& record, const Part& part,
                  const std::optional<RowImage>& found, const std::vector<RowImage>& colliding) {
        const DrOperation operation = operationOf(record.type);
        const DrStamp existing = found ? stampOf(*found) : DrStamp();
        const DrStamp expected = operation == DrOperation::Insert ? DrStamp() : stampOf(record.before);
        const DrStamp incoming = operation == DrOperation::Delete ? expected : stampOf(record.after);
        const Conflicts conflicts = conflictsOf(operation, found.has_value(), existing, expected, !colliding.empty());
        Resolution resolution = resolve(operation, conflicts, incoming, existing);
        if (conflicts.mismatch && operation == DrOperation::Update && context_.faults.hit("bug-dr-wrong-winner")) {
            resolution.accepted = here_ % 2 == 0;
        }
        if (conflicts.any()) note(table, record, part, found, colliding, conflicts, resolution);
        if (!resolution.accepted) return okStatus();
        if (found) {
            if (Status done = rows_.erase(table, *found); !done) return done;
        }
        if (operation == DrOperation::Delete) return okStatus();
        for (const RowImage& each : colliding) {
            if (Status done = rows_.erase(table, each); !done) return done;
        }
        return rows_.put(table, record.after);
    }

    void note(const DrTables::Entry& table, const LogRecord& record, const Part& part,
              const std::optional<RowImage>& found, const std::vector<RowImage>& colliding, const Conflicts& conflicts,
              const Resolution& resolution) {
        context_.faults.reached("dr-conflict");
        if (context_.faults.hit("bug-dr-conflict-not-logged")) return;
        ConflictEvent event;
        event.operation = operationOf(record.type);
        event.conflicts = conflicts;
        event.resolution = resolution;
        event.onPrimaryKey = event.operation == DrOperation::Insert && found.has_value();
        event.tableName = table.table.name;
        event.currentClusterId = here_;
        event.currentTimestampUs = nowUs_;
        if (found) event.existing.push_back({stampOf(*found), tupleText(table, *found)});
        for (const RowImage& each : colliding) event.existing.push_back({stampOf(each), tupleText(table, each)});
        if (event.operation != DrOperation::Insert) {
            event.expected = {stampOf(record.before), tupleText(table, record.before)};
        }
        if (event.operation == DrOperation::Delete) {
            event.incoming = {DrStamp::of(producer_, nowUs_ / kMicrosPerMilli, 0), std::nullopt};
        } else {
            event.incoming = {stampOf(record.after), tupleText(table, record.after)};
        }
        DrConflictNote out_note;
        out_note.cluster = producer_;
        const RowImage& image = event.operation == DrOperation::Delete ? record.before : record.after;
        out_note.partition = part.partition == kMpPartition ? 0 : rows_.partitionOf(table, image);
        out_note.table = table.table.name;
        out_note.timestampUs = nowUs_;
        out_note.counts.count(event);
        for (const ConflictRow& row : conflictRows(event)) out_note.lines += conflictLine(row);
        out.conflicts.push_back(std::move(out_note));
    }

    static constexpr std::int64_t kMicrosPerMilli = 1'000;
    const DrContext& context_;
    DrRows& rows_;
    int producer_;
    int here_ = 0;
    DrRole role_ = DrRole::Replica;
    std::int64_t nowUs_ = 0;
    DrTrackers trackers_;
};

Result<Bytes> track(const DrTrackersBody& body, const DrContext& context, DrRows& rows) {
    DrTrackers trackers(context.faults);
    auto stored = body.what == DrTrackersBody::What::Replace ? Result<Bytes>(body.trackers) : rows.trackers();
    if (!stored) return stored.error();
    if (!stored->empty()) {
        if (Status done = trackers.decode(*stored); !done) return done.error();
    }
    if (body.what == DrTrackersBody::What::Forget) {
        if (body.cluster < 0) trackers.clear();
        trackers.forget(body.cluster);
    }
    for (const auto& [partition, sequence] : body.next) {
        if (trackers.find(body.cluster, partition) != nullptr) continue;
        // A stream of which nothing came is tracked, too: who lost what came is told from who is new.
        trackers.begin(body.cluster, partition);
        if (sequence == 0) continue;
        (void)trackers.arrive(body.cluster, partition, {0, sequence - 1}, 0, 0);  // a first range is the next one
    }
    Bytes out = trackers.encode();
    if (Status done = rows.setTrackers(out); !done) return done.error();
    return out;
}

}  // namespace

DrStamp stampOf(const RowImage& image) {
    const auto* bits = image.empty() ? nullptr : std::get_if<std::int64_t>(&image.back());
    return bits == nullptr ? DrStamp() : DrStamp(static_cast<std::uint64_t>(*bits));
}

Result<DrDecided> decideDr(BytesView body, const DrContext& context, DrRows& rows) {
    auto read = decodeBody(body);
    if (!read) return read.error();
    if (const auto* trackers = std::get_if<DrTrackersBody>(&*read)) {
        auto tracked = track(*trackers, context, rows);
        if (!tracked) return tracked.error();
        DrDecided out;
        out.trackers = std::move(*tracked);
        return out;
    }
    const auto* load = std::get_if<DrLoadBody>(&*read);
    const auto* apply = std::get_if<DrApplyBody>(&*read);
    Applying applying(context, rows, load != nullptr ? load->cluster : apply->cluster);
    if (apply != nullptr) applying.speakFor(*apply);
    if (Status done = applying.loadTrackers(); !done) return done.error();
    if (Status done = load != nullptr ? applying.load(*load) : applying.apply(*apply); !done) return done.error();
    return std::move(applying.out);
}

}  // namespace tributary::engine::voltdb
