// The lag dock: the chart, its controls, and the worst links as a table.
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/desktop/live/lagplot.h"
#include "app/desktop/live/lagtable.h"
#include "app/desktop/live/liveworkspace.h"

class QAction;
class QComboBox;
class QLabel;
class QSplitter;
class QTableView;
class QToolButton;

namespace tributary::desktop {

/// Redraws at most ten times a second, and not at all while hidden. Double click or Enter on a link jumps to it.
class LagPanel final : public QWidget {
    Q_OBJECT
public:
    explicit LagPanel(LiveWorkspace& live, QWidget* parent = nullptr);

    [[nodiscard]] LagPlot& plot() { return *plot_; }
    [[nodiscard]] LagTable& table() { return table_; }
    /// Writes what is on show; the ending decides: .csv, .png, .svg or .pdf. Errors: Io; Unsupported for another
    /// ending.
    Status exportTo(const QString& file);
    [[nodiscard]] const LagThresholds& thresholds() const { return plot_->view().thresholds; }
    void setThresholds(const LagThresholds& thresholds);
    /// Shows a moment of the past; 0: what runs, again.
    void showMoment(Millis fromMs, Millis toMs, Millis atMs);

signals:
    /// The user set other limits.
    void thresholdsEdited();

public:
    /// Small, whatever way the parts are laid out now: the panel turns them when its shape changes.
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 160}; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeControls();
    void makeMenu();
    void wantRedraw();
    void redraw();
    void suitFigures();
    void tellInWords();
    void askExport();
    void askThresholds();
    void showEmpty();
    void jumpTo(const QModelIndex& index);

    LiveWorkspace& live_;
    std::shared_ptr<const void> parts_;  ///< asked for while the panel is on show
    LagTable table_;
    LagPlot* plot_ = nullptr;
    QTableView* list_ = nullptr;
    QSplitter* splitter_ = nullptr;
    QComboBox* window_ = nullptr;
    QComboBox* behind_ = nullptr;
    QComboBox* backlog_ = nullptr;
    QToolButton* pause_ = nullptr;
    QToolButton* more_ = nullptr;
    QAction* symLog_ = nullptr;
    QLabel* hint_ = nullptr;
    QTimer redraw_;
    bool isBacklogChosen_ = false;
    Millis toldMs_ = 0;  ///< the right end of what was last told in words
};

}  // namespace tributary::desktop
