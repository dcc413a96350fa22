// A state unit over SQLite: generations in memory, jobs that bring them into the file, views over both.
#include "engine/storage/sqlitestateunit.h"

#include <algorithm>
#include <cassert>

#include "core/base/exceptions.h"
#include "engine/storage/stateview.h"

namespace tributary::engine {
namespace {

// A long scan freezes the active generation only from here on: below, picking keys out of it is cheap, and freezing
// would litter the unit with tiny generations.
constexpr std::size_t kFreezeOperations = 4096;

using Generations = std::vector<std::shared_ptr<const Generation>>;

class SqliteStateUnit final : public StateUnit {
public:
    SqliteStateUnit(std::shared_ptr<StateFile> file, MemoryPool& pool)
        : file_(std::move(file)),
          pool_(pool),
          context_(std::make_shared<const FoldContext>(file_->options().context)),
          nowMs_(context_->nowMs),
          appliedLsn_(file_->position()),
          flushedLsn_(file_->position()) {
        active_ = std::make_shared<Generation>(file_->options().format, pool_);
    }

    Status apply(const EntryRef& entry) override;
    Lsn appliedLsn() const override { return appliedLsn_; }
    Lsn flushedLsn() const override { return flushedLsn_; }
    Lsn checkpointedLsn() const override { return file_->checkpointedLsn(); }
    std::vector<StateRest> rests() override;
    Lsn coveredLsn() override;
    void advanceTo(Lsn lsn) override { appliedLsn_ = std::max(appliedLsn_, lsn); }
    std::size_t memoryBytes() const override;
    std::uint64_t memoryRows() const override;
    std::uint64_t storedRows() const override { return file_->rows(); }
    Result<std::unique_ptr<StateView>> view(bool forLongScan) override;
    void setFoldContext(FoldContext context) override;
    void setNow(Millis nowMs) override { nowMs_ = nowMs; }
    std::unique_ptr<StateJob> makeFlush(Lsn syncedLsn) override;
    std::unique_ptr<StateJob> makeCheckpoint(bool evenShort) override;
    std::uint64_t diskBytes() override { return file_->diskBytes(); }

private:
    friend class FlushJob;
    friend class CheckpointJob;

    void freezeActive();
    std::shared_ptr<const FoldContext> context();
    void flushed(Lsn position);
    [[nodiscard]] bool memoryEmpty() const { return active_->empty() && frozen_.empty(); }
    [[nodiscard]] Lsn flushedUpTo() const { return memoryEmpty() ? appliedLsn_ : beforeMemory_; }
    void settleSafe();

    std::shared_ptr<StateFile> file_;
    MemoryPool& pool_;
    std::shared_ptr<const FoldContext> context_;
    Millis nowMs_;
    std::shared_ptr<Generation> active_;
    Generations frozen_;  // oldest first
    Lsn appliedLsn_;
    Lsn flushedLsn_;
    Lsn beforeMemory_ = 0;  // nothing lies between the flushed position and it; counts while memory is not empty
    StateRest safe_;        // of the checkpointed position
    bool flushRunning_ = false;
    bool checkpointRunning_ = false;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // jobs may outlive the unit
};

class FlushJob final : public StateJob {
public:
    FlushJob(SqliteStateUnit& unit, Generations generations, Lsn position)
        : unit_(unit),
          alive_(unit.alive_),
          file_(unit.file_),
          context_(unit.context()),
          generations_(std::move(generations)),
          position_(position) {}
    ~FlushJob() override {
        if (!alive_.expired()) unit_.flushRunning_ = false;
    }
    FlushJob(const FlushJob&) = delete;
    FlushJob& operator=(const FlushJob&) = delete;
    void run() override {
        outcome_ = orError([this] { return file_->flush(generations_, *context_, position_); });
    }
    Status finish() override {
        if (!alive_.expired() && outcome_.ok()) unit_.flushed(position_);
        return outcome_;
    }

private:
    SqliteStateUnit& unit_;
    std::weak_ptr<const bool> alive_;
    std::shared_ptr<StateFile> file_;
    std::shared_ptr<const FoldContext> context_;
    Generations generations_;
    Lsn position_;
    Status outcome_ = Error{ErrorCode::Cancelled, "the flush did not run", {}, {}};
};

class CheckpointJob final : public StateJob {
public:
    explicit CheckpointJob(SqliteStateUnit& unit) : unit_(unit), alive_(unit.alive_), file_(unit.file_) {}
    ~CheckpointJob() override {
        if (!alive_.expired()) unit_.checkpointRunning_ = false;
    }
    CheckpointJob(const CheckpointJob&) = delete;
    CheckpointJob& operator=(const CheckpointJob&) = delete;
    void run() override {
        outcome_ = orError([this] { return file_->checkpoint(); });
    }
    Status finish() override { return outcome_; }

private:
    SqliteStateUnit& unit_;
    std::weak_ptr<const bool> alive_;
    std::shared_ptr<StateFile> file_;
    Status outcome_ = Error{ErrorCode::Cancelled, "the checkpoint did not run", {}, {}};
};

Status SqliteStateUnit::apply(const EntryRef& entry) {
    if (entry.lsn <= appliedLsn_) return okStatus();  // replay of what the file already holds
    const auto operations = file_->options().format->check(entry);
    if (!operations.ok()) return operations.error();
    if (operations.value() > 0) {
        if (memoryEmpty()) beforeMemory_ = appliedLsn_;
        active_->append(entry, operations.value());
    }
    appliedLsn_ = entry.lsn;
    return okStatus();
}

/// The checkpointed position moves on another thread. What was known of the one before must not be forgotten earlier:
/// the log may be gone up to there, and a power cut may bring that position back.
void SqliteStateUnit::settleSafe() {
    const Lsn checkpointed = file_->checkpointedLsn();
    if (checkpointed == flushedLsn_) {
        safe_ = {flushedLsn_, flushedUpTo()};
    } else if (checkpointed != safe_.position) {
        safe_ = {checkpointed, checkpointed};
    }
}

std::vector<StateRest> SqliteStateUnit::rests() {
    settleSafe();
    std::vector<StateRest> known;
    if (safe_.upTo > safe_.position) known.push_back(safe_);
    if (flushedLsn_ != safe_.position && flushedUpTo() > flushedLsn_) known.push_back({flushedLsn_, flushedUpTo()});
    return known;
}

Lsn SqliteStateUnit::coveredLsn() {
    settleSafe();
    return safe_.upTo;
}

std::size_t SqliteStateUnit::memoryBytes() const {
    std::size_t bytes = active_->bytes();
    for (const auto& generation : frozen_) bytes += generation->bytes();
    return bytes;
}

std::uint64_t SqliteStateUnit::memoryRows() const {
    std::uint64_t rows = active_->rows();
    for (const auto& generation : frozen_) rows += generation->rows();
    return rows;
}

void SqliteStateUnit::freezeActive() {
    if (active_->empty()) return;
    active_->freeze();
    frozen_.push_back(std::move(active_));
    active_ = std::make_shared<Generation>(file_->options().format, pool_);
}

std::shared_ptr<const FoldContext> SqliteStateUnit::context() {
    if (context_->nowMs != nowMs_) {
        FoldContext next = *context_;
        next.nowMs = nowMs_;
        context_ = std::make_shared<const FoldContext>(std::move(next));
    }
    return context_;
}

Result<std::unique_ptr<StateView>> SqliteStateUnit::view(bool forLongScan) {
    if (forLongScan && active_->operations() >= kFreezeOperations) freezeActive();
    ViewSource source{file_, {}, context(), appliedLsn_};
    source.generations.reserve(frozen_.size() + 1);
    for (const auto& generation : frozen_) source.generations.push_back({generation, UINT32_MAX});
    if (!active_->empty()) source.generations.push_back({active_, active_->entryCount()});
    return openStateView(std::move(source));
}

void SqliteStateUnit::setFoldContext(FoldContext context) {
    freezeActive();
    nowMs_ = context.nowMs;
    context_ = std::make_shared<const FoldContext>(std::move(context));
}

std::unique_ptr<StateJob> SqliteStateUnit::makeFlush(Lsn syncedLsn) {
    if (flushRunning_) return nullptr;
    if (file_->options().singleConnection && file_->openViews > 0) return nullptr;
    if (checkpointRunning_ && file_->walBytes() > file_->options().walBytesMax) return nullptr;
    // What is not synced yet waits frozen for the next flush; one such generation at a time.
    if (frozen_.empty() || frozen_.back()->lastLsn() <= syncedLsn) freezeActive();
    Generations due;
    Lsn position = flushedLsn_;
    for (const auto& generation : frozen_) {
        if (generation->lastLsn() > syncedLsn) break;
        due.push_back(generation);
        position = generation->lastLsn();
    }
    const bool everything = due.size() == frozen_.size() && active_->empty();
    if (everything) position = std::max(position, std::min(appliedLsn_, syncedLsn));
    if (due.empty()) return nullptr;
    flushRunning_ = true;
    return std::make_unique<FlushJob>(*this, std::move(due), position);
}

void SqliteStateUnit::flushed(Lsn position) {
    settleSafe();
    flushedLsn_ = position;
    beforeMemory_ = position;  // when something is left, it begins behind it
    const auto above = std::find_if(frozen_.begin(), frozen_.end(), [&](const std::shared_ptr<const Generation>& g) {
        return g->lastLsn() > position;
    });
    frozen_.erase(frozen_.begin(), above);
}

std::unique_ptr<StateJob> SqliteStateUnit::makeCheckpoint(bool evenShort) {
    if (checkpointRunning_) return nullptr;
    const bool gains = evenShort && file_->checkpointedLsn() < flushedLsn_;
    if (!gains && file_->walBytes() < file_->options().checkpointWalBytes) return nullptr;
    checkpointRunning_ = true;
    return std::make_unique<CheckpointJob>(*this);
}

}  // namespace

Result<std::unique_ptr<StateUnit>> openStateUnit(const StateUnitOptions& options, MemoryPool& pool) {
    assert(options.format != nullptr);
    auto file = StateFile::open(options);
    if (!file.ok()) return file.error();
    return std::unique_ptr<StateUnit>(std::make_unique<SqliteStateUnit>(std::move(file).value(), pool));
}

}  // namespace tributary::engine
