// How steps look: a line in the list, and the whole step as a page.
#pragma once

#include <QPalette>
#include <QString>
#include <QStyledItemDelegate>

#include "app/desktop/live/runsteps.h"

namespace tributary::desktop {

/// Two lines per step: mark, number and title; state, and what cannot be undone.
class RunStepDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The step as HTML: why, exact commands, expected effect, checks, undo or the point of no return, what became of it.
[[nodiscard]] QString stepPage(const RunStepRow& row, int number, const QPalette& palette);

}  // namespace tributary::desktop
