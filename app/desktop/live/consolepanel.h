// The console dock: the dialect's command line on the running workspace.
#pragma once

#include <QStringListModel>
#include <QWidget>
#include <atomic>
#include <memory>

#include "app/desktop/live/consolehistory.h"
#include "app/desktop/live/consolehistoryfile.h"
#include "app/desktop/live/liveworkspace.h"

class QCompleter;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace tributary::desktop {

/// Lines run one after the other on a lane of their own. Up and Down walk the history, Tab completes commands, options
/// and the drawing's names; Escape clears the line. `help` and `COMMAND --help` explain, `clear` empties the output.
class ConsolePanel final : public QWidget {
    Q_OBJECT
public:
    explicit ConsolePanel(LiveWorkspace& live, QWidget* parent = nullptr);
    ~ConsolePanel() override;

    /// Runs a line as if it had been typed.
    void runLine(const QString& line);
    [[nodiscard]] QString outputText() const;
    [[nodiscard]] bool isBusy() const { return busy_ > 0; }

signals:
    /// A line's result stands in the output.
    void lineFinished(bool ok);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Answer;
    void submit();
    void execute(const QString& line);
    void showAnswer(const Answer& answer);
    void print(const QString& text, bool alert = false);
    void complete(bool choose);
    void showBusy();

    LiveWorkspace& live_;
    std::unique_ptr<WorkLane> lane_;
    std::shared_ptr<std::atomic<bool>> stop_;  // shared with the work under way
    ConsoleHistory history_;
    ConsoleHistoryFile historyFile_;
    QStringListModel candidates_;
    QCompleter* completer_ = nullptr;
    QPlainTextEdit* output_ = nullptr;
    QLineEdit* input_ = nullptr;
    QLabel* prompt_ = nullptr;
    QToolButton* stopButton_ = nullptr;
    int busy_ = 0;
};

}  // namespace tributary::desktop
