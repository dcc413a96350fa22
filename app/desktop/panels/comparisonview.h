// The table "Drawn | Observed" of the inspector.
#pragma once

#include <QTreeWidget>
#include <vector>

#include "app/desktop/panels/comparison.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// Grouped by agreement, what disagrees first; as high as its rows, since what is around it scrolls.
class ComparisonView final : public QTreeWidget {
    Q_OBJECT
public:
    explicit ComparisonView(const ThemeHolder& themes, QWidget* parent = nullptr);
    /// Does nothing when these are shown already: a reader's place in the table stays.
    void showRows(const std::vector<ComparisonRow>& rows);

private:
    QTreeWidgetItem* groupOf(Agreement agreement, int count);

    const ThemeHolder& themes_;
    std::vector<ComparisonRow> rows_;
};

}  // namespace tributary::desktop
