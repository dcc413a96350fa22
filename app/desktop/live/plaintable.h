// A table view as all live docks have it: rows, no grid, keyboard first.
#pragma once

#include <QHeaderView>
#include <QTableView>

namespace tributary::desktop {

/// A row-wise table for `model`, which outlives it; the column `stretch` takes what is left.
[[nodiscard]] inline QTableView* makePlainTable(QAbstractItemModel* model, const QString& name, int stretch,
                                                QWidget* parent) {
    auto* view = new QTableView(parent);
    view->setModel(model);
    view->setAccessibleName(name);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setFrameShape(QFrame::NoFrame);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 8);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    // A model that has read nothing has no column yet.
    if (stretch < model->columnCount()) view->horizontalHeader()->setSectionResizeMode(stretch, QHeaderView::Stretch);
    return view;
}

}  // namespace tributary::desktop
