// The model of a run as lines of text.
#include "app/terminal/runview.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "core/telemetry/lagchart.h"

namespace tributary::app {
namespace {

using runbooks::EventType;
using runbooks::LinkObservation;
using runbooks::RunEvent;
using runbooks::StepPhase;

constexpr std::size_t kMarkWidth = 6;
constexpr std::size_t kSparkWidth = 24;
constexpr Millis kSparkMs = 60'000;
constexpr std::size_t kChartWidthMax = 100;

/// The state in words of one width: colour only underlines it.
struct Mark {
    const char* text;
    const char* colour;
};

Mark markOf(const StepLine& step) {
    if (step.undoing) return {"UNDO", "33"};
    switch (step.phase) {
        case StepPhase::Pending:
        case StepPhase::Intended: return {"", "2"};
        case StepPhase::Started: return {"RUN", "36;1"};
        case StepPhase::Done: return {"done", "32"};
        case StepPhase::AlreadyDone: return {"was so", "32"};
        case StepPhase::NotNeeded:
        case StepPhase::Disabled: return {"-", "2"};
        case StepPhase::Skipped: return {"skip", "33"};
        case StepPhase::Failed: return {"FAIL", "31;1"};
        case StepPhase::InDoubt: return {"DOUBT", "35;1"};
        case StepPhase::Undone: return {"undone", "33"};
        case StepPhase::Stopped: return {"stop", "33"};
    }
    return {"", "2"};
}

std::string painted(const std::string& text, const char* colour, bool on) {
    return on && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : text;
}

/// Characters, not bytes; combining and wide ones are rare in titles and only shorten a line.
std::size_t widthOf(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string clipped(std::string_view raw, std::size_t columns) {
    const std::string text = shownLine(raw);
    if (widthOf(text) <= columns) return std::string(text);
    std::size_t at = 0;
    std::size_t seen = 0;
    while (at < text.size()) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80U;
        if (starts && seen + 3 >= columns) break;
        seen += starts ? 1 : 0;
        ++at;
    }
    return text.substr(0, at) + "...";
}

std::string padded(std::string text, std::size_t columns) {
    const std::size_t width = widthOf(text);
    if (width < columns) text.append(columns - width, ' ');
    return text;
}

std::string timeOf(const StepLine& step, Millis nowMs) {
    if (step.phase == StepPhase::Started && step.startedAtMs > 0)
        return humanDuration(std::max<Millis>(0, nowMs - step.startedAtMs));
    if (step.durationMs < 0 || step.phase == StepPhase::NotNeeded) return {};
    const std::string person = step.personMs > 0 ? " + " + humanDuration(step.personMs) + " asked" : "";
    return humanDuration(step.durationMs) + person;
}

std::string stepText(const StepLine& step, std::size_t number, const RunViewStyle& style) {
    const Mark mark = markOf(step);
    const std::string time = timeOf(step, style.nowMs);
    const std::size_t timeWidth = time.empty() ? 0 : widthOf(time) + 2;
    const std::size_t used = kMarkWidth + 1 + 3 + 1;
    const std::size_t room = style.columns > used + timeWidth + 8 ? style.columns - used - timeWidth : 8;
    std::string line = painted(padded(mark.text, kMarkWidth), mark.colour, style.colour);
    line += fmt::format(" {:>3} ", number);
    const std::string title = step.title.empty() ? step.id : step.title;
    line += time.empty() ? clipped(title, room) : padded(clipped(title, room), room) + "  " + time;
    return line;
}

/// What the current step is doing, below its line.
std::vector<std::string> detailLines(const RunViewModel& model, const StepLine& step, const RunViewStyle& style) {
    std::vector<std::string> lines;
    const std::string indent(kMarkWidth + 5, ' ');
    const auto add = [&](const std::string& text) { lines.push_back(clipped(indent + text, style.columns)); };
    if (!step.command.empty()) add("$ " + step.command);
    if (!model.progress().empty() && !step.command.empty()) add(model.progress());
    if (step.phase == StepPhase::Started && step.command.empty() && !step.waitingFor.empty()) {
        add("waits until " + step.waitingFor);
    }
    const bool bad = step.phase == StepPhase::Failed || step.phase == StepPhase::InDoubt;
    if ((bad || step.phase == StepPhase::Started) && !step.reason.empty()) add(step.reason);
    if (bad && !step.fix.empty()) add("try: " + step.fix);
    return lines;
}

std::vector<std::string> linkLines(const RunViewModel& model, const RunViewStyle& style) {
    std::vector<std::string> lines;
    for (const auto& [id, link] : model.links()) {
        LinkObservation shown = link.last;
        if (!link.seen) {
            shown.lagMs = shown.bytesPending = shown.operationsPending = -1;
            shown.state = "not seen";
        }
        std::string line = lagLine(shown);
        if (widthOf(line) + kSparkWidth + 2 <= style.columns) {
            line += "  " + renderSparkline(link.series, LagFigure::Lag, style.nowMs - kSparkMs, style.nowMs,
                                           kSparkWidth, style.unicode ? ChartGlyphs::Unicode : ChartGlyphs::Ascii);
        }
        const bool bad = !shown.error.empty() || shown.lagMs < 0;
        lines.push_back(painted(clipped(line, style.columns), bad ? "33" : "0", style.colour && bad));
    }
    return lines;
}

/// The steps to show: all, or those around the current one.
std::pair<std::size_t, std::size_t> windowOf(std::size_t count, std::size_t current, std::size_t room) {
    if (count <= room) return {0, count};
    const std::size_t shown = room > 2 ? room - 2 : 1;  // two lines tell what is folded
    const std::size_t before = std::min(current, shown / 2);
    const std::size_t from = std::min(current - before, count - shown);
    return {from, from + shown};
}

}  // namespace

std::string lagLine(const LinkObservation& link) {
    const std::string lag = link.lagMs < 0 ? "?" : humanDuration(link.lagMs);
    const std::string bytes = link.bytesPending < 0 ? "? B" : humanBytes(static_cast<std::uint64_t>(link.bytesPending));
    const std::string operations =
        link.operationsPending < 0 ? "?" : groupedDigits(static_cast<std::uint64_t>(link.operationsPending));
    // Figures first: a narrow terminal cuts what stands last.
    std::string line = fmt::format("lag {}  {}  {} operations  {}  {} -> {}", lag, bytes, operations,
                                   link.state.empty() ? "?" : link.state, link.from, link.to);
    if (!link.error.empty()) line += "  " + link.error;
    return line;
}

std::vector<std::string> renderRunView(const RunViewModel& model, const RunViewStyle& style) {
    std::vector<std::string> lines;
    const Millis tookMs = model.startedAtMs() == 0 ? 0 : std::max<Millis>(0, style.nowMs - model.startedAtMs());
    lines.push_back(clipped(fmt::format("{}  {}", humanDuration(tookMs), model.title()), style.columns));
    std::vector<std::string> links = linkLines(model, style);
    const auto& steps = model.steps();
    std::vector<std::string> detail;
    if (model.current() < steps.size()) detail = detailLines(model, steps[model.current()], style);
    const std::size_t fixedLines = 1 + detail.size() + links.size() + (model.notice().empty() ? 0 : 1);
    const std::size_t room = style.lines > fixedLines + 3 ? style.lines - fixedLines : 3;
    const auto [from, to] = windowOf(steps.size(), model.current(), room);
    if (from > 0) lines.push_back(fmt::format("       {} steps above", from));
    for (std::size_t i = from; i < to; ++i) {
        lines.push_back(stepText(steps[i], i + 1, style));
        if (i == model.current()) lines.insert(lines.end(), detail.begin(), detail.end());
    }
    if (to < steps.size()) lines.push_back(fmt::format("       {} steps below", steps.size() - to));
    lines.insert(lines.end(), links.begin(), links.end());
    if (!model.notice().empty()) lines.push_back(painted(clipped(model.notice(), style.columns), "33;1", style.colour));
    return lines;
}

namespace {

/// " in 3.2 s, and 41 s waiting for a person", where a person was asked.
std::string timesOf(const RunEvent& event) {
    if (event.personMs <= 0) return {};
    return fmt::format(" in {}, and {} waiting for a person", humanDuration(std::max<Millis>(0, event.durationMs)),
                       humanDuration(event.personMs));
}

}  // namespace

std::string plainEventLine(const RunEvent& event) {
    const std::string at = event.stepNumber > 0
                               ? fmt::format("[{}/{}] {}: ", event.stepNumber, event.stepCount, event.stepId)
                               : std::string();
    const auto because = [&](std::string line) {
        if (!event.reason.empty()) line += ": " + event.reason;
        if (!event.fix.empty()) line += " (try: " + event.fix + ")";
        return line;
    };
    switch (event.type) {
        case EventType::RunStarted: return fmt::format("run {}: {}", event.runId, event.title);
        case EventType::RunResumed: return fmt::format("run {} goes on: {}", event.runId, event.title);
        case EventType::StepStarted: return at + event.title;
        case EventType::CommandStarted: return at + "$ " + event.text;
        case EventType::CommandFinished:
            return event.result == "ok" ? std::string() : at + because("the command failed");
        case EventType::CheckSeen: {
            const char* verdict = event.verdict == "true" ? "yes" : event.verdict == "false" ? "no" : "not known";
            return at + fmt::format("{}: {}{}", verdict, event.phrase,
                                    event.evidence.empty() ? "" : " (" + event.evidence + ")");
        }
        case EventType::Retrying: return at + because("trying again");
        case EventType::ApprovalGiven: return at + "approved";
        case EventType::LagSample: return {};
        case EventType::PauseRequested: return event.reason;
        case EventType::StepFinished: return at + because(event.result + timesOf(event));
        case EventType::UndoPlanned: return "undo of run " + event.runId + ": " + event.title;
        case EventType::UndoStarted: return at + "undoing";
        case EventType::UndoFinished:
            if (event.result == "by-hand") return at + because("not undone by a command");
            return at + because(event.reason.empty() ? "undone" : "could not be undone");
        case EventType::RunFinished: return because(event.result);
    }
    return {};
}

std::string finalCharts(const RunViewModel& model, Millis fromMs, const RunViewStyle& style) {
    std::string text;
    for (const auto& [id, link] : model.links()) {
        if (!link.series.latest()) continue;
        LagChartOptions options;
        options.fromMs = fromMs;
        options.toMs = std::max(style.nowMs, fromMs + 1000);
        options.width = std::clamp<std::size_t>(style.columns, 25, kChartWidthMax);
        options.glyphs = style.unicode ? ChartGlyphs::Unicode : ChartGlyphs::Ascii;
        text += "\n" + id + "\n" + renderLagChart(link.series, options);
    }
    return text;
}

}  // namespace tributary::app
