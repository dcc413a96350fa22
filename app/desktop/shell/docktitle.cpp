// The title bar of docks.
#include "app/desktop/shell/docktitle.h"

#include <QHBoxLayout>
#include <QMainWindow>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

DockTitle::DockTitle(QDockWidget& dock, const ThemeHolder& themes)
    : QWidget(&dock), dock_(dock), themes_(themes), name_(new QLabel(this)), close_(new QToolButton(this)) {
    setObjectName(u"dockTitle"_s);
    setAttribute(Qt::WA_StyledBackground);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 2, 4, 2);
    row->addWidget(name_, 1);
    row->addWidget(close_);
    close_->setIconSize({13, 13});
    close_->setFocusPolicy(Qt::NoFocus);
    close_->setToolTip(tr("Hide this panel; View > Panels brings it back"));
    connect(close_, &QToolButton::clicked, &dock_, &QDockWidget::close);
    connect(&dock_, &QDockWidget::windowTitleChanged, this, &DockTitle::refresh);
    connect(&themes_, &ThemeHolder::changed, this, &DockTitle::refresh);
    connect(&dock_, &QDockWidget::visibilityChanged, this, &DockTitle::followTabs);
    connect(&dock_, &QDockWidget::topLevelChanged, this, &DockTitle::followTabs);
    connect(&dock_, &QDockWidget::dockLocationChanged, this, &DockTitle::followTabs);
    refresh();
}

QSize DockTitle::sizeHint() const {
    return amongTabs_ ? QSize(0, 0) : QWidget::sizeHint();
}

bool DockTitle::isAmongTabs() const {
    const auto* window = qobject_cast<QMainWindow*>(dock_.parentWidget());
    return window != nullptr && !dock_.isFloating() && !window->tabifiedDockWidgets(&dock_).isEmpty();
}

void DockTitle::followTabs() {
    if (isAmongTabs() == amongTabs_) return;
    amongTabs_ = !amongTabs_;
    name_->setVisible(!amongTabs_);
    close_->setVisible(!amongTabs_);
    updateGeometry();
}

void DockTitle::refresh() {
    const Theme& theme = themes_.theme();
    name_->setText(dock_.windowTitle());
    name_->setStyleSheet(u"color:%1; font-weight:600; font-size:11px;"_s.arg(theme.muted.name()));
    close_->setIcon(iconOf(u"close"_s, theme.muted));
    close_->setStyleSheet(u"QToolButton { padding: 2px; }"_s);
    close_->setAccessibleName(tr("Hide %1").arg(dock_.windowTitle()));
}

}  // namespace tributary::desktop
