// JUnit XML of a run.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/report.h"

namespace tributary::runbooks {
namespace {

/// Text for XML 1.0: markup escaped; control characters and bytes that XML forbids are shown as \xNN.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : shownText(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n': out += "&#10;"; break;
            case '\t': out += "&#9;"; break;
            default: out += c;
        }
    }
    return out;
}

double seconds(Millis durationMs) {
    return static_cast<double>(std::max<Millis>(0, durationMs)) / 1000.0;
}

enum class Verdict { Passed, Failure, Failed, Skipped };

Verdict verdictOf(const StepState& step) {
    switch (step.phase) {
        case StepPhase::Done:
        case StepPhase::AlreadyDone: return Verdict::Passed;
        case StepPhase::NotNeeded:
        case StepPhase::Disabled:
        case StepPhase::Skipped:
        case StepPhase::Pending:
        case StepPhase::Intended:
        case StepPhase::Stopped:
        case StepPhase::Undone: return Verdict::Skipped;
        case StepPhase::Started:
        case StepPhase::InDoubt: return Verdict::Failed;
        case StepPhase::Failed: break;
    }
    const bool check = step.failureClass == "verify" || step.failureClass == "precondition";
    return check ? Verdict::Failure : Verdict::Failed;
}

std::string outputOf(const StepState& step) {
    std::string out;
    for (const LineState& line : step.lines) {
        if (line.phase == LinePhase::Pending) continue;
        out += "$ " + line.text + "\n";
        for (const std::string* text : {&line.output, &line.error}) {
            if (!text->empty()) out += *text + (text->back() == '\n' ? "" : "\n");
        }
    }
    for (const Evidence& item : step.evidence) {
        out += fmt::format("[{}] {}{}\n", verdictName(item.verdict), item.phrase,
                           item.seen.empty() ? "" : " (" + item.seen + ")");
    }
    return out;
}

void writeCase(std::string& out, const RunState& state, const StepState& step) {
    out += fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"{:.3f}\">\n",
                       escaped(step.id + ": " + step.title), escaped(state.runbookId), seconds(step.tookMs()));
    const std::string reason = step.reason.empty() ? std::string(stepPhaseName(step.phase)) : step.reason;
    const std::string detail = step.fix.empty() ? std::string() : "try: " + step.fix;
    switch (verdictOf(step)) {
        case Verdict::Passed: break;
        case Verdict::Skipped:
            out += fmt::format(
                "      <skipped message=\"{}\"/>\n",
                escaped(std::string(stepPhaseName(step.phase)) + (step.reason.empty() ? "" : ": " + reason)));
            break;
        case Verdict::Failure:
            out += fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", escaped(reason),
                               step.failureClass, escaped(detail));
            break;
        case Verdict::Failed:
            out += fmt::format("      <error message=\"{}\" type=\"{}\">{}</error>\n", escaped(reason),
                               step.phase == StepPhase::Failed ? step.failureClass : "in-doubt", escaped(detail));
            break;
    }
    if (step.personMs > 0) {
        out += fmt::format("      <properties><property name=\"waited-for-a-person\" value=\"{:.3f}\"/></properties>\n",
                           seconds(step.personMs));
    }
    const std::string text = outputOf(step);
    if (!text.empty()) out += "      <system-out>" + escaped(text) + "</system-out>\n";
    out += "    </testcase>\n";
}

}  // namespace

std::string junitReport(const RunState& state) {
    const auto count = [&](Verdict verdict) {
        return std::count_if(state.steps.begin(), state.steps.end(),
                             [&](const StepState& step) { return verdictOf(step) == verdict; });
    };
    const std::string totals =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\"", state.steps.size(),
                    count(Verdict::Failure), count(Verdict::Failed), count(Verdict::Skipped),
                    seconds(state.endedAtMs > 0 ? state.endedAtMs - state.startedAtMs - state.personMs() : 0));
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites name=\"{}\" {}>\n", escaped(state.runbookId), totals);
    out += fmt::format("  <testsuite name=\"{}\" id=\"{}\" timestamp=\"{}\" {}>\n", escaped(state.runbookId),
                       escaped(state.runId), isoTime(state.startedAtMs).substr(0, 19), totals);
    out += "    <properties>\n";
    out += fmt::format("      <property name=\"runbook-hash\" value=\"{}\"/>\n", state.hash);
    if (state.finished) {
        out += fmt::format("      <property name=\"outcome\" value=\"{}\"/>\n", outcomeName(state.outcome));
        out +=
            fmt::format("      <property name=\"exit\" value=\"{}\"/>\n", static_cast<int>(exitCodeOf(state.outcome)));
    }
    if (state.personMs() > 0) {
        out +=
            fmt::format("      <property name=\"waited-for-people\" value=\"{:.3f}\"/>\n", seconds(state.personMs()));
    }
    for (const auto& [name, value] : state.parameters) {
        out += fmt::format("      <property name=\"parameter.{}\" value=\"{}\"/>\n", escaped(name), escaped(value));
    }
    out += "    </properties>\n";
    for (const StepState& step : state.steps) writeCase(out, state, step);
    return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace tributary::runbooks
