// Runs on disk.
#include "runbooks/runner/runstore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "runbooks/runner/runner.h"

namespace tributary::runbooks {
namespace {

namespace fs = std::filesystem;

Status makeFolder(const std::string& folder) {
    Status made = makePrivateFolders(folder);
    if (made) return made;
    Error error = made.error();
    error.what = "cannot make the folder of runs: " + error.what;
    return error;
}

Result<std::string> readWhole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::Io, "cannot read the run's journal", path, {}};
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

/// 20260131T090000: sorts by time.
std::string compactTime(Millis atMs) {
    std::string out;
    for (const char c : isoTime(atMs).substr(0, 19)) {
        if (c != '-' && c != ':') out += c;
    }
    return out;
}

/// What places a run in the order: its number, then (runs of a release without numbers) the clock, then the id.
struct RunPlace {
    std::int64_t number = 0;
    Millis startedAtMs = 0;
    std::string id;
    friend auto operator<=>(const RunPlace&, const RunPlace&) = default;
};

/// Read from the first record alone; a journal whose first record is not whole has not begun and counts as oldest.
RunPlace placeOf(const std::string& path, std::string id) {
    RunPlace place{0, 0, std::move(id)};
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!file || !std::getline(file, line)) return place;
    const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
    if (!record.is_object() || !record.contains("data") || !record["data"].is_object()) return place;
    const nlohmann::json number = record["data"].value("number", nlohmann::json(0));
    const nlohmann::json at = record.value("at", nlohmann::json(0));
    if (number.is_number_integer()) place.number = number.get<std::int64_t>();
    if (at.is_number_integer()) place.startedAtMs = at.get<Millis>();
    return place;
}

/// Something of the run can be taken back, or forbids it: a list command alone cannot.
bool leftSomethingToUndo(const RunState& state, const Dialects& dialects) {
    if (!state.leftChanges()) return false;
    const Result<Runbook> book = storedRunbook(state, dialects);
    if (!book.ok()) return true;
    return std::any_of(state.steps.begin(), state.steps.end(), [&](const StepState& known) {
        const Step* step = book->findStep(known.id);
        if (step == nullptr || known.phase == StepPhase::Undone) return false;
        if (step->undo.empty() && step->irreversible.empty()) return false;
        return std::any_of(known.lines.begin(), known.lines.end(),
                           [](const LineState& line) { return line.phase == LinePhase::Ok || line.inDoubt(); });
    });
}

bool canGoOn(const RunState& state) {
    const bool endedWell = state.finished && state.outcome == RunOutcome::Success;
    return !endedWell && !state.compensated;
}

RunSummary summaryOf(const RunState& state) {
    RunSummary summary;
    summary.runId = state.runId;
    summary.number = state.number;
    summary.runbookId = state.runbookId;
    summary.startedAtMs = state.startedAtMs;
    summary.finished = state.finished;
    summary.outcome = state.outcome;
    summary.undoing = state.undoing;
    summary.standing = state.standing();
    return summary;
}

RunSummary unreadable(const std::string& path, const std::string& id, const Error& why) {
    const RunPlace place = placeOf(path, id);
    RunSummary summary;
    summary.runId = id;
    summary.number = place.number;
    summary.startedAtMs = place.startedAtMs;
    summary.standing = "unreadable";
    summary.problem = why.text();
    return summary;
}

/// A folder that may not be looked into holds nobody knows what: not "no runs".
Error cannotLook(const std::string& folder, const std::error_code& failure) {
    const bool denied = failure == std::errc::permission_denied;
    return {denied ? ErrorCode::PermissionDenied : ErrorCode::Io, "the runs cannot be looked at: " + failure.message(),
            folder, denied ? "ask as the workspace's owner: ls -ld" : ""};
}

/// What the lock's file says: "PID" or "PID RUN".
LiveRun holderOf(int descriptor) {
    char text[512] = {};
    LiveRun live;
    if (::pread(descriptor, text, sizeof(text) - 1, 0) > 0) std::istringstream(text) >> live.pid >> live.runId;
    return live;
}

// It only helps people: a lock without it still locks.
void tellHolder(int descriptor, const std::string& text) {
    if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, text.data(), text.size(), 0);
}

}  // namespace

RunLock::~RunLock() {
    ::close(descriptor_);
}

void RunLock::holds(const std::string& runId) const {
    tellHolder(descriptor_, fmt::format("{} {}\n", ::getpid(), runId));
}

Result<std::unique_ptr<RunLock>> RunStore::lock() const {
    const Status made = makeFolder(folder_);
    if (!made.ok()) return made.error();
    const std::string path = folder_ + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return Error{ErrorCode::Io, std::strerror(errno), path, {}};
    auto lock = std::make_unique<RunLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int pid = holderOf(descriptor).pid;
        const std::string process = pid > 0 ? std::to_string(pid) : std::string("unknown");
        return Error{ErrorCode::Conflict, "another run is live (process " + process + ")", path,
                     "wait for it, or stop it with Ctrl-C in its terminal"};
    }
    tellHolder(descriptor, fmt::format("{}\n", ::getpid()));
    return lock;
}

std::optional<LiveRun> RunStore::live() const {
    const int descriptor = ::open((folder_ + "/lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    // Looking takes the lock for a moment, and a run that begins just then would be refused: nobody looks while the
    // process that held it last is gone.
    const LiveRun live = holderOf(descriptor);
    const bool mayHold = live.pid > 0 && (::kill(live.pid, 0) == 0 || errno == EPERM);
    const bool held = mayHold && ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return held ? std::optional<LiveRun>(live) : std::nullopt;
}

std::string RunStore::journalPath(const std::string& runId) const {
    return folder_ + "/" + runId + "/journal.jsonl";
}

Result<std::unique_ptr<RunJournal>> RunStore::create(const std::string& runbookId, RunnerClock& clock) const {
    const Result<std::int64_t> number = nextNumber();
    if (!number.ok()) return number.error();
    const std::string base = compactTime(clock.nowMs()) + "-" + runbookId;
    std::string id = base;
    std::error_code failure;
    for (int n = 2; fs::exists(folder_ + "/" + id, failure); ++n) id = fmt::format("{}-{}", base, n);
    const Status made = makeFolder(folder_ + "/" + id);
    if (!made.ok()) return made.error();
    Result<std::unique_ptr<FileSink>> sink = FileSink::create(journalPath(id));
    if (!sink.ok()) return sink.error();
    return std::make_unique<RunJournal>(std::move(sink).value(), clock, id, *number);
}

Result<std::int64_t> RunStore::nextNumber() const {
    const Status made = makeFolder(folder_);
    if (!made.ok()) return made.error();
    // The counter outlives deleted runs; the journals outlive a lost counter.
    std::int64_t last = 0;
    std::ifstream file(folder_ + "/counter");
    if (file && !(file >> last)) last = 0;
    const Result<std::vector<std::string>> known = ids();
    if (!known.ok()) return known.error();
    for (const std::string& id : *known) last = std::max(last, placeOf(journalPath(id), id).number);
    const std::string path = folder_ + "/counter";
    // Made here, because saving keeps the mode of what is there and gives a new file that of a shared text.
    const int fresh = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fresh >= 0) ::close(fresh);
    const Status saved = saveFileAtomically(path, std::to_string(last + 1) + "\n");
    if (!saved.ok()) return saved.error();
    return last + 1;
}

Result<std::vector<std::string>> RunStore::ids() const {
    std::vector<RunPlace> places;
    std::error_code failure;
    for (fs::directory_iterator at(folder_, failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code ignored;
        const fs::path journal = at->path() / "journal.jsonl";
        if (fs::exists(journal, ignored)) places.push_back(placeOf(journal, at->path().filename().string()));
    }
    if (failure && failure != std::errc::no_such_file_or_directory) return cannotLook(folder_, failure);
    std::sort(places.rbegin(), places.rend());
    std::vector<std::string> out;
    for (RunPlace& place : places) out.push_back(std::move(place.id));
    return out;
}

Result<std::string> RunStore::resolve(const std::string& runId) const {
    const Result<std::vector<std::string>> all = ids();
    if (!all.ok()) return all.error();
    const std::vector<std::string>& known = *all;
    if (runId.empty() && !known.empty()) return known.front();
    if (std::find(known.begin(), known.end(), runId) != known.end()) return runId;
    if (known.empty()) return Error{ErrorCode::NotFound, "there are no runs yet", folder_, "start one with `run`"};
    const std::string near = nearest(runId, known);
    return Error{ErrorCode::NotFound, "there is no run `" + runId + "`", folder_,
                 "did you mean `" + (near.empty() ? known.front() : near) + "`?"};
}

Result<std::unique_ptr<RunJournal>> RunStore::open(const std::string& runId, RunnerClock& clock) const {
    const Result<std::string> id = resolve(runId);
    if (!id.ok()) return id.error();
    const std::string path = journalPath(*id);
    const Result<std::string> text = readWhole(path);
    if (!text.ok()) return text.error();
    Result<JournalContents> contents = readJournal(*text, path);
    if (!contents.ok()) return contents.error();
    Result<std::unique_ptr<FileSink>> sink = FileSink::reopen(path, contents->goodBytes);
    if (!sink.ok()) return sink.error();
    return std::make_unique<RunJournal>(std::move(sink).value(), clock, std::move(contents).value());
}

Result<RunState> RunStore::read(const std::string& runId) const {
    const Result<std::string> id = resolve(runId);
    if (!id.ok()) return id.error();
    return readKnown(*id, live());
}

Result<RunState> RunStore::readKnown(const std::string& id, const std::optional<LiveRun>& live) const {
    const Result<std::string> text = readWhole(journalPath(id));
    if (!text.ok()) return text.error();
    Result<JournalContents> contents = readJournal(*text, journalPath(id));
    if (!contents.ok()) return contents.error();
    contents->state.livePid = live && live->runId == id ? live->pid : 0;
    return std::move(contents->state);
}

Result<std::vector<RunSummary>> RunStore::list() const {
    const Result<std::vector<std::string>> known = ids();
    if (!known.ok()) return known.error();
    const std::optional<LiveRun> live = this->live();
    std::vector<RunSummary> out;
    for (const std::string& id : *known) {
        const Result<RunState> state = readKnown(id, live);
        out.push_back(state.ok() ? summaryOf(*state) : unreadable(journalPath(id), id, state.error()));
    }
    // Nothing is written before what has to be asked first is answered: such a run is the newest, and not damaged.
    std::stable_partition(out.begin(), out.end(), [&](RunSummary& summary) {
        std::error_code failure;
        if (!live || fs::file_size(journalPath(summary.runId), failure) != 0 || failure) return false;
        summary.standing = "not begun";
        summary.problem = "process " + std::to_string(live->pid) + " asks before its first step";
        return true;
    });
    return out;
}

Result<std::vector<RunSummary>> RunStore::candidates(Purpose purpose, const Dialects& dialects) const {
    const Result<std::vector<std::string>> known = ids();
    if (!known.ok()) return known.error();
    std::vector<RunSummary> out;
    std::vector<std::pair<std::string, ParameterValues>> later;
    const std::optional<LiveRun> live = this->live();
    for (const std::string& id : *known) {
        const Result<RunState> state = readKnown(id, live);
        if (!state.ok()) {
            RunSummary damaged = unreadable(journalPath(id), id, state.error());
            if (damaged.number > 0) out.push_back(std::move(damaged));
            continue;
        }
        std::pair<std::string, ParameterValues> job{state->runbookId, state->parameters};
        // Whoever began the same anew has given the older attempt up.
        const bool superseded = std::find(later.begin(), later.end(), job) != later.end();
        later.push_back(std::move(job));
        const bool fits =
            purpose == Purpose::Undo ? leftSomethingToUndo(*state, dialects) : canGoOn(*state) && !superseded;
        if (fits) out.push_back(summaryOf(*state));
    }
    return out;
}

}  // namespace tributary::runbooks
