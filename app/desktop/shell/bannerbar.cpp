// Rows of banners.
#include "app/desktop/shell/bannerbar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

BannerBar::BannerBar(const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent), themes_(themes), column_(new QVBoxLayout(this)) {
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(1);
    connect(&themes_, &ThemeHolder::changed, this, &BannerBar::rebuild);
    hide();
}

void BannerBar::showBanner(const QString& id, const Banner& banner) {
    hideBanner(id);
    banners_[id] = banner;
    QWidget* row = makeRow(id, banner);
    rows_[id] = row;
    column_->addWidget(row);
    show();
}

void BannerBar::hideBanner(const QString& id) {
    banners_.erase(id);
    const auto found = rows_.find(id);
    if (found == rows_.end()) return;
    found->second->hide();
    found->second->deleteLater();  // a button of this very row may have asked
    rows_.erase(found);
    setVisible(!rows_.empty());
}

QString BannerBar::textOf(const QString& id) const {
    const auto found = banners_.find(id);
    return found == banners_.end() ? QString() : found->second.text;
}

QWidget* BannerBar::makeRow(const QString& id, const Banner& banner) {
    const Theme& theme = themes_.theme();
    const QColor ink = severityColour(banner.severity, theme);
    const QColor fill = banner.severity == Severity::Error     ? theme.badSoft
                        : banner.severity == Severity::Warning ? theme.warnSoft
                                                               : theme.infoSoft;
    auto* row = new QWidget(this);
    row->setObjectName(u"banner-"_s + id);
    row->setAttribute(Qt::WA_StyledBackground);
    row->setStyleSheet(
        u"QWidget#banner-%1 { background:%2; border-left:4px solid %3; }"_s.arg(id, fill.name(), ink.name()));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(12, 6, 8, 6);
    line->setSpacing(10);
    auto* icon = new QLabel(row);
    icon->setPixmap(iconOf(severityIcon(banner.severity), ink).pixmap(18, 18));
    auto* text = new QLabel(banner.text, row);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(icon);
    line->addWidget(text, 1);
    for (const BannerButton& each : banner.buttons) {
        auto* button = new QPushButton(each.text, row);
        connect(button, &QPushButton::clicked, this, [run = each.run] { run(); });
        line->addWidget(button);
    }
    if (banner.closable) {
        auto* close = new QToolButton(row);
        close->setIcon(iconOf(u"close"_s, theme.muted));
        close->setAccessibleName(tr("Dismiss"));
        connect(close, &QToolButton::clicked, this, [this, id] { hideBanner(id); });
        line->addWidget(close);
    }
    row->setAccessibleName(banner.text);
    return row;
}

void BannerBar::rebuild() {
    const std::map<QString, Banner> all = banners_;
    for (const auto& [id, banner] : all) showBanner(id, banner);
}

}  // namespace tributary::desktop
