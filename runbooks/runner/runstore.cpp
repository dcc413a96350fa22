// Runs on disk.
#include "runbooks/runner/runstore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

namespace fs = std::filesystem;

Status makeFolder(const std::string& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (!failure) return okStatus();
    return Error{ErrorCode::Io, "cannot make the folder of runs: " + failure.message(), folder, {}};
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

}  // namespace

RunLock::~RunLock() {
    ::close(descriptor_);
}

Result<std::unique_ptr<RunLock>> RunStore::lock() const {
    const Status made = makeFolder(folder_);
    if (!made.ok()) return made.error();
    const std::string path = folder_ + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return Error{ErrorCode::Io, std::strerror(errno), path, {}};
    auto lock = std::make_unique<RunLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        char owner[32] = {};
        const ssize_t size = ::pread(descriptor, owner, sizeof(owner) - 1, 0);
        const std::string process = size > 0 ? std::string(trim(owner)) : std::string("unknown");
        return Error{ErrorCode::Conflict, "another run is live (process " + process + ")", path,
                     "wait for it, or stop it with Ctrl-C in its terminal"};
    }
    const std::string own = std::to_string(::getpid()) + "\n";
    // The number only helps people: a lock without it still locks.
    if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, own.data(), own.size(), 0);
    return lock;
}

std::string RunStore::journalPath(const std::string& runId) const {
    return folder_ + "/" + runId + "/journal.jsonl";
}

Result<std::unique_ptr<RunJournal>> RunStore::create(const std::string& runbookId, RunnerClock& clock) const {
    const std::string base = compactTime(clock.nowMs()) + "-" + runbookId;
    std::string id = base;
    std::error_code failure;
    for (int n = 2; fs::exists(folder_ + "/" + id, failure); ++n) id = fmt::format("{}-{}", base, n);
    const Status made = makeFolder(folder_ + "/" + id);
    if (!made.ok()) return made.error();
    Result<std::unique_ptr<FileSink>> sink = FileSink::create(journalPath(id));
    if (!sink.ok()) return sink.error();
    return std::make_unique<RunJournal>(std::move(sink).value(), clock, id);
}

std::vector<std::string> RunStore::ids() const {
    std::vector<std::string> out;
    std::error_code failure;
    for (fs::directory_iterator at(folder_, failure), end; !failure && at != end; at.increment(failure)) {
        std::error_code ignored;
        if (fs::exists(at->path() / "journal.jsonl", ignored)) out.push_back(at->path().filename().string());
    }
    std::sort(out.rbegin(), out.rend());
    return out;
}

Result<std::string> RunStore::resolve(const std::string& runId) const {
    const std::vector<std::string> known = ids();
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
    const Result<std::string> text = readWhole(journalPath(*id));
    if (!text.ok()) return text.error();
    Result<JournalContents> contents = readJournal(*text, journalPath(*id));
    if (!contents.ok()) return contents.error();
    return std::move(contents->state);
}

Result<std::vector<RunSummary>> RunStore::list() const {
    std::vector<RunSummary> out;
    for (const std::string& id : ids()) {
        RunSummary summary;
        summary.runId = id;
        const Result<RunState> state = read(id);
        if (state.ok()) {
            const RunState& run = *state;
            summary.runbookId = run.runbookId;
            summary.startedAtMs = run.startedAtMs;
            summary.finished = run.finished;
            summary.outcome = run.outcome;
        } else {
            summary.problem = state.error().text();
        }
        out.push_back(std::move(summary));
    }
    return out;
}

}  // namespace tributary::runbooks
