// Steps of work on one connection: run, logged, published, committed; or taken back.
#include "engine/storage/sqlstateunit.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/base/exceptions.h"
#include "engine/storage/sqlfile.h"

namespace tributary::engine {
namespace {

constexpr std::uint64_t kWalBytesMax = 256U << 20U;

class SqlUnit final : public SqlStateUnit {
public:
    SqlUnit(const StateUnitOptions& options, FaultPoints& faults) : options_(options), faults_(faults) {}
    Status open(std::function<Micros()> nowUs);

    // StateUnit
    Status apply(const EntryRef& entry) override;
    void logging(const Bytes* stored) override;
    void refused(const Bytes* stored) override;
    Lsn appliedLsn() const override { return position_; }
    Lsn flushedLsn() const override { return flushed_; }
    Lsn checkpointedLsn() const override { return checkpointed_; }
    Lsn coveredLsn() override { return steps_.empty() && checkpointed_ == flushed_ ? position_ : checkpointed_; }
    std::vector<StateRest> rests() override {
        if (!steps_.empty() || position_ == flushed_) return {};
        return {{flushed_, position_}};
    }
    void advanceTo(Lsn lsn) override {
        if (steps_.empty()) position_ = std::max(position_, lsn);
    }
    std::size_t memoryBytes() const override { return stepBytes_; }
    std::uint64_t memoryRows() const override { return changedRows_; }
    std::uint64_t storedRows() const override { return 0; }
    Result<std::unique_ptr<StateView>> view(bool forLongScan) override;
    void setFoldContext(FoldContext context) override;
    void setNow(Millis nowMs) override { (void)nowMs; }
    std::unique_ptr<StateJob> makeFlush(Lsn syncedLsn) override;
    std::unique_ptr<StateJob> makeCheckpoint(bool evenShort) override;
    std::uint64_t diskBytes() override { return file_->database().fileBytes(); }

    // SqlStateUnit
    Result<SqlSession*> session() override;
    Status begin() override;
    BytesView captured() const override { return work_; }
    Status takeBack(std::size_t from) override;
    Status amend(std::size_t from, const Bytes& images, const std::function<Status(SqlSession&)>& change) override;
    void setCounter(std::uint32_t counter, std::uint64_t value) override;
    std::uint64_t counter(std::uint32_t counter) const override {
        const auto at = counters_.find(counter);
        return at == counters_.end() ? 0 : at->second;
    }
    const std::map<std::uint32_t, std::uint64_t>& counters() const override { return counters_; }
    FaultPoints& faults() override { return faults_; }
    Status tryStep(const SqlRules::Step& step) override;
    Result<std::unique_ptr<SqlPicture>> picture(Lsn syncedLsn) override;

private:
    friend class SqlCheckpoint;
    /// What one entry did, or one step of the schema.
    struct Step {
        const Bytes* stored = nullptr;  ///< by which it is known until it is published
        Lsn lsn = 0;                    ///< 0: not published yet
        Bytes changes;
        std::size_t schemaStep = SIZE_MAX;
    };
    [[nodiscard]] const SqlRules& rules() const { return static_cast<const SqlRules&>(*options_.context.rules); }
    Status useSchema();
    Status ensureTransaction();
    Status restore();
    Status runStep(const Step& step);
    Status runSchemaSteps(Lsn upTo);
    Status undoStep(const Step& step);
    void giveUp();
    void applyCounters(BytesView changes, bool isForward);
    [[nodiscard]] Step* firstPending() { return published_ < steps_.size() ? &steps_[published_] : nullptr; }
    void push(Step step);
    using AtRest = std::function<Status()>;
    Status commit(Lsn syncedLsn, const AtRest& atRest);
    Status commitFirst(std::size_t count, Lsn position);
    void dropSteps(std::size_t count);

    StateUnitOptions options_;
    FaultPoints& faults_;
    std::unique_ptr<SqlFile> file_;
    Lsn position_ = 0;
    Lsn flushed_ = 0;
    Lsn checkpointed_ = 0;
    Lsn schemaLsn_ = 0;  ///< of the last schema step that is not committed: nothing before it can be taken back
    std::size_t schemaSteps_ = 0;           ///< that ran, in the open transaction too
    std::size_t schemaStepsCommitted_ = 0;  ///< that the file has
    std::map<std::uint32_t, std::uint64_t> counters_;
    std::map<std::uint32_t, std::uint64_t> countersCommitted_;
    std::deque<Step> steps_;     ///< since the last commit; published ones in front
    std::size_t published_ = 0;  ///< how many of them
    std::size_t stepBytes_ = 0;
    std::uint64_t changedRows_ = 0;  ///< of published steps
    Bytes work_;
    bool isWorking_ = false;
    std::shared_ptr<std::optional<Lsn>> checkpointing_;  ///< what a running checkpoint will have brought over
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

/// The commit ran when the job was made: the connection belongs to the executor.
class CommitDone final : public StateJob {
public:
    explicit CommitDone(Status outcome) : outcome_(std::move(outcome)) {}
    void run() override {}
    Status finish() override { return outcome_; }

private:
    Status outcome_;
};

class SqlCheckpoint final : public StateJob {
public:
    SqlCheckpoint(SqlUnit& unit, Lsn committed)
        : unit_(unit), alive_(unit.alive_), file_(unit.file_->checkpointer()), committed_(committed) {
        unit.checkpointing_ = std::make_shared<std::optional<Lsn>>(committed);
    }
    ~SqlCheckpoint() override {
        if (!alive_.expired()) unit_.checkpointing_.reset();
    }
    SqlCheckpoint(const SqlCheckpoint&) = delete;
    SqlCheckpoint& operator=(const SqlCheckpoint&) = delete;
    void run() override {
        outcome_ = orError([this]() -> Status {
            const auto done = file_->checkpoint();
            if (!done) return done.error();
            isWhole_ = done.value();
            return okStatus();
        });
    }
    Status finish() override {
        if (!alive_.expired() && outcome_.ok() && isWhole_) {
            unit_.checkpointed_ = std::max(unit_.checkpointed_, committed_);
        }
        return outcome_;
    }

private:
    SqlUnit& unit_;
    std::weak_ptr<const bool> alive_;
    std::shared_ptr<SqlCheckpointer> file_;
    Lsn committed_;
    bool isWhole_ = false;
    Status outcome_ = Error{ErrorCode::Cancelled, "the checkpoint did not run", {}, {}};
};

Status SqlUnit::open(std::function<Micros()> nowUs) {
    auto opened = SqlFile::open(options_, rules());
    if (!opened) return opened.error();
    file_ = std::move(opened).value();
    file_->session().setClock(std::move(nowUs));
    const auto found = file_->read();
    if (!found) return found.error();
    position_ = flushed_ = checkpointed_ = found.value().position;
    schemaSteps_ = schemaStepsCommitted_ = found.value().schemaSteps;
    counters_ = countersCommitted_ = found.value().counters;
    // The catalog may be of an earlier snapshot: the log brings what it lacks.
    return schemaSteps_ > rules().steps.size() ? okStatus() : useSchema();
}

Status SqlUnit::useSchema() {
    if (schemaSteps_ <= rules().steps.size()) return file_->useSchema(rules(), schemaSteps_);
    return Error{
        ErrorCode::Corrupt,
        fmt::format("the state file has {} schema steps, and the catalog knows {}", schemaSteps_, rules().steps.size()),
        options_.path, "put the newest node.json back"};
}

// ---- the transaction ---------------------------------------------------------------------------------------------

/// There is one, and all steps since the last commit are in it.
Status SqlUnit::ensureTransaction() {
    if (file_->database().inTransaction()) return okStatus();
    return restore();
}

/// SQLite has given the transaction up, or none was begun: all steps again.
Status SqlUnit::restore() {
    if (file_->database().inTransaction()) return okStatus();
    if (!steps_.empty()) faults_.reached("sql-transaction-made-again");
    work_.clear();
    isWorking_ = false;
    file_->session().capture(nullptr);
    counters_ = countersCommitted_;
    schemaSteps_ = schemaStepsCommitted_;
    Status done = useSchema();
    if (done.ok()) done = file_->database().exec("BEGIN IMMEDIATE");
    for (auto at = steps_.begin(); done.ok() && at != steps_.end(); ++at) done = runStep(*at);
    if (!done.ok()) giveUp();
    return done;
}

void SqlUnit::giveUp() {
    if (file_->database().inTransaction()) (void)file_->database().exec("ROLLBACK");
}

Status SqlUnit::runStep(const Step& step) {
    if (step.schemaStep == SIZE_MAX) {
        const Status done = file_->session().redo(step.changes);
        if (done.ok()) applyCounters(step.changes, true);
        return done;
    }
    const Status done = file_->runSchemaStep(rules(), step.schemaStep);
    if (done.ok()) schemaSteps_ = step.schemaStep + 1;
    return done;
}

Status SqlUnit::undoStep(const Step& step) {
    const Status done = file_->session().undo(step.changes);
    if (done.ok()) applyCounters(step.changes, false);
    return done;
}

void SqlUnit::applyCounters(BytesView changes, bool isForward) {
    ByteReader in(changes);
    SqlChangeView change;
    std::vector<SqlChangeView> found;
    while (nextSqlChange(in, change)) {
        if (change.what == SqlChange::Counter) found.push_back(change);
    }
    if (!isForward) std::reverse(found.begin(), found.end());
    for (const SqlChangeView& each : found) {
        counters_[each.counter] = isForward ? each.counterAfter : each.counterBefore;
    }
}

/// One that is published follows published ones only.
void SqlUnit::push(Step step) {
    if (step.lsn != 0) ++published_;
    stepBytes_ += step.changes.size() + sizeof(Step);
    steps_.push_back(std::move(step));
}

void SqlUnit::dropSteps(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        stepBytes_ -= steps_.front().changes.size() + sizeof(Step);
        steps_.pop_front();
    }
    published_ -= count;
}

// ---- work --------------------------------------------------------------------------------------------------------

Result<SqlSession*> SqlUnit::session() {
    if (Status there = ensureTransaction(); !there) return there.error();
    if (Status ran = runSchemaSteps(UINT64_MAX); !ran) return ran.error();  // that failed when they came
    return &file_->session();
}

Status SqlUnit::begin() {
    if (Status clear = takeBack(0); !clear) return clear;
    if (const auto ready = session(); !ready) return ready.error();
    work_.clear();
    isWorking_ = true;
    file_->session().capture(&work_);
    return okStatus();
}

Status SqlUnit::takeBack(std::size_t from) {
    if (!isWorking_) return okStatus();
    if (!file_->database().inTransaction()) return restore();  // what failed took all of it
    const Step gone{nullptr, 0, work_.substr(std::min(from, work_.size())), SIZE_MAX};
    const Status done = undoStep(gone);
    work_.resize(std::min(from, work_.size()));
    if (from == 0) {
        isWorking_ = false;
        file_->session().capture(nullptr);
    }
    if (done.ok()) return done;
    giveUp();
    return restore();
}

Status SqlUnit::amend(std::size_t from, const Bytes& images, const std::function<Status(SqlSession&)>& change) {
    file_->session().capture(nullptr);
    const Status done = change(file_->session());
    if (done.ok()) {
        work_.replace(from, Bytes::npos, images);
        file_->session().capture(&work_);
        return done;
    }
    giveUp();  // some rows may be changed, without an image of it
    const Status again = restore();
    return again.ok() ? done : again;
}

void SqlUnit::setCounter(std::uint32_t counter, std::uint64_t value) {
    std::uint64_t& now = counters_[counter];
    appendSqlCounter(work_, counter, now, value);
    now = value;
}

void SqlUnit::logging(const Bytes* stored) {
    push(Step{stored, 0, std::move(work_), SIZE_MAX});
    work_.clear();
    isWorking_ = false;
    file_->session().capture(nullptr);
}

/// It goes, and all that was run on top of it.
void SqlUnit::refused(const Bytes* stored) {
    const auto at = std::find_if(steps_.begin(), steps_.end(),
                                 [&](const Step& step) { return step.lsn == 0 && step.stored == stored; });
    if (at == steps_.end()) return;  // it went with one below it
    faults_.reached("sql-step-refused");
    if (faults_.hit("bug-refused-rows-stay")) {
        steps_.erase(at);
        return;
    }
    (void)takeBack(0);
    bool isWhole = file_->database().inTransaction();
    const auto left = static_cast<std::size_t>(std::distance(at, steps_.end()));
    for (std::size_t i = 0; i < left; ++i) {
        isWhole = isWhole && undoStep(steps_.back()).ok();
        stepBytes_ -= steps_.back().changes.size() + sizeof(Step);
        steps_.pop_back();
    }
    if (isWhole) return;
    giveUp();
    (void)restore();  // tried again by whoever needs it
}

Status SqlUnit::apply(const EntryRef& entry) {
    if (entry.lsn <= position_) return okStatus();  // replay of what the file already holds
    if (Step* pending = firstPending()) {
        if (pending->stored != entry.hold.get()) {
            return Error{ErrorCode::Internal, "an entry is not the one that ran first", options_.path, {}};
        }
        ++published_;
        pending->lsn = entry.lsn;
        pending->stored = nullptr;
    } else {
        if (Status clear = takeBack(0); !clear) return clear;
        if (Status ready = runSchemaSteps(entry.lsn - 1); !ready) return ready;
        if (Status there = ensureTransaction(); !there) return there;
        Step step{nullptr, entry.lsn, Bytes(entry.mutations), SIZE_MAX};
        if (faults_.hit("bug-replay-skipped")) step.changes.clear();
        if (Status done = runStep(step); !done) {
            giveUp();
            return done;
        }
        push(std::move(step));
    }
    ++changedRows_;
    position_ = entry.lsn;
    return okStatus();
}

// ---- schema ------------------------------------------------------------------------------------------------------

Status SqlUnit::runSchemaSteps(Lsn upTo) {
    while (schemaSteps_ < rules().steps.size()) {
        const SqlRules::Step& next = rules().steps[schemaSteps_];
        if (next.lsn == 0 || next.lsn > upTo) return okStatus();
        if (Status there = ensureTransaction(); !there) return there;
        const Step step{nullptr, next.lsn, {}, schemaSteps_};
        if (Status done = runStep(step); !done) {
            giveUp();
            return done;
        }
        push(step);
        schemaLsn_ = next.lsn;
        position_ = std::max(position_, next.lsn);
        ++changedRows_;
    }
    return okStatus();
}

void SqlUnit::setFoldContext(FoldContext context) {
    if (context.rules == nullptr) return;
    options_.context = std::move(context);
    (void)takeBack(0);
    (void)runSchemaSteps(UINT64_MAX);  // what fails now is tried again before the next entry
}

Status SqlUnit::tryStep(const SqlRules::Step& step) {
    if (Status clear = takeBack(0); !clear) return clear;
    if (Status there = ensureTransaction(); !there) return there;
    return file_->tryStep(rules(), schemaSteps_, step);
}

// ---- commit ------------------------------------------------------------------------------------------------------

/// Rows and position of the first steps, which are all that the transaction holds now.
Status SqlUnit::commitFirst(std::size_t count, Lsn position) {
    Status done = file_->write({position, schemaSteps_, counters_}, options_.owner.startId);
    if (done.ok()) done = file_->database().exec("COMMIT");
    if (!done.ok()) return done;
    dropSteps(count);
    flushed_ = position;
    schemaStepsCommitted_ = schemaSteps_;
    countersCommitted_ = counters_;
    changedRows_ = 0;
    if (options_.singleConnection || file_->walBytes() > kWalBytesMax) {
        const auto whole = file_->checkpoint();
        if (whole && whole.value()) checkpointed_ = position;
    }
    return okStatus();
}

Status SqlUnit::commit(Lsn syncedLsn, const AtRest& atRest) {
    if (Status clear = takeBack(0); !clear) return clear;
    if (Status there = ensureTransaction(); !there) return there;
    const auto isCommitted = [&](const Step& step) { return step.lsn != 0 && step.lsn <= syncedLsn; };
    const auto firstKept = std::find_if_not(steps_.begin(), steps_.end(), isCommitted);
    const auto count = static_cast<std::size_t>(std::distance(steps_.begin(), firstKept));
    const bool isAll = firstKept == steps_.end();
    const Lsn position =
        isAll ? std::max(flushed_, std::min(position_, syncedLsn)) : (count == 0 ? flushed_ : steps_[count - 1].lsn);
    const bool keeps = faults_.hit("bug-commit-unsynced");
    for (auto at = firstKept; keeps && at != steps_.end(); ++at) at->changes.clear();
    Status done;
    for (auto at = steps_.rbegin(); done.ok() && !keeps && at != std::make_reverse_iterator(firstKept); ++at) {
        done = undoStep(*at);
    }
    const std::size_t before = steps_.size() - count;
    if (done.ok()) done = commitFirst(count, keeps ? position_ : position);
    if (done.ok() && atRest) done = atRest();
    if (!done.ok()) {
        giveUp();  // what was committed stays, all else is made again
        const Status again = restore();
        return again.ok() ? done : again;
    }
    if (before == 0 || keeps) return okStatus();
    faults_.reached("sql-commit-behind-head");
    changedRows_ = published_;
    return restore();
}

std::unique_ptr<StateJob> SqlUnit::makeFlush(Lsn syncedLsn) {
    const bool isAnything = std::any_of(steps_.begin(), steps_.end(),
                                        [&](const Step& step) { return step.lsn != 0 && step.lsn <= syncedLsn; });
    if (!isAnything || schemaLsn_ > syncedLsn) return nullptr;
    return std::make_unique<CommitDone>(commit(syncedLsn, {}));
}

std::unique_ptr<StateJob> SqlUnit::makeCheckpoint(bool evenShort) {
    if (options_.singleConnection || checkpointing_ != nullptr) return nullptr;
    if (checkpointed_ == flushed_ || (!evenShort && file_->walBytes() < options_.checkpointWalBytes)) return nullptr;
    return std::make_unique<SqlCheckpoint>(*this, flushed_);
}

// ---- reading -----------------------------------------------------------------------------------------------------

class SqlView final : public StateView {
public:
    explicit SqlView(Lsn position) : position_(position) {}
    Lsn position() const override { return position_; }
    Result<std::optional<Bytes>> get(BytesView) override { return std::optional<Bytes>(); }
    Result<ScanChunk> scan(BytesView, BytesView, std::size_t, std::size_t) override {
        ScanChunk nothing;
        nothing.atEnd = true;
        return nothing;
    }

private:
    Lsn position_;
};

Result<std::unique_ptr<StateView>> SqlUnit::view(bool) {
    return std::unique_ptr<StateView>(std::make_unique<SqlView>(position_));
}

Result<std::unique_ptr<SqlPicture>> SqlUnit::picture(Lsn syncedLsn) {
    if (schemaLsn_ > syncedLsn) {
        return Error{ErrorCode::Unavailable, "the schema is not synced yet", options_.path, "ask again"};
    }
    std::unique_ptr<SqlPicture> made;
    const Status done = commit(syncedLsn, [&]() -> Status {
        auto taken = file_->picture(rules(), {flushed_, schemaSteps_, counters_});
        if (!taken) return taken.error();
        made = std::move(taken).value();
        return okStatus();
    });
    if (!done.ok()) return done.error();
    return made;
}

}  // namespace

Result<std::unique_ptr<SqlStateUnit>> openSqlStateUnit(const StateUnitOptions& options, FaultPoints& faults,
                                                       std::function<Micros()> nowUs) {
    auto unit = std::make_unique<SqlUnit>(options, faults);
    if (Status opened = unit->open(std::move(nowUs)); !opened) return opened.error();
    return std::unique_ptr<SqlStateUnit>(std::move(unit));
}

}  // namespace tributary::engine
