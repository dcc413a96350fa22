// What a run looks like while it goes: a model fed by events, and pure functions from the model to lines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/telemetry/lagseries.h"
#include "runbooks/model/runbook.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/runstate.h"

namespace tributary::app {

/// One step as it is shown.
struct StepLine {
    std::string id;
    std::string title;
    runbooks::StepPhase phase = runbooks::StepPhase::Pending;
    bool undoing = false;
    int attempt = 0;
    Millis startedAtMs = 0;  ///< 0 = not begun by this process
    Millis durationMs = -1;  ///< of a settled step: its work; -1 = not known
    Millis personMs = 0;     ///< that people took to answer
    std::string command;     ///< under way now
    std::string waitingFor;  ///< the check that does not hold yet, as a sentence
    std::string reason;      ///< why it failed, was not needed, ...
    std::string fix;
};

/// One link and its history.
struct LinkLine {
    runbooks::LinkObservation last;
    bool seen = false;  ///< `last` came with the newest sample
    LagSeries series;
};

/// Everything that the display shows. Plain data of one owner; no clock of its own.
class RunViewModel {
public:
    /// `runbook` is rendered. What earlier sessions did is taken from `state`; nullptr for a new run.
    RunViewModel(const runbooks::Runbook& runbook, std::string runId, const runbooks::RunState* state);

    void apply(const runbooks::RunEvent& event);
    /// Takes in one look at the links, taken at `atMs` (UTC).
    void observe(const std::vector<runbooks::LinkObservation>& links, Millis atMs);
    /// How far the copy under way is; empty ends it.
    void setProgress(std::string text) { progress_ = std::move(text); }
    /// A sentence that stays on the display until the end: "stopping ...".
    void setNotice(std::string text) { notice_ = std::move(text); }

    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const std::string& runId() const { return runId_; }
    [[nodiscard]] const std::vector<StepLine>& steps() const { return steps_; }
    [[nodiscard]] const std::map<std::string, LinkLine>& links() const { return links_; }
    [[nodiscard]] const std::string& progress() const { return progress_; }
    [[nodiscard]] const std::string& notice() const { return notice_; }
    [[nodiscard]] Millis startedAtMs() const { return startedAtMs_; }
    /// Index of the step under way, or of the last one that was.
    [[nodiscard]] std::size_t current() const { return current_; }
    /// Title of the step under way; empty when none is.
    [[nodiscard]] std::string stepUnderWay() const;

private:
    StepLine* find(const std::string& id);
    void applyStep(StepLine& step, const runbooks::RunEvent& event);

    std::string title_;
    std::string runId_;
    std::vector<StepLine> steps_;
    std::map<std::string, LinkLine> links_;
    std::string progress_;
    std::string notice_;
    Millis startedAtMs_ = 0;
    std::size_t current_ = 0;
};

struct RunViewStyle {
    std::size_t columns = 80;
    std::size_t lines = 40;  ///< at most so many; steps far from the current one are folded
    bool colour = false;
    bool unicode = true;
    Millis nowMs = 0;  ///< UTC
};

/// The live display: title, steps with their marks, the command under way, a lag line per link, a notice.
[[nodiscard]] std::vector<std::string> renderRunView(const RunViewModel& model, const RunViewStyle& style);
/// One line for an event that changes something; empty for those that do not (repeated checks, samples).
[[nodiscard]] std::string plainEventLine(const runbooks::RunEvent& event);
/// "lag /mapr/a/t -> /mapr/b/t  1.2 s  34 kB  120 operations  replicating"; '?' for what is not known.
[[nodiscard]] std::string lagLine(const runbooks::LinkObservation& link);
/// The lag chart of every link that was seen since `fromMs`, one below the other; empty when there is none.
[[nodiscard]] std::string finalCharts(const RunViewModel& model, Millis fromMs, const RunViewStyle& style);

}  // namespace tributary::app
