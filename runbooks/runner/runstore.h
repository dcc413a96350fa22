// The runs of one workspace on disk: a folder per run, and the lock that keeps one run live.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "runbooks/runner/journal.h"

namespace tributary::runbooks {

/// Held while a run is live; given back when destroyed or when the process ends.
class RunLock {
public:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    ~RunLock();
    /// Tells whoever looks which run is live; the lock holds whether or not it could be written.
    void holds(const std::string& runId) const;

private:
    int descriptor_;
};

/// Who holds the lock.
struct LiveRun {
    int pid = 0;
    std::string runId;  ///< empty: not yet chosen
};

/// A line of `report list`.
struct RunSummary {
    std::string runId;
    std::int64_t number = 0;  ///< its place in the order of runs; 0: begun by a release without one
    std::string runbookId;
    Millis startedAtMs = 0;
    bool finished = false;
    RunOutcome outcome = RunOutcome::Incomplete;
    bool undoing = false;  ///< its last session is an undo
    std::string standing;  ///< RunState::standing(); "unreadable" with a problem
    std::string problem;   ///< why the journal cannot be read; empty when it can
};

class RunStore {
public:
    /// `folder` is .tributary/runs of the workspace; made on first use.
    explicit RunStore(std::string folder) : folder_(std::move(folder)) {}

    /// Errors: Conflict when another process runs (its number is in the text): exit code LockHeld.
    [[nodiscard]] Result<std::unique_ptr<RunLock>> lock() const;
    /// The run that is live; nothing when none is.
    [[nodiscard]] std::optional<LiveRun> live() const;
    /// A new journal; its id is made of the time and the runbook, its number is one more than any before. The caller
    /// holds the lock. Errors: Io, DiskFull.
    [[nodiscard]] Result<std::unique_ptr<RunJournal>> create(const std::string& runbookId, RunnerClock& clock) const;
    /// The journal of a run, or of the newest one when `runId` is empty: the one with the highest number, whatever the
    /// clocks said. Errors: NotFound with the known ids, Corrupt.
    [[nodiscard]] Result<std::unique_ptr<RunJournal>> open(const std::string& runId, RunnerClock& clock) const;
    /// A run's state without opening it for writing: for reports. `runId` as in open().
    [[nodiscard]] Result<RunState> read(const std::string& runId) const;
    /// Newest first. Errors: those of ids().
    [[nodiscard]] Result<std::vector<RunSummary>> list() const;
    enum class Purpose { Resume, Undo };
    /// The runs that a resume may go on with (unless a later run did the same), or that did something an undo may take
    /// back. One that began and cannot be read any more may be meant, and is among them. Newest first. Errors: those of
    /// ids().
    [[nodiscard]] Result<std::vector<RunSummary>> candidates(Purpose purpose, const Dialects& dialects) const;
    /// The ids of all runs, newest first; of each journal the first record alone is read. Errors: PermissionDenied, Io
    /// when the folder is there and cannot be looked into.
    [[nodiscard]] Result<std::vector<std::string>> ids() const;
    [[nodiscard]] std::string journalPath(const std::string& runId) const;

private:
    [[nodiscard]] Result<std::string> resolve(const std::string& runId) const;
    /// Of an id that is there.
    [[nodiscard]] Result<RunState> readKnown(const std::string& id, const std::optional<LiveRun>& live) const;
    [[nodiscard]] Result<std::int64_t> nextNumber() const;
    std::string folder_;
};

}  // namespace tributary::runbooks
