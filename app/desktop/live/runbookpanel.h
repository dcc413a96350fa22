// The runbook dock: choose, fill in, run, answer, read the report.
#pragma once

#include <QWidget>

#include "app/desktop/live/liveworkspace.h"

class QComboBox;
class QHBoxLayout;
class QListView;
class QPushButton;
class QSplitter;
class QTabWidget;
class QTextBrowser;
class QToolButton;

namespace tributary::desktop {

class WrappedLabel;

class RunParameterForm;

/// All work is RunControl's; this shows it and passes on what is pressed. Ctrl+Return runs, F10 steps, F9 pauses.
class RunbookPanel final : public QWidget {
    Q_OBJECT
public:
    explicit RunbookPanel(LiveWorkspace& live, QWidget* parent = nullptr);

    /// Shows a step, e.g. after a click on its marker in the chart.
    void showStep(const QString& stepId);

    /// Small, whatever way the parts are laid out now: the panel turns them when its shape changes.
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 160}; }

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeButtons();
    QWidget* makeUnfinished();
    void connectRun();
    void fillChooser();
    void askForFile();
    void refresh();
    void refreshButtons();
    void shareRoom();
    void refreshUnfinished();
    void showPage();
    void showEnding();
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QString tookText() const;
    [[nodiscard]] QString whyNotRun() const;
    QPushButton* addButton(QHBoxLayout* row, const char* name, const QString& text, const QString& tip);

    LiveWorkspace& live_;
    RunControl& run_;
    QComboBox* chooser_ = nullptr;
    RunParameterForm* form_ = nullptr;
    QWidget* formArea_ = nullptr;
    WrappedLabel* summary_ = nullptr;
    QWidget* unfinished_ = nullptr;
    WrappedLabel* unfinishedText_ = nullptr;
    QPushButton* run1_ = nullptr;
    QPushButton* step_ = nullptr;
    QPushButton* pause_ = nullptr;
    QPushButton* resume_ = nullptr;
    QPushButton* undo_ = nullptr;
    QPushButton* replay_ = nullptr;
    QPushButton* itWasDone_ = nullptr;
    QPushButton* itWasNot_ = nullptr;
    QListView* list_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    QTextBrowser* page_ = nullptr;
    QTextBrowser* report_ = nullptr;
    QSplitter* outer_ = nullptr;
    QSplitter* inner_ = nullptr;
    bool followsRun_ = true;  // the selection moves with the step under way until somebody selects another
};

}  // namespace tributary::desktop
