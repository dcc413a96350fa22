// Markdown report of a run.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/report.h"

namespace tributary::runbooks {
namespace {

/// Text for a table cell or a sentence: no markup of its own, on one line.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : shownText(text)) {
        if (c == '\n' || c == '\r') {
            out += ' ';
            continue;
        }
        if (std::string_view("\\`*_|<>").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

std::string secondsText(Millis durationMs) {
    return fmt::format("{:.3f} s", static_cast<double>(durationMs) / 1000.0);
}

std::string figure(std::int64_t value, const char* unit) {
    return value < 0 ? std::string("unknown") : groupedDigits(static_cast<std::uint64_t>(value)) + unit;
}

/// A fence longer than any run of backticks inside.
std::string fenced(const std::string& raw) {
    const std::string text = shownText(raw);
    std::string fence = "```";
    while (text.find(fence) != std::string::npos) fence += '`';
    return fence + "\n" + text + (text.empty() || text.back() == '\n' ? "" : "\n") + fence + "\n";
}

void writeHead(std::string& out, const RunState& state) {
    const ExitCode code = exitCodeOf(state.outcome);
    std::string end = state.undoing ? "undo not finished: its process ended" : "not finished: its process ended";
    if (state.finished) {
        end = fmt::format("{} (exit {}, {})", outcomeName(state.outcome), static_cast<int>(code), exitCodeName(code));
    } else if (state.livePid > 0) {
        end = fmt::format("{} (process {})", state.undoing ? "undo running" : "running", state.livePid);
    }
    out += fmt::format("# {}\n\n", plain(state.title));
    out += fmt::format("- Outcome: **{}**\n", end);
    if (!state.reason.empty()) out += fmt::format("- Reason: {}\n", plain(state.reason));
    if (!state.fix.empty()) out += fmt::format("- Next: {}\n", plain(state.fix));
    out += fmt::format("- Run: `{}` of runbook `{}` (text `{}`)\n", state.runId, state.runbookId,
                       state.hash.substr(0, 12));
    out += fmt::format("- By: {}\n", state.user.empty() ? "unknown" : plain(state.user));
    out += fmt::format("- Began: {}", isoTime(state.startedAtMs));
    if (state.finished) {
        out += fmt::format("; ended: {}; took {}", isoTime(state.endedAtMs),
                           secondsText(state.endedAtMs - state.startedAtMs));
        if (state.personMs() > 0) out += fmt::format(", of which people took {}", secondsText(state.personMs()));
    }
    out += "\n";
    if (state.sessions > 1) out += fmt::format("- Sessions: {} (resumed or undone)\n", state.sessions);
    out += "\n## Parameters\n\n| name | value |\n|---|---|\n";
    for (const auto& [name, value] : state.parameters) {
        out += fmt::format("| {} | {} |\n", plain(name), value.empty() ? "(none)" : plain(value));
    }
}

void writeLines(std::string& out, const std::vector<LineState>& lines) {
    std::string text;
    for (const LineState& line : lines) {
        if (line.phase == LinePhase::Pending) continue;
        text += "$ " + line.text + "\n";
        if (line.tries > 1) text += fmt::format("# tried {} times\n", line.tries);
        if (!line.output.empty()) text += line.output + (line.output.back() == '\n' ? "" : "\n");
        if (line.phase == LinePhase::Failed) text += "# failed: " + line.error + "\n";
        if (line.phase == LinePhase::Started) text += "# no result was recorded\n";
    }
    if (!text.empty()) out += "\n" + fenced(text);
}

void writeStep(std::string& out, const StepState& step, int number) {
    out += fmt::format("\n### {}. {}\n\n", number, plain(step.title));
    out += fmt::format("`{}`: **{}**", step.id, stepPhaseName(step.phase));
    if (step.tookMs() >= 0) out += fmt::format(", {}", secondsText(step.tookMs()));
    if (step.personMs > 0) out += fmt::format(" (and {} waiting for a person)", secondsText(step.personMs));
    if (!step.reason.empty()) out += fmt::format(". {}", plain(step.reason));
    out += "\n";
    writeLines(out, step.lines);
    if (!step.evidence.empty()) out += "\n";
    for (const Evidence& item : step.evidence) {
        out += fmt::format("- {}: {}", verdictName(item.verdict), plain(item.phrase));
        if (!item.seen.empty()) out += fmt::format(" ({})", plain(item.seen));
        out += "\n";
    }
    if (step.undoStarted)
        out += step.undoProblem.empty() ? "\nUndo:\n" : "\nUndo failed: " + plain(step.undoProblem) + "\n";
    writeLines(out, step.undoLines);
}

}  // namespace

std::string markdownReport(const RunState& state) {
    std::string out;
    writeHead(out, state);
    out += fmt::format("\n## Steps\n\n{} of {} settled\n",
                       std::count_if(state.steps.begin(), state.steps.end(),
                                     [](const StepState& step) { return isSettled(step.phase); }),
                       state.steps.size());
    int number = 0;
    for (const StepState& step : state.steps) writeStep(out, step, ++number);
    out += "\n## Approvals\n\n";
    if (state.approvals.empty()) out += "None.\n";
    for (const ApprovalRecord& approval : state.approvals) {
        out += fmt::format("- `{}`: {} by {} at {}", approval.stepId, approval.how,
                           approval.who.empty() ? "unknown" : plain(approval.who), isoTime(approval.atMs));
        if (!approval.reason.empty()) out += fmt::format(" ({})", plain(approval.reason));
        out += "\n\n" + fenced(approval.text) + "\n";
    }
    out += "\n## Lag\n\n";
    if (state.lag.empty()) return out + "No link was seen.\n";
    out += "| link | worst | at the end | most pending | samples | unknown |\n|---|---|---|---|---|---|\n";
    for (const auto& [link, summary] : state.lag) {
        out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", plain(link), figure(summary.maxLagMs, " ms"),
                           figure(summary.lastLagMs, " ms"), figure(summary.maxBytesPending, " bytes"), summary.samples,
                           summary.unknownSamples);
    }
    return out;
}

}  // namespace tributary::runbooks
