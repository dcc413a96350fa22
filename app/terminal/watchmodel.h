// What `watch` shows: the newest status, the recent lag of every link, the run that is live, and a question.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/observe/statusmodel.h"
#include "core/telemetry/lagseries.h"
#include "runbooks/runner/runstate.h"

namespace tributary::app {

/// Progress of the newest run while it is not finished.
struct WatchRun {
    std::string runbook;
    std::string step;  ///< under way or failed; empty between steps
    std::string state;
    int settled = 0;
    int steps = 0;
};

/// Plain data of one owner; not thread-safe.
class WatchModel {
public:
    /// Takes a status in: every known figure becomes a sample of its link, everything else unknown.
    void observe(WorkspaceStatus status, Millis nowMs);
    void setRun(std::optional<WatchRun> run) { run_ = std::move(run); }

    [[nodiscard]] bool any() const { return observedMs_ > 0; }
    [[nodiscard]] const WorkspaceStatus& status() const { return status_; }
    [[nodiscard]] Millis observedMs() const { return observedMs_; }
    /// UTC of the newest sample in which the link's figures were known; nullopt when they never were.
    [[nodiscard]] std::optional<Millis> knownMs(const LinkRow& link) const;
    [[nodiscard]] const LagSeries* series(const LinkRow& link) const;
    /// UTC of the first status: before it nothing was looked at.
    [[nodiscard]] Millis firstMs() const { return firstMs_; }
    [[nodiscard]] const std::optional<WatchRun>& run() const { return run_; }

    /// The link that keys act on; nullptr when there is none.
    [[nodiscard]] const LinkRow* selected() const;
    void select(int step);
    /// A question at the lower edge ("pause ...? [y/n]"), or what came of the last one.
    void say(std::string text) { message_ = std::move(text); }
    [[nodiscard]] const std::string& message() const { return message_; }

private:
    static std::string keyOf(const LinkRow& link) { return link.from + " -> " + link.to; }

    WorkspaceStatus status_;
    Millis observedMs_ = 0;
    Millis firstMs_ = 0;
    std::map<std::string, LagSeries> series_;
    std::map<std::string, Millis> knownMs_;
    std::optional<WatchRun> run_;
    std::string selectedKey_;
    std::string message_;
};

/// The progress that a journal tells; nullopt when the run is over.
[[nodiscard]] std::optional<WatchRun> progressOf(const runbooks::RunState& state);

}  // namespace tributary::app
