// A host's data for replication.
#include "engine/systems/voltdb/host/hostreplication.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/node/node.h"
#include "engine/systems/voltdb/data/drpieces.h"

namespace tributary::engine::voltdb {

namespace {

constexpr std::size_t kFeedBytes = std::size_t{256} << 10U;
constexpr std::int64_t kMicrosPerMs = 1'000;

CommandLog commandLogOf(const std::string& text) {
    if (text == "off") return CommandLog::Off;
    return text == "asynchronous" ? CommandLog::Asynchronous : CommandLog::Synchronous;
}

/// Rows of all DR tables, table by table.
class HostPicture final : public DrPicture {
public:
    HostPicture(std::unique_ptr<VoltPicture> picture, DrTables tables, int partitions)
        : picture_(std::move(picture)), tables_(std::move(tables)), partitions_(partitions) {}

    Status readTrackers() {
        auto note = picture_->metaGet(kTrackersNote);
        if (!note) return note.error();
        trackers_ = note->value_or(Bytes());
        return okStatus();
    }
    [[nodiscard]] std::map<int, std::uint64_t> next() const override {
        std::map<int, std::uint64_t> out;
        for (int partition = 0; partition < partitions_; ++partition) {
            out[partition] = picture_->nextSequence(partition);
        }
        out[kMpPartition] = picture_->nextSequence(kMpPartition);
        return out;
    }
    [[nodiscard]] Bytes trackers() const override { return trackers_; }
    [[nodiscard]] std::optional<std::uint64_t> rows() const override { return std::nullopt; }
    [[nodiscard]] Result<LogTransaction> read(std::size_t bytesMax) override {
        constexpr std::size_t kRowBytes = 128;  // a guess; parts need not be alike
        const std::size_t rowsMax = std::max<std::size_t>(bytesMax / kRowBytes, 1);
        LogTransaction out;
        while (at_ < tables_.all().size() && out.records.empty()) {
            const DrTables::Entry& table = tables_.all()[at_];
            auto rows = picture_->rows(table.table.name, skip_, rowsMax);
            if (!rows) return rows.error();
            skip_ += rows->size();
            if (rows->empty()) {
                ++at_;
                skip_ = 0;
            }
            out.records.reserve(rows->size());
            for (RowImage& each : *rows) {
                out.records.push_back({LogRecordType::Insert, table.signature, {}, std::move(each), {}, 0});
            }
        }
        return out;
    }

private:
    std::unique_ptr<VoltPicture> picture_;
    DrTables tables_;
    int partitions_;
    Bytes trackers_;
    std::size_t at_ = 0;
    std::size_t skip_ = 0;
};

DrSettings settingsOf(const VoltSettings& volt, const ReplicationSettings& told, const std::string& volume) {
    DrSettings out;
    out.cluster = volt.clusterId;
    out.role = volt.role;
    out.hostname = volt.hostName;
    out.door = told.door;
    out.address = told.address;
    out.sources = told.sources;
    out.addresses = told.addresses;
    out.flushIntervalMs = told.flushIntervalMs;
    out.consumerBytesMax = told.consumerBytesMax;
    out.memoryBytesMax = told.memoryBytesMax;
    out.commandLog = commandLogOf(volt.commandLog);
    out.bookFile = told.bookFile.empty() ? volume + "/replication.json" : told.bookFile;
    out.conflictFile = told.conflictFile;
    return out;
}

}  // namespace

void addReplication(VoltSettings& settings, ReplicationSettings replication) {
    settings.drInterface = settings.role == DrRole::None ? std::string() : replication.door.host;
    settings.drPort = settings.role == DrRole::None ? 0 : replication.door.port;
    settings.makeDr = [replication = std::move(replication)](VoltControl& control) -> std::unique_ptr<DrSide> {
        return std::make_unique<HostReplication>(control, replication);
    };
}

HostReplication* replicationOf(VoltControl& control) {
    return dynamic_cast<HostReplication*>(control.dr());
}

HostReplication::HostReplication(VoltControl& control, ReplicationSettings replication)
    : control_(control),
      replication_(std::move(replication)),
      settings_(settingsOf(control.settings(), replication_, control.node().config().volumeDir)),
      cluster_(*this) {
    addProcedures();
}

HostReplication::~HostReplication() {
    *alive_ = false;
}

void HostReplication::setReadOnly(const std::string& reason) {
    const bool isReplica = cluster_.role() == DrRole::Replica;
    control_.setReplicaReadOnly(isReplica && !reason.empty());
    control_.setReadOnly(isReplica ? std::string() : reason);
}

void HostReplication::setSources(std::vector<Endpoint> sources) {
    settings_.sources = std::move(sources);
    if (isStarted_) cluster_.sourcesChanged();
}

void HostReplication::logLine(const std::string& line) {
    if (replication_.logLine) replication_.logLine(line);
}

void HostReplication::stop(const std::string& why, const Status& told) {
    trouble_ = why;
    logLine("DR: " + why);
    tellBegun(told);
}

void HostReplication::tellBegun(const Status& status) {
    if (begun_) std::exchange(begun_, Begun())(status);
}

void HostReplication::begun(Begun begun) {
    if (settings_.role == DrRole::None) {
        begun(okStatus());
        return;
    }
    begun_ = std::move(begun);
    tables_ = drTablesOf(control_.schema()->catalog());
    next_ = control_.nextSequences();
    const Status looked = control_.look([this](PartitionRows& rows) -> Status {
        auto note = rows.metaGet(kTrackersNote);
        if (!note) return note.error();
        trackers_ = note->value_or(Bytes());
        return okStatus();
    });
    const Status opened = looked ? cluster_.open() : looked;
    if (!opened) {
        // Whatever the reason: clients do not write into a replica.
        control_.setReplicaReadOnly(settings_.role == DrRole::Replica);
        stop(opened.error().text(), opened.error().code == ErrorCode::InvalidInput ? okStatus() : opened);
        return;
    }
    isKnown_ = true;
    if (cluster_.role() == DrRole::Master) control_.settings().role = DrRole::Master;  // promoted before
    const Lsn durable = control_.node().log().durableLsn();
    nextAtStart_ = next_;
    lastAtStart_ = durable;
    const Lsn needed = cluster_.neededFrom();
    readFrom_ = std::min(needed, durable + 1);
    readFrom_ = std::max(readFrom_, control_.node().log().firstLsn());
    isOpen_ = true;
    feed();
}

Lsn HostReplication::neededFrom() {
    if (settings_.role == DrRole::None) return std::numeric_limits<Lsn>::max();
    // Before the book is read nobody knows. Once it was, others need their logs whatever stops this one meanwhile.
    return isKnown_ ? std::min(cluster_.neededFrom(), readFrom_) : 0;
}

void HostReplication::feed() {
    if (!isOpen_ || isReading_) return;
    CommitLog& log = control_.node().log();
    const std::shared_ptr<bool> alive = alive_;
    // With an asynchronous command log what is published may still be lost: it is not shipped before it is on the disk.
    const Lsn end = log.syncedLsn();
    while (readFrom_ <= end) {
        auto recent = log.readRecent(readFrom_, kFeedBytes);
        if (!recent) {
            readStored();
            return;
        }
        while (!recent->empty() && recent->back().lsn > end) recent->pop_back();
        if (recent->empty()) break;
        readFrom_ = recent->back().lsn + 1;
        take(*recent);
        if (!*alive || !isOpen_) return;
    }
    fed();
}

void HostReplication::readStored() {
    isReading_ = true;
    control_.node().log().readStored(readFrom_, control_.datasetId(), kFeedBytes,
                                     [this, alive = alive_](const Result<CommitLog::StoredBatch>& batch) {
                                         if (!*alive) return;
                                         isReading_ = false;
                                         if (!batch || batch->next <= readFrom_) {
                                             isOpen_ = false;
                                             stop(batch ? "the log holds no entry there" : batch.error().text());
                                             return;
                                         }
                                         readFrom_ = batch->next;
                                         take(batch->entries);
                                         if (isOpen_) feed();
                                     });
}

void HostReplication::take(const std::vector<LogEntry>& entries) {
    for (const LogEntry& entry : entries) {
        if (entry.envelope.datasetId != control_.datasetId()) continue;
        auto logged = loggedOf(entry);
        if (!logged) {
            isOpen_ = false;
            stop(logged.error().text());
            return;
        }
        for (DrLogged& each : *logged) {
            std::uint64_t& next = next_[each.partition];
            next = std::max(next, each.sequence + 1);
            if (entry.lsn <= lastAtStart_) nextAtStart_[each.partition] = next;
            cluster_.logged(std::move(each));
        }
    }
    cluster_.loggedUpTo(readFrom_ - 1);
}

Result<std::vector<DrLogged>> HostReplication::loggedOf(const LogEntry& entry) {
    const std::shared_ptr<const VoltSchema> schema = control_.schema();
    auto transaction = drTransactionOf(entry, *schema);
    if (!transaction) return transaction.error();
    std::vector<DrLogged> out;
    out.reserve(transaction->pieces.size());
    std::vector<int> participants;
    for (const DrPiece& each : transaction->pieces) participants.push_back(each.partition);
    std::sort(participants.begin(), participants.end());
    if (participants.size() == 1) participants.clear();
    for (DrPiece& each : transaction->pieces) {
        LogTransaction log;
        log.uniqueId = transaction->uniqueId;
        log.sequence = each.sequence;
        log.hashFlag = !participants.empty()            ? HashFlag::Multi
                       : each.partition == kMpPartition ? HashFlag::Replicated
                                                        : HashFlag::Single;
        log.records = std::move(each.records);
        DrLogged logged;
        logged.lsn = entry.lsn;
        logged.timestampUs = stampMs(transaction->uniqueId) * kMicrosPerMs;
        logged.participants = participants;
        logged.partition = each.partition;
        logged.uniqueId = transaction->uniqueId;
        logged.sequence = each.sequence;
        if (Status done = appendTransaction(logged.frame, log, then_.at(schema, entry.lsn).lookup()); !done) {
            return done.error();
        }
        out.push_back(std::move(logged));
    }
    return out;
}

void HostReplication::fed() {
    if (isStarted_) return;
    isStarted_ = true;
    if (Status done = cluster_.start(); !done) {
        stop(done.error().text(), seams().faults.hit("bug-dr-begins-deaf") ? okStatus() : done);
        return;
    }
    if (const auto door = cluster_.door()) control_.settings().drPort = door->port;
    tellBegun(okStatus());
}

void HostReplication::schemaChanged() {
    tables_ = drTablesOf(control_.schema()->catalog());
    if (isStarted_) cluster_.schemaChanged();
}

int HostReplication::partitions() const {
    return control_.schema()->partitions();
}

Result<bool> HostReplication::hasRows() {
    bool out = false;
    const Status looked = control_.look([&out](PartitionRows& rows) -> Status {
        const auto any = rows.anyDrRow();
        if (any) out = *any;
        return any ? okStatus() : Status(any.error());
    });
    if (!looked) return looked.error();
    return out;
}

std::uint64_t HostReplication::nextSequence(int partition) const {
    const auto at = next_.find(partition);
    return at == next_.end() ? 0 : at->second;
}

std::uint64_t HostReplication::nextAtStart(int partition) const {
    const auto at = nextAtStart_.find(partition);
    return at == nextAtStart_.end() ? 0 : at->second;
}

Result<DrTrackers> HostReplication::trackers() {
    DrTrackers out(control_.node().seams().faults);
    if (trackers_.empty()) return out;
    if (Status read = out.decode(trackers_); !read) return read.error();
    return out;
}

void HostReplication::write(Bytes body, Written written) {
    const auto isWithin = std::make_shared<bool>(true);
    control_.applyDr(std::move(body), [this, alive = alive_, isWithin, written](const Result<Bytes>& reply) {
        if (!*alive) return;
        auto decided = reply ? decodeDecided(*reply) : Result<DrDecided>(reply.error());
        if (decided && !decided->trackers.empty()) trackers_ = decided->trackers;
        if (!*isWithin) {
            written(std::move(decided));
            return;
        }
        seams().executor.post([alive, written, decided = std::move(decided)] {
            if (*alive) written(decided);
        });
    });
    *isWithin = false;
}

Result<std::unique_ptr<DrPicture>> HostReplication::picture() {
    auto frozen = control_.frozen();
    if (!frozen) return frozen.error();
    auto out = std::make_unique<HostPicture>(std::move(*frozen), tables_, partitions());
    if (Status read = out->readTrackers(); !read) return read.error();
    return std::unique_ptr<DrPicture>(std::move(out));
}

void HostReplication::readAgain(int partition, Lsn lsn, std::size_t bytesMax, Read read) {
    CommitLog& log = control_.node().log();
    if (lsn > log.durableLsn()) {
        seams().executor.post([read = std::move(read)] { read(std::vector<DrLogged>()); });
        return;
    }
    log.readStored(lsn, control_.datasetId(), bytesMax,
                   [this, alive = alive_, partition, lsn, bytesMax,
                    read = std::move(read)](const Result<CommitLog::StoredBatch>& batch) {
                       if (!*alive) return;
                       if (!batch) {
                           read(batch.error());
                           return;
                       }
                       std::vector<DrLogged> out;
                       for (const LogEntry& entry : batch->entries) {
                           auto logged = loggedOf(entry);
                           if (!logged) {
                               read(logged.error());
                               return;
                           }
                           for (DrLogged& each : *logged) {
                               if (each.partition == partition) out.push_back(std::move(each));
                           }
                       }
                       if (!out.empty() || batch->next <= lsn) {
                           read(std::move(out));
                       } else {
                           readAgain(partition, batch->next, bytesMax, read);
                       }
                   });
}

}  // namespace tributary::engine::voltdb
