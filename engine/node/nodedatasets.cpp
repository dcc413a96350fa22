// The state files of a node's datasets: made whole or not at all, and stood in for when they cannot be opened.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/limits.h"
#include "engine/node/node.h"
#include "engine/replication/entryparts.h"
#include "engine/storage/openfiles.h"
#include "engine/storage/sqlitestateunit.h"
#include "engine/storage/sqlstateunit.h"
#include "engine/storage/treestateunit.h"
#include "engine/storage/unavailableunit.h"

namespace tributary::engine {
namespace {

using limits::kHandlesOfDataset;
constexpr std::uint64_t kHandlesAtOnce = 3;  // database, WAL and shared memory
constexpr std::uint64_t kHandlesKept = 16;   // for connections, the log and its next segment
constexpr Micros kReopenEveryUs = 2'000'000;
constexpr std::uint64_t kHandlesPlenty = 4096;  // above it what is left is estimated instead of counted

Error withName(const DatasetRecord& record, std::string_view what, Error reason) {
    reason.what = fmt::format("{} {} {}: {}", record.kind().words().noun, record.path, what, reason.what);
    return reason;
}

Result<std::unique_ptr<StateUnit>> openUnit(const StatePlan& plan, const StateUnitOptions& options, Seams& seams,
                                            MemoryPool& pool) {
    if (plan.unit == StatePlan::Unit::Tree) return openTreeStateUnit(options, seams.files, plan.bytesMax);
    if (plan.unit == StatePlan::Unit::Keyed) return openStateUnit(options, pool);
    auto opened = openSqlStateUnit(options, seams.faults, [&clock = seams.clock] { return clock.monotonicUs(); });
    if (!opened) return opened.error();
    return std::unique_ptr<StateUnit>(std::move(opened).value());
}

}  // namespace

std::string Node::stateFile(std::uint32_t id) const {
    return fmt::format("{}{}/{}.db", config_.volumeDir, kStateFolder, id);
}

Status Node::takeHandles() {
    if (handlesLeft_ < kHandlesPlenty) handlesLeft_ = seams_.files.freeHandles();
    if (handlesLeft_ < kHandlesOfDataset + kHandlesKept && config_.openFiles && config_.openFiles->closeIdle() > 0) {
        handlesLeft_ = seams_.files.freeHandles();
    }
    if (handlesLeft_ < kHandlesOfDataset + kHandlesKept) {
        return Error{ErrorCode::Io,
                     fmt::format("too many open files: this process may open {} more; a {} needs up to {}, and {} "
                                 "are kept for connections and the log",
                                 handlesLeft_, words().noun, kHandlesOfDataset, kHandlesKept),
                     {},
                     "raise the limit (ulimit -n 4096), then tributary down and tributary up"};
    }
    if (handlesLeft_ != UINT64_MAX) handlesLeft_ -= kHandlesAtOnce;
    return okStatus();
}

/// What a file at `position` holds everything up to: more than it says when its dataset was idle since.
Lsn Node::reachOf(std::uint32_t id, Lsn position) const {
    const auto rests = rests_.find(id);
    if (rests == rests_.end()) return position;
    for (const StateRest& rest : rests->second) {
        if (rest.position == position) return rest.upTo;
    }
    return position;
}

/// A state file that is older than the log reaches back cannot be brought up to now.
Status Node::checkReach(const DatasetRecord& record, Lsn position) const {
    if (seams_.faults.hit("bug-mixed-files-opened")) return okStatus();
    const Lsn first = log_ == nullptr ? life_.logFirst : log_->firstLsn();
    const Lsn from = std::max(reachOf(record.id, position), record.createdLsn) + 1;
    if (first <= from) return okStatus();
    const std::string what =
        position == 0
            ? std::string("the state file is missing, or empty")
            : fmt::format("the state file is older than the commit log reaches back: it holds entries up to {}",
                          position);
    return Error{ErrorCode::Corrupt, fmt::format("{}, and the log begins with entry {}", what, first),
                 stateFile(record.id),
                 fmt::format("put the newest file back, or make the {} anew and fill it from a peer: tributary run "
                             "rebuild-replica",
                             record.kind().words().noun)};
}

/// `isNew`: the dataset is being created. Else the file must be there, or be made again of the log.
Result<std::unique_ptr<DatasetRuntime>> Node::openRuntime(const DatasetRecord& record, bool isNew) {
    if (Status handles = takeHandles(); !handles) return handles.error();
    StateUnitOptions options;
    options.path = stateFile(record.id);
    bool empty = !seams_.files.exists(options.path);
    if (!empty && !isNew) {
        auto file = seams_.files.open(options.path, FileOps::Open::Existing);
        const auto size = file ? file.value()->size() : Result<std::uint64_t>(file.error());
        empty = size ? size.value() == 0 : seams_.faults.hit("bug-unopened-is-empty");
    }
    if (empty && !isNew) {
        const bool unopened = seams_.faults.hit("bug-unopened-is-empty");
        if (Status reach = checkReach(record, 0); !reach && !unopened) return reach.error();
        if (Status removed = removeStateFiles(record.id); !removed) return removed.error();
        if (record.createdLsn <= snapshotLsn_) {
            note(fmt::format("{} {}: its state file was missing, and is made again of the commit log",
                             record.kind().words().noun, record.path));
        }
    }
    options.create = empty || isNew;
    options.owner = StateOwner{life_.now.volume, record.uuid, config_.cluster, life_.now.startId};
    options.vfsName = seams_.vfsName;
    options.singleConnection = seams_.singleConnection();
    options.format = record.kind().rowFormat();
    options.openFiles = config_.openFiles;
    options.checkpointWalBytes = config_.checkpointWalBytes;
    options.context = foldContext(record);
    const StatePlan plan = record.kind().statePlan(*record.schema);
    auto state = openUnit(plan, options, seams_, pool_);
    if (!state) return state.error();
    if (Status reach = isNew ? okStatus() : checkReach(record, state.value()->flushedLsn()); !reach)
        return reach.error();
    if (!isNew) state.value()->advanceTo(reachOf(record.id, state.value()->flushedLsn()));
    auto runtime = std::make_unique<DatasetRuntime>();
    runtime->id = record.id;
    runtime->state = std::move(state).value();
    if (record.kind().policy() != nullptr) runtime->pending = std::make_unique<PendingEntries>(options.format);
    return runtime;
}

Result<std::unique_ptr<DatasetRuntime>> Node::createRuntime(const DatasetRecord& record) {
    // The number may have been that of a dataset whose creation was refused: nothing of it may come back.
    Status cleared = removeStateFiles(record.id);
    if (!cleared) return withName(record, "was not created", cleared.error());
    auto runtime = openRuntime(record, true);
    if (runtime) return runtime;
    (void)removeStateFiles(record.id);  // tried again by the next creation, and by the next start
    return withName(record, "was not created", runtime.error());
}

std::unique_ptr<DatasetRuntime> Node::openOrStandIn(const DatasetRecord& record) {
    auto opened = openRuntime(record, false);
    if (opened) return std::move(opened).value();
    auto runtime = std::make_unique<DatasetRuntime>();
    runtime->id = record.id;
    standIn(*runtime, record, opened.error());
    return runtime;
}

void Node::standIn(DatasetRuntime& dataset, const DatasetRecord& record, Error reason) {
    const Error* before = dataset.state == nullptr ? nullptr : dataset.state->unavailable();
    if (before != nullptr && before->text() == reason.text()) return;
    note(withName(record, "is unavailable", reason).text());
    dataset.state = makeUnavailableUnit(std::move(reason));
}

/// What was out of reach (descriptors, rights, space) may be there again; nobody has to start anything anew.
void Node::reopenDatasets() {
    const Micros nowUs = seams_.clock.monotonicUs();
    if (stopping_ || nowUs - reopenedAtUs_ < kReopenEveryUs) return;
    reopenedAtUs_ = nowUs;
    for (const auto& [id, dataset] : datasets_) {
        const DatasetRecord* record = catalog_.byId(id);
        if (dataset->reopening || dataset->state->unavailable() == nullptr || record == nullptr) continue;
        reopen(*dataset, *record);
    }
}

void Node::reopen(DatasetRuntime& dataset, const DatasetRecord& record) {
    auto opened = openRuntime(record, false);
    if (!opened) {
        standIn(dataset, record, opened.error());
        return;
    }
    seams_.faults.reached("dataset-reopened");
    dataset.reopening = true;
    const std::shared_ptr<DatasetRuntime> fresh = std::move(opened).value();
    catchUp(dataset.id, fresh, std::max(fresh->state->appliedLsn(), record.createdLsn) + 1);
}

/// Applies what the log holds of the dataset from `from` on: nothing was written to it while it was out of reach.
void Node::catchUp(std::uint32_t id, const std::shared_ptr<DatasetRuntime>& fresh, Lsn from) {
    constexpr std::size_t kBytesAtOnce = 4U << 20U;
    log_->readStored(from, id, kBytesAtOnce, [this, id, fresh](Result<CommitLog::StoredBatch> batch) {
        DatasetRuntime* now = dataset(id);
        const DatasetRecord* record = catalog_.byId(id);
        if (now == nullptr || record == nullptr || stopping_) return;
        Status step = batch ? okStatus() : Status(batch.error());
        for (std::size_t i = 0; step && i < batch.value().entries.size(); ++i) {
            const LogEntry& entry = batch.value().entries[i];
            if (entry.envelope.kind == EntryKind::CutPart) step = cuts_.applyRows(*record, *fresh->state, entry);
            if (!holdsPayload(entry.envelope.kind)) continue;
            const auto view = parsePayload(partsOf(entry).payload, true);
            const auto bound = view ? entryRef(*record, entry, view.value()) : Result<EntryRef>(view.error());
            step = bound ? fresh->state->apply(bound.value()) : Status(bound.error());
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
        now->pending = std::move(fresh->pending);
        now->state->setFoldContext(foldContext(*record));
        now->firstUnflushedUs = now->state->memoryRows() > 0 ? seams_.clock.monotonicUs() : 0;
        note(fmt::format("{} {} is available again", record->kind().words().noun, record->path));
    });
}

Status Node::removeStateFiles(std::uint32_t id) {
    const std::string path = stateFile(id);
    constexpr std::array<const char*, 4> kSuffixes{"-journal", "-wal", "-shm", ""};
    for (const char* suffix : kSuffixes) {
        if (!seams_.files.exists(path + suffix)) continue;
        if (Status removed = seams_.files.remove(path + suffix); !removed) return removed;
    }
    return okStatus();
}

Status Node::checkAvailable(const DatasetRecord& record) const {
    const auto at = datasets_.find(record.id);
    if (at == datasets_.end()) {
        return Error{ErrorCode::NotFound, fmt::format("no {} {}", record.kind().words().noun, record.path), {}, {}};
    }
    const Error* reason = at->second->state->unavailable();
    if (reason != nullptr) return withName(record, "is unavailable", *reason);
    const CutIntake& intake = at->second->intake;
    if (!intake.active() || seams_.faults.hit("bug-half-cut-shown")) return okStatus();
    return Error{ErrorCode::Unavailable,
                 fmt::format("{} {} is being filled by its source: {} parts are here", record.kind().words().noun,
                             record.path, intake.number),
                 {},
                 "ask again when it is whole"};
}

void Node::note(const std::string& text) {
    if (text == recoveryNote_) return;  // the same again, as every try of a full disk gives
    recoveryNote_ = text;
    if (config_.onTrouble) config_.onTrouble(text);
}

const Error* Node::flushTrouble() const {
    const Error* found = nullptr;
    for (const auto& [id, dataset] : datasets_) {
        if (!dataset->flushError) continue;
        if (dataset->flushError->code == ErrorCode::DiskFull) return &*dataset->flushError;
        found = &*dataset->flushError;
    }
    return found;
}

bool Node::diskFull() const {
    const Error* trouble = flushTrouble();
    return logFull_ || (trouble != nullptr && trouble->code == ErrorCode::DiskFull);
}

}  // namespace tributary::engine
