// The plan dock: what would be done to make the drawing real, what it costs and takes, and the buttons that do it.
#pragma once

#include <QWidget>

#include "app/desktop/live/liveworkspace.h"
#include "app/desktop/live/plantree.h"

class QPushButton;
class QTreeView;

namespace tributary::desktop {

class WrappedLabel;

/// All work is PlanControl's and RunControl's. Nothing is changed before Run or Step is pressed; steps that take data
/// away ask for its name then, as in every run.
class PlanPanel final : public QWidget {
    Q_OBJECT
public:
    explicit PlanPanel(LiveWorkspace& live, QWidget* parent = nullptr);
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 160}; }

private:
    QPushButton* addButton(const char* name, const QString& text, const QString& tip);
    void refresh();
    void refreshButtons();
    [[nodiscard]] QString summary() const;
    void run(bool stepwise);
    void save();

    LiveWorkspace& live_;
    PlanTree tree_;
    WrappedLabel* summary_ = nullptr;
    WrappedLabel* about_ = nullptr;
    QWidget* limited_ = nullptr;  ///< shown while the plan is for some elements only
    WrappedLabel* only_ = nullptr;
    QPushButton* all_ = nullptr;
    QTreeView* view_ = nullptr;
    QPushButton* look_ = nullptr;
    QPushButton* run_ = nullptr;
    QPushButton* step_ = nullptr;
    QPushButton* save_ = nullptr;
};

}  // namespace tributary::desktop
