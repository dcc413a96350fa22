// The title bar of docks.
#include "app/desktop/shell/docktitle.h"

#include <QHBoxLayout>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

DockTitle::DockTitle(QDockWidget& dock, const ThemeHolder& themes)
    : QWidget(&dock), dock_(dock), themes_(themes), name_(new QLabel(this)), close_(new QToolButton(this)) {
    setObjectName(u"dockTitle"_s);
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 5, 4, 5);
    row->addWidget(name_, 1);
    row->addWidget(close_);
    close_->setIconSize({13, 13});
    close_->setFocusPolicy(Qt::NoFocus);
    close_->setToolTip(tr("Hide this panel; View > Panels brings it back"));
    connect(close_, &QToolButton::clicked, &dock_, &QDockWidget::close);
    connect(&dock_, &QDockWidget::windowTitleChanged, this, &DockTitle::refresh);
    connect(&themes_, &ThemeHolder::changed, this, &DockTitle::refresh);
    refresh();
}

void DockTitle::refresh() {
    const Theme& theme = themes_.theme();
    name_->setText(dock_.windowTitle());
    name_->setStyleSheet(u"color:%1; font-weight:600; font-size:12px;"_s.arg(theme.muted.name()));
    close_->setIcon(iconOf(u"close"_s, theme.muted));
    close_->setStyleSheet(u"QToolButton { padding: 2px; }"_s);
    close_->setAccessibleName(tr("Hide %1").arg(dock_.windowTitle()));
}

}  // namespace tributary::desktop
