// Runs that are over, read from their journals to be shown again.
#pragma once

#include <QDialog>
#include <QTreeWidget>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/live/worklane.h"
#include "runbooks/runner/recordedrun.h"

class QLabel;
class QPushButton;

namespace tributary::desktop {

/// A line of the list.
struct RecordedRow {
    std::string runId;
    std::string title;
    std::string standing;  ///< "success", "unfinished", ...; empty with a problem
    Millis startedAtMs = 0;
    Millis endedAtMs = 0;  ///< 0: not recorded
    std::string problem;   ///< why it cannot be read, or where its record ends early
    bool isPlayable = false;
};

/// The runs of a workspace's state folder, newest first. Blocks. Errors: those of RunStore::ids.
[[nodiscard]] Result<std::vector<RecordedRow>> recordedRuns(const std::string& stateDir);
/// One of them. Blocks. Errors: those of readRecordedRun, NotFound, Io.
[[nodiscard]] Result<runbooks::RecordedRun> recordedRun(const std::string& stateDir, const std::string& runId);
/// What its steps were, with the texts that its parameters gave; from the record alone where its runbook is not in it.
[[nodiscard]] runbooks::Runbook recordedRunbook(const runbooks::RunState& state);

/// The list of runs; a double click or Replay chooses one.
class RunsDialog final : public QDialog {
    Q_OBJECT
public:
    /// `lane`: of the workspace whose runs are listed.
    RunsDialog(std::unique_ptr<WorkLane> lane, QWidget* parent);

signals:
    void chosen(const QString& runId);

private:
    void show(const Result<std::vector<RecordedRow>>& runs);
    void choose();

    std::unique_ptr<WorkLane> lane_;
    QTreeWidget* list_;
    QLabel* told_;
    QPushButton* replay_;
};

}  // namespace tributary::desktop
