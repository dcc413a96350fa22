// The state files of a node's tables: made whole or not at all, and stood in for when they cannot be opened.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/limits.h"
#include "engine/node/node.h"
#include "engine/storage/openfiles.h"
#include "engine/storage/sqlitestateunit.h"
#include "engine/storage/unavailableunit.h"
#include "engine/systems/maprdb/tables/rowfold.h"

namespace tributary::engine {
namespace {

using limits::kHandlesOfTable;
constexpr std::uint64_t kHandlesAtOnce = 3;  // database, WAL and shared memory
constexpr std::uint64_t kHandlesKept = 16;   // for connections, the log and its next segment
constexpr Micros kReopenEveryUs = 2'000'000;
constexpr std::uint64_t kHandlesPlenty = 4096;  // above it what is left is estimated instead of counted

Error withTable(const TableRecord& record, std::string_view what, Error reason) {
    reason.what = fmt::format("table {} {}: {}", record.path, what, reason.what);
    return reason;
}

}  // namespace

std::string Node::tableFile(std::uint32_t id) const {
    return config_.volumeDir + "/tables/" + std::to_string(id) + ".db";
}

Status Node::takeHandles() {
    if (handlesLeft_ < kHandlesPlenty) handlesLeft_ = seams_.files.freeHandles();
    if (handlesLeft_ < kHandlesOfTable + kHandlesKept && config_.openFiles && config_.openFiles->closeIdle() > 0) {
        handlesLeft_ = seams_.files.freeHandles();
    }
    if (handlesLeft_ < kHandlesOfTable + kHandlesKept) {
        return Error{ErrorCode::Io,
                     fmt::format("too many open files: this process may open {} more; a table needs up to {}, and {} "
                                 "are kept for connections and the log",
                                 handlesLeft_, kHandlesOfTable, kHandlesKept),
                     {},
                     "raise the limit (ulimit -n 4096), then tributary down and tributary up"};
    }
    if (handlesLeft_ != UINT64_MAX) handlesLeft_ -= kHandlesAtOnce;
    return okStatus();
}

/// What a file at `position` holds everything up to: more than it says when its table was idle since.
Lsn Node::reachOf(std::uint32_t id, Lsn position) const {
    const auto rests = rests_.find(id);
    if (rests == rests_.end()) return position;
    for (const StateRest& rest : rests->second) {
        if (rest.position == position) return rest.upTo;
    }
    return position;
}

/// A state file that is older than the log reaches back cannot be brought up to now.
Status Node::checkReach(const TableRecord& record, Lsn position) const {
    const Lsn first = log_ == nullptr ? life_.logFirst : log_->firstLsn();
    const Lsn from = std::max(reachOf(record.id, position), record.createdLsn) + 1;
    if (first <= from) return okStatus();
    const std::string what =
        position == 0
            ? std::string("the state file is missing, or empty")
            : fmt::format("the state file is older than the commit log reaches back: it holds entries up to {}",
                          position);
    return Error{
        ErrorCode::Corrupt, fmt::format("{}, and the log begins with entry {}", what, first), tableFile(record.id),
        "put the newest file back, or make the table anew and fill it from a peer: tributary run rebuild-replica"};
}

/// `isNew`: the table is being created. Else the file must be there, or be made again of the log.
Result<std::unique_ptr<TableRuntime>> Node::openRuntime(const TableRecord& record, bool isNew) {
    if (Status handles = takeHandles(); !handles) return handles.error();
    StateUnitOptions options;
    options.path = tableFile(record.id);
    bool empty = !seams_.files.exists(options.path);
    if (!empty && !isNew) {
        auto file = seams_.files.open(options.path, FileOps::Open::Existing);
        const auto size = file ? file.value()->size() : Result<std::uint64_t>(file.error());
        empty = size && size.value() == 0;
    }
    if (empty && !isNew) {
        if (Status reach = checkReach(record, 0); !reach) return reach.error();
        if (Status removed = removeTableFiles(record.id); !removed) return removed.error();
        if (record.createdLsn <= snapshotLsn_) {
            note(fmt::format("table {}: its state file was missing, and is made again of the commit log", record.path));
        }
    }
    options.create = empty || isNew;
    options.owner = StateOwner{life_.now.volume, record.uuid, config_.cluster, life_.now.startId};
    options.vfsName = seams_.vfsName;
    options.singleConnection = seams_.singleConnection();
    options.format = maprdb::makeTableRowFormat();
    options.openFiles = config_.openFiles;
    options.checkpointWalBytes = config_.checkpointWalBytes;
    options.context = foldContext(record);
    auto state = openStateUnit(options, pool_);
    if (!state) return state.error();
    if (Status reach = isNew ? okStatus() : checkReach(record, state.value()->flushedLsn()); !reach)
        return reach.error();
    if (!isNew) state.value()->advanceTo(reachOf(record.id, state.value()->flushedLsn()));
    auto runtime = std::make_unique<TableRuntime>();
    runtime->id = record.id;
    runtime->state = std::move(state).value();
    return runtime;
}

Result<std::unique_ptr<TableRuntime>> Node::createRuntime(const TableRecord& record) {
    // The number may have been that of a table whose creation was refused: nothing of it may come back.
    Status cleared = removeTableFiles(record.id);
    if (!cleared) return withTable(record, "was not created", cleared.error());
    auto runtime = openRuntime(record, true);
    if (runtime) return runtime;
    (void)removeTableFiles(record.id);  // tried again by the next creation, and by the next start
    return withTable(record, "was not created", runtime.error());
}

std::unique_ptr<TableRuntime> Node::openOrStandIn(const TableRecord& record) {
    auto opened = openRuntime(record, false);
    if (opened) return std::move(opened).value();
    auto runtime = std::make_unique<TableRuntime>();
    runtime->id = record.id;
    standIn(*runtime, record, opened.error());
    return runtime;
}

void Node::standIn(TableRuntime& table, const TableRecord& record, Error reason) {
    const Error* before = table.state == nullptr ? nullptr : table.state->unavailable();
    if (before != nullptr && before->text() == reason.text()) return;
    note(withTable(record, "is unavailable", reason).text());
    table.state = makeUnavailableUnit(std::move(reason));
}

/// What was out of reach (descriptors, rights, space) may be there again; nobody has to start anything anew.
void Node::reopenTables() {
    const Micros nowUs = seams_.clock.monotonicUs();
    if (stopping_ || nowUs - reopenedAtUs_ < kReopenEveryUs) return;
    reopenedAtUs_ = nowUs;
    for (const auto& [id, table] : tables_) {
        const TableRecord* record = catalog_.byId(id);
        if (table->reopening || table->state->unavailable() == nullptr || record == nullptr) continue;
        reopen(*table, *record);
    }
}

void Node::reopen(TableRuntime& table, const TableRecord& record) {
    auto opened = openRuntime(record, false);
    if (!opened) {
        standIn(table, record, opened.error());
        return;
    }
    seams_.faults.reached("table-reopened");
    table.reopening = true;
    const std::shared_ptr<TableRuntime> fresh = std::move(opened).value();
    catchUp(table.id, fresh, std::max(fresh->state->appliedLsn(), record.createdLsn) + 1);
}

/// Applies what the log holds of the table from `from` on: nothing was written to it while it was out of reach.
void Node::catchUp(std::uint32_t id, const std::shared_ptr<TableRuntime>& fresh, Lsn from) {
    constexpr std::size_t kBytesAtOnce = 4U << 20U;
    log_->readStored(from, id, kBytesAtOnce, [this, id, fresh](Result<CommitLog::StoredBatch> batch) {
        TableRuntime* now = table(id);
        const TableRecord* record = catalog_.byId(id);
        if (now == nullptr || record == nullptr || stopping_) return;
        Status step = batch ? okStatus() : Status(batch.error());
        for (std::size_t i = 0; step && i < batch.value().entries.size(); ++i) {
            const LogEntry& entry = batch.value().entries[i];
            if (entry.envelope.kind != EntryKind::Data) continue;
            const auto view = parsePayload(*entry.payload, true);
            step = view ? fresh->state->apply(entryRef(*record, entry, view.value(), false)) : Status(view.error());
        }
        if (!step) {
            now->reopening = false;
            standIn(*now, *record, step.error());
            return;
        }
        if (batch.value().next <= log_->durableLsn()) {
            catchUp(id, fresh, batch.value().next);
            return;
        }
        now->reopening = false;
        now->state = std::move(fresh->state);
        now->state->setFoldContext(foldContext(*record));
        now->firstUnflushedUs = now->state->memoryRows() > 0 ? seams_.clock.monotonicUs() : 0;
        note(fmt::format("table {} is available again", record->path));
    });
}

Status Node::removeTableFiles(std::uint32_t id) {
    const std::string path = tableFile(id);
    constexpr std::array<const char*, 4> kSuffixes{"-journal", "-wal", "-shm", ""};
    for (const char* suffix : kSuffixes) {
        if (!seams_.files.exists(path + suffix)) continue;
        if (Status removed = seams_.files.remove(path + suffix); !removed) return removed;
    }
    return okStatus();
}

Status Node::checkAvailable(const TableRecord& record) const {
    const auto at = tables_.find(record.id);
    if (at == tables_.end()) return Error{ErrorCode::NotFound, fmt::format("no table {}", record.path), {}, {}};
    const Error* reason = at->second->state->unavailable();
    return reason == nullptr ? okStatus() : Status(withTable(record, "is unavailable", *reason));
}

void Node::note(const std::string& text) {
    if (text == recoveryNote_) return;  // the same again, as every try of a full disk gives
    recoveryNote_ = text;
    if (config_.onTrouble) config_.onTrouble(text);
}

const Error* Node::flushTrouble() const {
    const Error* found = nullptr;
    for (const auto& [id, table] : tables_) {
        if (!table->flushError) continue;
        if (table->flushError->code == ErrorCode::DiskFull) return &*table->flushError;
        found = &*table->flushError;
    }
    return found;
}

bool Node::diskFull() const {
    const Error* trouble = flushTrouble();
    return logFull_ || (trouble != nullptr && trouble->code == ErrorCode::DiskFull);
}

}  // namespace tributary::engine
