// Filling the table of drawn and observed.
#include "app/desktop/panels/comparisonview.h"

#include <QHeaderView>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr int kColumnWidthMax = 150;
}

ComparisonView::ComparisonView(const ThemeHolder& themes, QWidget* parent) : QTreeWidget(parent), themes_(themes) {
    setObjectName(u"comparison"_s);
    setAccessibleName(tr("Drawn and observed"));
    setColumnCount(3);
    setHeaderLabels({tr("Attribute"), tr("Drawn"), tr("Observed")});
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(QHeaderView::Stretch);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setMaximumSectionSize(kColumnWidthMax);
    header()->setSectionsClickable(false);
    setRootIsDecorated(false);
    setItemsExpandable(false);
    setIndentation(10);
    setUniformRowHeights(true);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

QTreeWidgetItem* ComparisonView::groupOf(Agreement agreement, int count) {
    QString word = agreementWord(agreement);
    word[0] = word[0].toUpper();
    auto* group = new QTreeWidgetItem(this, {u"%1  %2 (%3)"_s.arg(agreementSign(agreement), word).arg(count)});
    const Theme& theme = themes_.theme();
    const bool quiet = agreement == Agreement::Same || agreement == Agreement::NotDrawn;
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    group->setFont(0, bold);
    group->setForeground(0, agreement == Agreement::Unknown ? theme.info : quiet ? theme.muted : theme.warn);
    group->setFirstColumnSpanned(true);
    return group;
}

void ComparisonView::showRows(const std::vector<ComparisonRow>& rows) {
    if (rows == rows_ && topLevelItemCount() > 0) return;
    rows_ = rows;
    clear();
    QTreeWidgetItem* group = nullptr;
    std::optional<Agreement> last;
    for (const ComparisonRow& row : rows) {
        if (last != row.agreement) {
            const auto same = [&](const ComparisonRow& each) { return each.agreement == row.agreement; };
            group = groupOf(row.agreement, static_cast<int>(std::count_if(rows.begin(), rows.end(), same)));
            last = row.agreement;
        }
        const QString none = u"\u2014"_s;
        auto* item = new QTreeWidgetItem(
            group, {row.name, row.drawn.isEmpty() ? none : row.drawn, row.observed.isEmpty() ? none : row.observed});
        const QString drawn = row.drawn.isEmpty() ? tr("nothing") : row.drawn;
        const QString observed = row.observed.isEmpty() ? tr("nothing")
                                 : row.observed == u"?" ? tr("could not be observed")
                                                        : row.observed;
        const QString words =
            tr("%1: drawn %2, observed %3; %4").arg(row.name, drawn, observed, agreementWord(row.agreement));
        item->setData(0, Qt::AccessibleTextRole, words);
        for (int column = 0; column < columnCount(); ++column) item->setToolTip(column, words);
    }
    expandAll();
    int height = header()->sizeHint().height() + 4;
    const int rowHeight = topLevelItemCount() == 0 ? 0 : sizeHintForRow(0);
    height += rowHeight * (static_cast<int>(rows.size()) + topLevelItemCount());
    setFixedHeight(height);
}

}  // namespace tributary::desktop
