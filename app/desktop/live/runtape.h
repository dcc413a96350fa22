// What a run did and what was seen meanwhile, kept so that any moment of it can be shown again. Knows no widget.
#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "app/desktop/live/livevalues.h"
#include "app/desktop/live/runsteps.h"

namespace tributary::desktop {

/// A step's time on the tape.
struct TapeSpan {
    QString id;
    QString title;
    Millis fromMs = 0;
    Millis toMs = 0;  ///< 0: it has not ended
    runbooks::StepPhase phase = runbooks::StepPhase::Started;
    bool undoing = false;
};

/// One run: all its sessions in this window, the last run only. GUI thread. Memory is bounded: looks at the clusters
/// thin out as a run becomes long, events beyond the limit are not kept.
class RunTape {
public:
    static constexpr std::size_t kEventsMax = 20'000;
    static constexpr std::size_t kLooksMax = 4'000;
    static constexpr std::size_t kWeightMax = 400'000;  ///< links, datasets and clusters of all looks

    /// A session begins. Of another run: what was kept goes.
    void begin(const std::string& runId, const runbooks::Runbook& rendered, const runbooks::RunState& state);
    void take(const runbooks::RunEvent& event);
    /// A look at the clusters while the run goes, and one after its end.
    void look(const LiveSnapshot& snapshot);
    /// The session is over; the next look is its last.
    void end();
    /// Of a record: what runs now is none of its business.
    void seal() { isOpen_ = wantsLast_ = false; }

    /// Something is there to show.
    [[nodiscard]] bool isPlayable() const { return fromMs_ > 0 && toMs_ > fromMs_; }
    [[nodiscard]] bool wantsLook() const { return isOpen_ || wantsLast_; }
    [[nodiscard]] const std::string& runId() const { return runId_; }
    [[nodiscard]] const QString& title() const { return title_; }
    [[nodiscard]] Millis fromMs() const { return fromMs_; }
    [[nodiscard]] Millis toMs() const { return toMs_; }
    [[nodiscard]] const std::vector<TapeSpan>& spans() const { return spans_; }
    /// The newest look up to that moment; nullptr when nothing was seen until then.
    [[nodiscard]] std::shared_ptr<const LiveSnapshot> lookAt(Millis atMs) const;
    /// The step that was under way then; empty between two.
    [[nodiscard]] const TapeSpan* spanAt(Millis atMs) const;
    /// The datasets that step names.
    [[nodiscard]] QStringList pathsAt(Millis atMs) const;
    /// The beginning or end of a step that is next in that direction; the tape's own end when there is none.
    [[nodiscard]] Millis neighbour(Millis atMs, bool forward) const;
    /// Makes `steps` what they were at that moment.
    void show(RunSteps& steps, Millis atMs) const;
    [[nodiscard]] std::size_t lookCount() const { return looks_.size(); }

private:
    void thin();

    std::string runId_;
    QString title_;
    runbooks::Runbook runbook_;
    std::shared_ptr<const runbooks::RunState> before_;  ///< what earlier sessions in other windows did
    std::vector<runbooks::RunEvent> events_;
    std::vector<TapeSpan> spans_;
    std::vector<std::shared_ptr<const LiveSnapshot>> looks_;
    std::size_t weight_ = 0;
    Millis lookEveryMs_ = 0;  ///< grows as the tape thins out
    Millis fromMs_ = 0;
    Millis toMs_ = 0;
    bool isOpen_ = false;
    bool wantsLast_ = false;
};

}  // namespace tributary::desktop
