// The welcome page.
#include "app/desktop/shell/welcomepage.h"

#include <QFileInfo>
#include <QLabel>
#include <QPushButton>

#include "app/desktop/style/icons.h"
#include "core/workspace/workspace.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kRecentsShown = 6;

QString exampleText(const std::string& name) {
    if (name == "multi-master") return WelcomePage::tr("Two sites, one table written at both: the classic");
    if (name == "ring-of-three") return WelcomePage::tr("Three sites in a ring, each of them writable");
    if (name == "replica-set") return WelcomePage::tr("Two instances of Tarantool that follow each other");
    if (name == "tarantool-master-master")
        return WelcomePage::tr("Two masters of Tarantool, with the files that tt reads");
    if (name == "stream-pair") return WelcomePage::tr("A stream and its replica, with the same offsets");
    if (name == "streams-many-to-one") return WelcomePage::tr("Two streams gathered at a third site");
    if (name == "voltdb-passive-dr") return WelcomePage::tr("A master of VoltDB and its read-only replica");
    if (name == "voltdb-xdcr-three") return WelcomePage::tr("Three clusters of VoltDB, each of them writable");
    return WelcomePage::tr("An example workspace");
}

/// A wide button with a title and a second line.
QPushButton* card(const Theme& theme, const QString& icon, const QString& title, const QString& detail,
                  QWidget* parent) {
    auto* button = new QPushButton(parent);
    button->setAccessibleName(title);
    button->setAccessibleDescription(detail);
    button->setCursor(Qt::PointingHandCursor);
    button->setMinimumHeight(58);
    button->setStyleSheet(
        u"QPushButton { text-align:left; background:%1; border:1px solid %2; border-radius:8px; }"
        "QPushButton:hover { border-color:%3; } QPushButton:focus { border:2px solid %3; }"_s.arg(
            theme.raised.name(), theme.border.name(), theme.accent.name()));
    auto* row = new QHBoxLayout(button);
    row->setContentsMargins(14, 8, 14, 8);
    row->setSpacing(13);
    auto* picture = new QLabel(button);
    picture->setPixmap(iconOf(icon, theme.accent).pixmap(24, 24));
    auto* words = new QLabel(u"<b>%1</b><br><span style='color:%3; font-size:12px'>%2</span>"_s.arg(
                                 title.toHtmlEscaped(), detail.toHtmlEscaped(), theme.muted.name()),
                             button);
    for (QLabel* each : {picture, words}) {
        each->setAttribute(Qt::WA_TransparentForMouseEvents);
        each->setStyleSheet(u"background: transparent;"_s);
    }
    row->addWidget(picture);
    row->addWidget(words, 1);
    return button;
}

QLabel* heading(const QString& text, const Theme& theme, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setStyleSheet(u"color:%1; font-weight:600;"_s.arg(theme.muted.name()));
    return label;
}

}  // namespace

WelcomePage::WelcomePage(const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent), themes_(themes), outer_(new QVBoxLayout(this)) {
    setObjectName(u"welcome"_s);
    setAccessibleName(tr("Welcome"));
    outer_->setContentsMargins(0, 0, 0, 0);
    setMinimumSize(420, 320);  // hidden behind a drawing, the page must not keep the window wide
    connect(&themes_, &ThemeHolder::changed, this, &WelcomePage::rebuild);
    rebuild();
}

void WelcomePage::setRecents(const QStringList& folders) {
    recents_ = folders;
    rebuild();
}

void WelcomePage::rebuild() {
    const Theme& theme = themes_.theme();
    if (page_ != nullptr) {
        page_->hide();
        page_->deleteLater();  // one of its buttons may have asked
    }
    page_ = new QWidget(this);
    outer_->addWidget(page_);
    auto* middle = new QHBoxLayout(page_);
    middle->addStretch();
    auto* column = new QVBoxLayout;
    column->setSpacing(18);
    middle->addLayout(column);
    middle->addStretch();
    column->addStretch(2);
    auto* head = new QHBoxLayout;
    head->setSpacing(18);
    auto* logo = new QLabel(page_);
    logo->setPixmap(iconOf(u"logo"_s, theme.accent).pixmap(64, 64));
    auto* words = new QLabel(
        u"<span style='font-size:27px; font-weight:600'>Tributary</span><br>"
        "<span style='font-size:14px; color:%2'>%1</span>"_s.arg(
            tr("Draw a replication topology, prove it, run it, watch it.").toHtmlEscaped(), theme.muted.name()),
        page_);
    head->addWidget(logo);
    head->addWidget(words, 1);
    column->addLayout(head);
    column->addSpacing(10);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(36);
    auto* left = new QVBoxLayout;
    auto* right = new QVBoxLayout;
    for (QVBoxLayout* each : {left, right}) each->setSpacing(9);
    columns->addLayout(left);
    columns->addLayout(right);
    column->addLayout(columns);
    left->addWidget(heading(tr("Start"), theme, page_));
    auto* fresh =
        card(theme, u"new"_s, tr("New drawing"), tr("An empty canvas; its folder is chosen when saving"), page_);
    auto* open = card(theme, u"open"_s, tr("Open a workspace…"), tr("A folder with a topology.yaml"), page_);
    connect(fresh, &QPushButton::clicked, this, &WelcomePage::newRequested);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    fresh->setObjectName(u"welcomeNew"_s);
    left->addWidget(fresh);
    left->addWidget(open);
    left->addSpacing(8);
    left->addWidget(heading(tr("Examples, opened as a copy"), theme, page_));
    for (const std::string& name : exampleNames()) {
        auto* button = card(theme, u"layout"_s, QString::fromStdString(name), exampleText(name), page_);
        button->setObjectName(u"example-"_s + QString::fromStdString(name));
        connect(button, &QPushButton::clicked, this,
                [this, name] { emit exampleChosen(QString::fromStdString(name)); });
        left->addWidget(button);
    }
    left->addStretch();
    right->addWidget(heading(tr("Recent"), theme, page_));
    for (const QString& folder : recents_.mid(0, kRecentsShown)) {
        auto* button = card(theme, u"cluster"_s, QFileInfo(folder).fileName(), folder, page_);
        connect(button, &QPushButton::clicked, this, [this, folder] { emit recentChosen(folder); });
        right->addWidget(button);
    }
    if (recents_.isEmpty()) {
        auto* none = new QLabel(tr("What you open or save is listed here."), page_);
        none->setProperty("muted", true);
        right->addWidget(none);
    }
    right->addStretch();
    for (const QVBoxLayout* each : {left, right}) {
        for (int i = 0; i < each->count(); ++i) {
            if (QWidget* widget = each->itemAt(i)->widget()) widget->setFixedWidth(380);
        }
    }
    column->addStretch(3);
}

}  // namespace tributary::desktop
