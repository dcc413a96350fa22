// The write-ahead journal of a run: one JSON object per line, each durable before the run goes on.
//
// Decision: every record carries the CRC of itself continued from the record before, so that a changed, lost or
// swapped line anywhere but at the end is found. A SQLite file was rejected: a journal must be readable with `less`
// after the worst day, and must tolerate its own torn end without a library's help.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runbooks/runner/runnerclock.h"
#include "runbooks/runner/runstate.h"

namespace tributary::runbooks {

/// Where lines go. append() returns ok only when the line survives a power cut.
class JournalSink {
public:
    virtual ~JournalSink() = default;
    virtual Status append(std::string_view line) = 0;
};

/// A file opened for appending; every append is followed by fdatasync.
class FileSink final : public JournalSink {
public:
    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;
    ~FileSink() override;
    /// Creates a new file (and syncs its folder). Errors: AlreadyExists, Io, DiskFull.
    static Result<std::unique_ptr<FileSink>> create(const std::string& path);
    /// Continues a file after its first `goodBytes` bytes; a torn end behind them is cut off.
    static Result<std::unique_ptr<FileSink>> reopen(const std::string& path, std::int64_t goodBytes);
    Status append(std::string_view line) override;

private:
    FileSink(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    int descriptor_;
    std::string path_;
};

/// What was read from a journal.
struct JournalContents {
    RunState state;
    std::int64_t nextSeq = 1;
    std::uint32_t lastCrc = 0;
    std::int64_t goodBytes = 0;
    bool tornTail = false;
};

/// Replays a journal. A torn or unfinished last line is left out. Errors: Corrupt, `where` = file:line, for damage in
/// front of the last line; Unsupported for a newer version.
[[nodiscard]] Result<JournalContents> readJournal(std::string_view text, const std::string& fileName);

/// The journal of one run and the state its records built. Used by one runner at a time.
class RunJournal {
public:
    /// A new run; `number` is its place in the workspace's order.
    RunJournal(std::unique_ptr<JournalSink> sink, RunnerClock& clock, std::string runId, std::int64_t number = 0);
    /// A run that was read back.
    RunJournal(std::unique_ptr<JournalSink> sink, RunnerClock& clock, JournalContents contents);
    ~RunJournal();

    /// Writes one record durably and applies it to the state.
    Status append(const char* type, const nlohmann::json& body);
    [[nodiscard]] const RunState& state() const { return state_; }
    [[nodiscard]] std::int64_t recordCount() const { return nextSeq_ - 1; }

private:
    std::unique_ptr<JournalSink> sink_;
    RunnerClock& clock_;
    RunState state_;
    std::int64_t nextSeq_ = 1;
    std::uint32_t lastCrc_ = 0;
};

}  // namespace tributary::runbooks
