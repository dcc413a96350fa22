// The faults dock: break something, see what is broken, make it whole again and prove it.
#pragma once

#include <QWidget>

#include "app/desktop/live/faulttable.h"
#include "app/desktop/live/liveworkspace.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QTableView;

namespace tributary::desktop {

class WrappedLabel;

/// Delete ends the selected fault; one button ends all and says what was proved.
class FaultsPanel final : public QWidget {
    Q_OBJECT
public:
    explicit FaultsPanel(LiveWorkspace& live, QWidget* parent = nullptr);

    /// Fills the form, e.g. from an edge's menu on the canvas; nothing is sent before the button is pressed.
    void prepare(const FaultOrder& order);

private:
    void fillNames();
    void refresh();
    void refreshForm();
    [[nodiscard]] FaultKind kind() const;
    [[nodiscard]] FaultOrder order() const;
    void endSelected();
    void say(const QString& text, bool alert);

    LiveWorkspace& live_;
    FaultTable table_;
    QComboBox* kind_ = nullptr;
    QComboBox* a_ = nullptr;
    QComboBox* b_ = nullptr;
    QLineEdit* amount_ = nullptr;
    QCheckBox* oneWay_ = nullptr;
    QPushButton* send_ = nullptr;
    QPushButton* end_ = nullptr;
    QPushButton* clear_ = nullptr;
    QTableView* list_ = nullptr;
    WrappedLabel* said_ = nullptr;
};

}  // namespace tributary::desktop
