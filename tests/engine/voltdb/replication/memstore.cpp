// Data in memory.
#include "memstore.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::test {

using namespace engine;
using namespace engine::voltdb;

void MemState::apply(const MemEffect& effect) {
    switch (effect.what) {
        case MemEffect::What::Put: rows[effect.table].insert(effect.row); break;
        case MemEffect::What::Erase: {
            auto& table = rows[effect.table];
            const auto at = table.find(effect.row);
            if (at != table.end()) table.erase(at);
            break;
        }
        case MemEffect::What::Truncate: rows[effect.table].clear(); break;
        case MemEffect::What::Trackers: trackers = effect.trackers; break;
        case MemEffect::What::Next: next[effect.partition] = effect.next; break;
    }
}

/// Rows of a decision: changes are made in the pending state at once, and undone when it is refused.
class MemRows final : public DrRows {
public:
    explicit MemRows(MemStore& store) : store_(store), before_(store.pending_) {}
    void undo() { store_.pending_ = before_; }
    std::vector<MemEffect> effects;

    Result<std::optional<RowImage>> find(const DrTables::Entry& table, const RowImage& image) override {
        for (const RowImage& each : store_.pending_.rows[table.table.name]) {
            if (table.table.hasPrimaryKey ? sameKey(table.table.uniqueKeys.front(), each, image) : each == image) {
                return std::optional(each);
            }
        }
        return std::optional<RowImage>();
    }
    Result<std::vector<RowImage>> holders(const DrTables::Entry& table, const RowImage& image) override {
        std::vector<RowImage> out;
        for (const RowImage& each : store_.pending_.rows[table.table.name]) {
            for (const std::vector<int>& key : table.table.uniqueKeys) {
                if (!sameKey(key, each, image)) continue;
                out.push_back(each);
                break;
            }
        }
        return out;
    }
    Status put(const DrTables::Entry& table, const RowImage& image) override {
        return change({MemEffect::What::Put, table.table.name, image, {}, 0, 0});
    }
    Status erase(const DrTables::Entry& table, const RowImage& image) override {
        return change({MemEffect::What::Erase, table.table.name, image, {}, 0, 0});
    }
    Status truncate(const DrTables::Entry& table) override {
        return change({MemEffect::What::Truncate, table.table.name, {}, {}, 0, 0});
    }
    int partitionOf(const DrTables::Entry& table, const RowImage& image) override {
        return table.table.partitionColumn < 0 ? 0 : store_.partitionOf(table.table, image);
    }
    Result<Bytes> trackers() override { return store_.pending_.trackers; }
    Status setTrackers(Bytes trackers) override {
        return change({MemEffect::What::Trackers, {}, {}, std::move(trackers), 0, 0});
    }
    Status change(MemEffect effect) {
        store_.pending_.apply(effect);
        effects.push_back(std::move(effect));
        return okStatus();
    }

private:
    static bool sameKey(const std::vector<int>& key, const RowImage& left, const RowImage& right) {
        return std::all_of(key.begin(), key.end(), [&](int column) {
            const auto at = static_cast<std::size_t>(column);
            return !std::holds_alternative<std::monostate>(left[at]) && left[at] == right[at];
        });
    }
    MemStore& store_;
    MemState before_;
};

namespace {

class MemPicture final : public DrPicture {
public:
    MemPicture(const MemState& state, const DrTables& tables) : state_(state), tables_(tables) {
        for (const auto& [table, rows] : state_.rows) {
            if (tables_.named(table) == nullptr) continue;
            for (const RowImage& row : rows) all_.emplace_back(table, row);
        }
    }
    [[nodiscard]] std::map<int, std::uint64_t> next() const override { return state_.next; }
    [[nodiscard]] Bytes trackers() const override { return state_.trackers; }
    [[nodiscard]] std::optional<std::uint64_t> rows() const override { return all_.size(); }
    [[nodiscard]] Result<LogTransaction> read(std::size_t /*bytesMax*/) override {
        constexpr std::size_t kRowsPerPart = 5;
        LogTransaction out;
        while (at_ < all_.size() && out.records.size() < kRowsPerPart) {
            LogRecord record;
            record.signature = tables_.named(all_[at_].first)->signature;
            record.after = all_[at_].second;
            out.records.push_back(std::move(record));
            ++at_;
        }
        return out;
    }

private:
    MemState state_;
    DrTables tables_;
    std::vector<std::pair<std::string, RowImage>> all_;
    std::size_t at_ = 0;
};

}  // namespace

MemStore::MemStore(Seams& seams, DrSettings settings, int partitions)
    : seams_(seams), settings_(std::move(settings)), partitions_(partitions) {}

void MemStore::setTables(std::vector<DrTable> tables) {
    tables_ = DrTables(std::move(tables), settings_.role == DrRole::Xdcr);
    if (cluster_ != nullptr) cluster_->schemaChanged();
}

int MemStore::partitionOf(const DrTable& table, const RowImage& row) const {
    if (table.partitionColumn < 0) return kMpPartition;
    const auto* value = std::get_if<std::int64_t>(&row[static_cast<std::size_t>(table.partitionColumn)]);
    return value == nullptr
               ? 0
               : static_cast<int>(static_cast<std::uint64_t>(*value) % static_cast<std::uint64_t>(partitions_));
}

std::int64_t MemStore::nextStamp() {
    const std::uint64_t now = DrStamp::of(0, seams_.clock.wallMs(), 0).time();
    lastStampTime_ = std::max(lastStampTime_ + 1, now);
    const DrStamp out((static_cast<std::uint64_t>(settings_.cluster) << DrStamp::kTimeBits) | lastStampTime_);
    return static_cast<std::int64_t>(out.bits());
}

Status MemStore::transact(const std::vector<MemChange>& changes, std::function<void()> done) {
    if (!readOnly.empty()) return Error{ErrorCode::Conflict, readOnly, {}, {}};
    MemRows rows(*this);
    const bool stamped = settings_.role == DrRole::Xdcr;
    const std::int64_t stamp = nextStamp();
    std::map<int, LogTransaction> pieces;
    for (const MemChange& each : changes) {
        const DrTables::Entry* table = tables_.named(each.table);
        RowImage row = each.row;
        if (stamped) row.emplace_back(stamp);
        const auto holders = rows.holders(*table, row);
        LogRecord record;
        record.signature = table->signature;
        if (each.operation != DrOperation::Insert) {
            const auto found = rows.find(*table, row);
            if (!*found) continue;
            record.before = **found;
            (void)rows.erase(*table, **found);  // memory does not fail
        }
        if (each.operation != DrOperation::Delete) {
            const auto others = rows.holders(*table, row);
            if (!others->empty()) {
                rows.undo();
                return Error{ErrorCode::AlreadyExists, "Constraint violation", {}, {}};
            }
            record.after = row;
            (void)rows.put(*table, row);
        }
        record.type = each.operation == DrOperation::Insert   ? LogRecordType::Insert
                      : each.operation == DrOperation::Update ? LogRecordType::Update
                                                              : LogRecordType::Delete;
        pieces[partitionOf(table->table, row)].records.push_back(std::move(record));
    }
    if (pieces.empty()) {
        if (done) done();
        return okStatus();
    }
    MemEntry entry;
    for (auto& [partition, log] : pieces) {
        log.uniqueId = log_.size() + 1;
        log.sequence = pending_.next[partition];
        (void)rows.change({MemEffect::What::Next, {}, {}, {}, partition, log.sequence + 1});
        DrLogged logged;
        logged.lsn = log_.size() + 1;
        logged.timestampUs = nowUs(seams_);
        if (pieces.size() > 1) {
            for (const auto& each : pieces) logged.participants.push_back(each.first);
        }
        logged.partition = partition;
        logged.uniqueId = log.uniqueId;
        logged.sequence = log.sequence;
        if (Status framed = appendTransaction(logged.frame, log, tables_.lookup()); !framed) {
            rows.undo();
            return framed;
        }
        entry.produced.push_back(std::move(logged));
    }
    entry.effects = std::move(rows.effects);
    ownPieces_ += entry.produced.size();
    append(std::move(entry), std::move(done));
    return okStatus();
}

Status MemStore::truncate(const std::string& name) {
    MemRows rows(*this);
    const DrTables::Entry* table = tables_.named(name);
    (void)rows.truncate(*table);
    MemEntry entry;
    std::vector<int> touched;
    for (int i = 0; i < partitions_; ++i) touched.push_back(i);
    for (const int partition : touched) {
        LogTransaction log;
        log.uniqueId = log_.size() + 1;
        log.sequence = pending_.next[partition];
        log.records.push_back({LogRecordType::TruncateTable, table->signature, {}, {}, name, 0});
        (void)rows.change({MemEffect::What::Next, {}, {}, {}, partition, log.sequence + 1});
        DrLogged logged{log_.size() + 1, nowUs(seams_), touched, partition, log.uniqueId, log.sequence, {}};
        if (Status framed = appendTransaction(logged.frame, log, tables_.lookup()); !framed) return framed;
        entry.produced.push_back(std::move(logged));
    }
    entry.effects = std::move(rows.effects);
    append(std::move(entry), {});
    return okStatus();
}

void MemStore::append(MemEntry entry, std::function<void()> done) {
    producedPieces_ += entry.produced.size();
    log_.push_back(std::move(entry));
    const bool isAsynchronous = settings_.commandLog != CommandLog::Synchronous;
    if (isAsynchronous) {
        // Acknowledged, and shipped, before it is on the disk: the window of P44.
        seams_.executor.post([this, upTo = log_.size(), done = std::move(done)] {
            publish(upTo);
            if (done) done();
        });
    } else {
        waiting_.emplace_back(log_.size(), std::move(done));
    }
    sync();
}

void MemStore::sync() {
    if (isSyncing_ || holdsSync_ || settings_.commandLog == CommandLog::Off) return;
    isSyncing_ = true;
    const std::size_t upTo = log_.size();
    constexpr Millis kWindowMs = 200;
    constexpr std::uint64_t kSlowOneIn = 8;
    constexpr std::uint64_t kSlowMs = 60;
    const std::uint64_t quick = 1 + seams_.random.below(seams_.random.below(kSlowOneIn) == 0 ? kSlowMs : 4);
    const Millis takes = settings_.commandLog == CommandLog::Synchronous ? static_cast<Millis>(quick) : kWindowMs;
    seams_.timers.after(takes, [this, upTo] {
        isSyncing_ = false;
        durable_ = std::max(durable_, upTo);
        publish(upTo);
        while (!waiting_.empty() && waiting_.front().first <= upTo) {
            const auto done = std::move(waiting_.front().second);
            waiting_.pop_front();
            if (done) done();
        }
        if (durable_ < log_.size()) sync();
    });
}

void MemStore::publish(std::size_t upTo) {
    for (; publishedTo_ < upTo; ++publishedTo_) {
        const MemEntry& entry = log_[publishedTo_];
        for (const MemEffect& each : entry.effects) published_.apply(each);
        if (cluster_ == nullptr) continue;
        for (const DrLogged& each : entry.produced) cluster_->logged(each);
        cluster_->loggedUpTo(publishedTo_ + 1);
    }
}

void MemStore::recover(Disk disk) {
    tables_ = DrTables(std::move(disk.tables), settings_.role == DrRole::Xdcr);
    log_ = std::move(disk.entries);
    durable_ = log_.size();
    publishedTo_ = log_.size();
    for (const MemEntry& entry : log_) {
        for (const MemEffect& each : entry.effects) published_.apply(each);
    }
    pending_ = published_;
    for (const auto& [table, rows] : pending_.rows) {
        for (const RowImage& row : rows) lastStampTime_ = std::max(lastStampTime_, stampOf(row).time());
    }
}

void MemStore::feed(DrCluster& cluster) {
    const Lsn from = cluster.neededFrom();
    for (std::size_t i = 0; i < log_.size(); ++i) {
        if (i + 1 < from) continue;
        for (const DrLogged& each : log_[i].produced) cluster.logged(each);
    }
    cluster.loggedUpTo(log_.size());
}

Result<bool> MemStore::hasRows() {
    return std::any_of(pending_.rows.begin(), pending_.rows.end(), [this](const auto& each) {
        return tables_.named(each.first) != nullptr && !each.second.empty();
    });
}

std::uint64_t MemStore::nextSequence(int partition) const {
    const auto at = published_.next.find(partition);
    return at == published_.next.end() ? 0 : at->second;
}

Result<DrTrackers> MemStore::trackers() {
    DrTrackers out(seams_.faults);
    if (published_.trackers.empty()) return out;
    if (Status read = out.decode(published_.trackers); !read) return read.error();
    return out;
}

void MemStore::write(Bytes body, Written written) {
    const auto read = decodeBody(body);
    const auto* apply = read ? std::get_if<DrApplyBody>(&*read) : nullptr;
    if (stalled_ && apply != nullptr && apply->transactions.front().pieces.front().partition == *stalled_) {
        stalledWrites_.emplace_back(std::move(body), std::move(written));
        return;
    }
    MemRows rows(*this);
    const DrContext context{tables_, seams_.faults};
    auto decided = decideDr(body, context, rows);
    if (!decided) {
        rows.undo();
        seams_.executor.post([written = std::move(written), decided] { written(decided); });
        return;
    }
    for (const MemEffect& each : rows.effects) {
        if (each.what == MemEffect::What::Put) lastStampTime_ = std::max(lastStampTime_, stampOf(each.row).time());
    }
    MemEntry entry;
    entry.conflicts = decided->conflicts;
    if (apply != nullptr && isProduced(true, seams_.faults)) {
        for (const DrIncoming& incoming : apply->transactions) {
            for (const DrShare& piece : incoming.pieces) {
                auto frame = readTransaction(piece.frame, tables_.lookup());
                if (piece.partition >= partitions_) continue;
                frame->transaction.sequence = pending_.next[piece.partition];
                (void)rows.change(
                    {MemEffect::What::Next, {}, {}, {}, piece.partition, frame->transaction.sequence + 1});
                DrLogged logged{log_.size() + 1, incoming.timestampUs,        {}, piece.partition,
                                log_.size() + 1, frame->transaction.sequence, {}};
                (void)appendTransaction(logged.frame, frame->transaction, tables_.lookup());
                entry.produced.push_back(std::move(logged));
            }
        }
    }
    entry.effects = std::move(rows.effects);
    append(std::move(entry), [written = std::move(written), decided] { written(decided); });
}

void MemStore::releaseStalled() {
    stalled_.reset();
    auto writes = std::move(stalledWrites_);
    stalledWrites_.clear();
    for (auto& [body, written] : writes) write(std::move(body), std::move(written));
}

Result<std::unique_ptr<DrPicture>> MemStore::picture() {
    return std::unique_ptr<DrPicture>(std::make_unique<MemPicture>(published_, tables_));
}

void MemStore::readAgain(int partition, Lsn lsn, std::size_t bytesMax, Read read) {
    std::vector<DrLogged> out;
    std::size_t bytes = 0;
    for (std::size_t i = lsn - 1; i < publishedTo_ && bytes < bytesMax; ++i) {
        for (const DrLogged& each : log_[i].produced) {
            if (each.partition != partition) continue;
            bytes += each.frame.size();
            out.push_back(each);
        }
    }
    seams_.executor.post([read = std::move(read), out] { read(out); });
}

std::vector<std::string> MemStore::shown(const std::string& table) const {
    std::vector<std::string> out;
    const auto at = published_.rows.find(table);
    const DrTables::Entry* entry = tables_.named(table);
    if (at == published_.rows.end() || entry == nullptr) return out;
    for (const RowImage& row : at->second) out.push_back(tupleText(*entry, row));
    return out;
}

DrTable memTable(const std::string& name, bool isPartitioned, bool hasUnique) {
    DrTable out;
    out.name = name;
    out.columns = {{{"ID", ColumnType::Bigint}, 0, false},
                   {{"V", ColumnType::Varchar}, 64, true},
                   {{"N", ColumnType::Bigint}, 0, true}};
    out.partitionColumn = isPartitioned ? 0 : -1;
    out.hasPrimaryKey = true;
    out.uniqueKeys = {{0}};
    if (hasUnique) out.uniqueKeys.push_back({2});
    return out;
}

RowImage memRow(std::int64_t id, const std::string& value, std::int64_t number) {
    return {id, value, number};
}

}  // namespace tributary::test
