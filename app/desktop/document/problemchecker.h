// Applies the rules to the drawing while it is edited, off the GUI thread; the latest drawing wins.
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/systems/catalogue.h"
#include "core/topology/topology.h"

namespace tributary::desktop {

/// Findings of the latest drawing. GUI thread; the rules run on a worker over a copy that nobody changes.
class ProblemChecker final : public QObject {
    Q_OBJECT
public:
    explicit ProblemChecker(QObject* parent = nullptr);
    /// Waits for a running check, whose result is dropped.
    ~ProblemChecker() override;

    /// Judges this drawing soon. A check that runs is finished and its findings dropped when they are not the latest.
    void check(std::shared_ptr<const Topology> drawing);
    [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
    /// False from a change until its findings are in.
    [[nodiscard]] bool upToDate() const { return !next_ && !running_; }

signals:
    void findingsChanged();

private:
    void startNext();
    void finish(std::vector<Finding> findings);

    QThreadPool pool_;
    QTimer debounce_;
    std::shared_ptr<const Topology> next_;
    bool running_ = false;
    std::vector<Finding> findings_;
};

}  // namespace tributary::desktop
