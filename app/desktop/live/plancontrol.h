// The plan that makes the drawing real, as the window sees it: asked for, looked at, thrown away. Knows no widget.
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "app/desktop/live/worklane.h"
#include "app/plans/workspaceplan.h"

namespace tributary::desktop {

/// None: nobody asked yet. Looking: the clusters are looked at. Ready: a plan is there (perhaps without steps).
/// Refused: none could be made.
enum class PlanPhase { None, Looking, Ready, Refused };

/// GUI thread; the look and the comparison of what would be deleted are done on a thread of its own.
class PlanControl final : public QObject {
    Q_OBJECT
public:
    /// `relay` outlives the control.
    PlanControl(QObject& relay, const WorkspaceAccess& access, QObject* parent = nullptr);

    [[nodiscard]] PlanPhase phase() const { return phase_; }
    /// nullptr unless Ready.
    [[nodiscard]] const runbooks::Plan* plan() const { return plan_ ? &*plan_ : nullptr; }
    [[nodiscard]] const Error& refusal() const { return refusal_; }
    /// What the plan changes, as places: cluster names, paths, "from -> to". Empty unless Ready.
    [[nodiscard]] std::vector<std::string> places() const;

    /// The elements that the plan is limited to, as a person names them; empty: all that is drawn or runs.
    [[nodiscard]] const std::vector<std::string>& only() const { return only_; }

    /// Looks at every cluster and plans for the saved drawing, or for some elements of it. changed() follows twice;
    /// asking the same again while it is looked for is one question.
    void make(const std::vector<std::string>& only = {});
    /// The question that was asked last.
    void again() { make(std::vector<std::string>(only_)); }
    /// The plan is done, or the world is not as it was planned for: nothing is shown any more.
    void discard();
    /// The workspace's files changed.
    void reopen() { lane_.reopen(); }

signals:
    void changed();

private:
    void set(PlanPhase phase);

    WorkLane lane_;
    PlanPhase phase_ = PlanPhase::None;
    std::optional<runbooks::Plan> plan_;
    Error refusal_;
    std::vector<std::string> only_;
    std::uint64_t asked_ = 0;
};

/// An element's place as the window jumps to it: both halves of a link are the link.
[[nodiscard]] std::string windowPlace(const ElementId& element);

}  // namespace tributary::desktop
