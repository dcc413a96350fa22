// Choosing a run.
#include "app/terminal/runchoice.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "app/systems/dialects.h"
#include "app/terminal/typedlines.h"
#include "core/base/text.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/runner.h"

namespace tributary::app {
namespace {

using runbooks::RunStore;
using runbooks::RunSummary;

constexpr std::size_t kListedMax = 9;

Result<std::string> ask(const std::vector<RunSummary>& runs, const char* verb, StopSignals& stop) {
    fmt::print(stderr, "{} runs can be {}:\n", runs.size(), verb);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        fmt::print(stderr, "  {}  {}  {}, begun {}\n", i + 1, runs[i].runId, runs[i].standing,
                   isoTime(runs[i].startedAtMs));
    }
    TypedLines typed([&stop] { return stop.stopped() || stop.wait(0) != 0; });
    while (true) {
        fmt::print(stderr, "which one? [1-{}, or nothing to stop] ", runs.size());
        std::fflush(stderr);
        const auto line = typed.next();
        if (!line || line->empty()) {
            fmt::print(stderr, "\n");
            return Error{ErrorCode::Cancelled, "no run was chosen", {}, {}};
        }
        std::size_t number = 0;
        const auto read = std::from_chars(line->data(), line->data() + line->size(), number);
        const bool whole = read.ec == std::errc() && read.ptr == line->data() + line->size();
        if (whole && number >= 1 && number <= runs.size()) return runs[number - 1].runId;
    }
}

/// The id of the runbook that is named. What cannot be read any more is called by its id alone.
std::string idOfNamed(const std::string& name, const std::string& workspaceRoot) {
    const auto found = runbooks::findRunbook(name, workspaceRoot, dialects());
    return found ? found->id : name;
}

Error noRunOf(const std::string& runbook, const char* verb) {
    return Error{
        ErrorCode::NotFound, fmt::format("no run of {} can be {}", runbook, verb), {}, "tributary report list"};
}

/// The newest run of a runbook: it says why it cannot be gone on with.
Result<std::string> newestOf(const RunStore& store, const std::string& runbook, const char* verb) {
    if (runbook.empty()) {
        const auto newest = store.read({});
        if (!newest) return newest.error();
        return newest->runId;
    }
    const auto all = store.list();
    if (!all) return all.error();
    for (const RunSummary& run : *all) {
        if (run.runbookId == runbook) return run.runId;
    }
    return noRunOf(runbook, verb);
}

}  // namespace

Result<std::string> chooseRun(const VerbContext& context, const RunStore& store, const RunWords& words,
                              const std::string& workspaceRoot, StopSignals& stop) {
    const bool undo = words.undo;
    const char* verb = undo ? "undone" : "resumed";
    const std::string runbook = words.runbook.empty() ? std::string() : idOfNamed(words.runbook, workspaceRoot);
    if (!words.run.empty()) {
        const auto named = store.read(words.run);
        // Why a run cannot be read is said by whoever opens its journal.
        if (!named || runbook.empty() || named->runbookId == runbook) return words.run;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("run {} is one of {}, not of {}", named->runId, named->runbookId, runbook),
                     words.runbook, fmt::format("tributary run {} {}", undo ? "--undo" : "--resume", named->runId)};
    }
    Result<std::vector<RunSummary>> found =
        store.candidates(undo ? RunStore::Purpose::Undo : RunStore::Purpose::Resume, dialects());
    if (!found) return found.error();
    std::vector<RunSummary> runs = std::move(found).value();
    if (!runbook.empty()) std::erase_if(runs, [&](const RunSummary& run) { return run.runbookId != runbook; });
    if (runs.empty()) return newestOf(store, runbook, verb);
    if (runs.size() == 1) return runs.front().runId;
    const bool asked = !context.noInput && ::isatty(STDIN_FILENO) != 0 && context.errIsTerminal;
    if (asked) return ask(runs, verb, stop);
    std::vector<std::string> ids;
    for (const RunSummary& run : runs) {
        if (ids.size() == kListedMax) break;
        ids.push_back(fmt::format("{} ({})", run.runId, run.standing));
    }
    if (runs.size() > kListedMax) ids.push_back(fmt::format("and {} more", runs.size() - kListedMax));
    const char* option = undo ? "--undo" : "--resume";
    return Error{ErrorCode::InvalidInput, fmt::format("{} runs can be {}: {}", runs.size(), verb, join(ids, ", ")),
                 option, fmt::format("name one, newest first: tributary run {} {}", option, runs.front().runId)};
}

Result<RunbookOfRun> runbookOfRun(const runbooks::RunState& state, const RunWords& words,
                                  const std::string& workspaceRoot) {
    auto stored = runbooks::storedRunbook(state, dialects());
    if (!stored) return stored.error();
    RunbookOfRun out{std::move(stored).value(), {}};
    if (words.stored && !words.undo) return out;
    const bool named = !words.runbook.empty();
    const std::string name = named ? words.runbook : (state.file.empty() ? state.runbookId : state.file);
    auto found = runbooks::findRunbook(name, workspaceRoot, dialects());
    if (!found) {
        if (named && !words.undo && found.error().code != ErrorCode::NotFound) return found.error();
        // A runbook of an earlier release's run that was given as a file elsewhere is in the journal alone.
        if (!state.file.empty() || named)
            out.note = fmt::format("{} cannot be read now ({}): the text that the run began with is used", name,
                                   found.error().what);
        return out;
    }
    if (found->hash == state.hash) return out;
    if (!words.undo) {
        out.runbook = std::move(found).value();  // the runner refuses it, and says how to go on
    } else {
        out.note = fmt::format("{} was changed since run {} began: the undo is that of the text it began with", name,
                               state.runId);
    }
    return out;
}

}  // namespace tributary::app
