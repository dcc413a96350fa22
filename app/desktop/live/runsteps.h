// The steps of a chosen runbook as a list model: what each will do, and what became of it. Knows no widget.
#pragma once

#include <QAbstractListModel>
#include <QString>
#include <QStringList>
#include <vector>

#include "runbooks/model/runbook.h"
#include "runbooks/runner/events.h"
#include "runbooks/runner/runstate.h"

namespace tributary::desktop {

/// One step as it is shown. Texts are rendered when the parameters are complete, else they name what is
/// to be chosen: ‹source›.
struct RunStepRow {
    QString id;
    QString title;
    QString why;
    QString expect;
    QStringList commands;  ///< exact lines, or the instruction, question or wait that stand for them
    QStringList checks;    ///< as sentences
    QStringList undo;      ///< exact lines; empty when nothing is to undo
    QString irreversible;  ///< why it cannot be undone: a point of no return; empty when it can
    QString approval;      ///< what must be approved; empty when nothing
    QStringList paths;     ///< datasets that the step names
    bool enabled = true;

    runbooks::StepPhase phase = runbooks::StepPhase::Pending;
    bool undoing = false;
    int attempt = 0;
    Millis startedAtMs = 0;
    Millis durationMs = -1;  ///< its work; -1: not settled
    Millis personMs = 0;     ///< that people took to answer
    QString underWay;        ///< the command that runs now
    QString waitingFor;      ///< the check that does not hold yet
    QString reason;
    QString fix;
    QString output;  ///< of its commands
};

/// GUI thread. Rows are the runbook's steps in order.
class RunSteps final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { StateRole = Qt::UserRole + 1, StateTextRole, NumberRole, IrreversibleRole };

    explicit RunSteps(QObject* parent = nullptr) : QAbstractListModel(parent) {}

    /// Shows another runbook; `state` carries what earlier sessions of its run did (null: nothing).
    void show(const runbooks::Runbook& runbook, const runbooks::RunState* state);
    /// Takes new texts (parameters changed) and keeps what became of the steps.
    void retext(const runbooks::Runbook& runbook);
    void apply(const runbooks::RunEvent& event);

    [[nodiscard]] const std::vector<RunStepRow>& rows() const { return rows_; }
    [[nodiscard]] const RunStepRow* find(const QString& id) const;
    [[nodiscard]] int rowOf(const QString& id) const;
    /// The step under way, or the last one that was; -1 before the first.
    [[nodiscard]] int current() const { return current_; }
    /// "done", "failed", "waiting", ... for people.
    [[nodiscard]] static QString phaseText(const RunStepRow& row);
    /// A one-character mark that tells the phase without colour.
    [[nodiscard]] static QString phaseMark(const RunStepRow& row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    void applyTo(RunStepRow& row, const runbooks::RunEvent& event);

    std::vector<RunStepRow> rows_;
    int current_ = -1;
};

}  // namespace tributary::desktop
