// The link dialog.
#include "app/desktop/panels/linkdialog.h"

#include <QKeyEvent>
#include <QVBoxLayout>

#include "app/desktop/document/linkcheck.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

LinkDialog::LinkDialog(const DesktopDocument& document, const ThemeHolder& themes, std::string from, QWidget* parent)
    : QDialog(parent),
      document_(document),
      themes_(themes),
      from_(std::move(from)),
      filter_(new QLineEdit(this)),
      targets_(new QListWidget(this)),
      halves_(new QComboBox(this)),
      verdict_(new QLabel(this)),
      ok_(new QPushButton(tr("Draw link"), this)) {
    setObjectName(u"linkDialog"_s);
    setWindowTitle(tr("Link from %1").arg(QString::fromStdString(from_)));
    resize(520, 420);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 14);
    column->setSpacing(10);
    auto* heading = new QLabel(tr("From %1 to:").arg(QString::fromStdString(from_)), this);
    heading->setProperty("heading", true);
    column->addWidget(heading);
    column->addWidget(filter_);
    column->addWidget(targets_, 1);
    column->addWidget(verdict_);
    auto* row = new QHBoxLayout;
    row->addWidget(halves_, 1);
    row->addWidget(ok_);
    column->addLayout(row);
    filter_->setPlaceholderText(tr("Filter the datasets"));
    filter_->setAccessibleName(tr("Filter of the targets"));
    targets_->setAccessibleName(tr("Targets"));
    targets_->setObjectName(u"linkTargets"_s);
    halves_->setObjectName(u"linkHalves"_s);
    halves_->setAccessibleName(tr("Records to draw"));
    halves_->addItem(tr("Both records: a whole link"), static_cast<int>(LinkHalves::Both));
    halves_->addItem(tr("Replica record only (at the source)"), static_cast<int>(LinkHalves::Replica));
    halves_->addItem(tr("Upstream record only (at the replica)"), static_cast<int>(LinkHalves::Upstream));
    halves_->addItem(tr("Multi-master: both records, both ways"), static_cast<int>(LinkHalves::BothWays));
    verdict_->setWordWrap(true);
    verdict_->setMinimumHeight(36);
    ok_->setProperty("primary", true);
    ok_->setDefault(true);
    for (const Dataset& each : document_.topology().datasets) {
        if (each.path == from_) continue;
        auto* item = new QListWidgetItem(QString::fromStdString(each.path), targets_);
        const LinkVerdict verdict = judgeLink(document_.topology(), from_, each.path, LinkHalves::Both).verdict;
        const Theme& theme = themes_.theme();
        item->setIcon(verdict == LinkVerdict::Legal    ? iconOf(u"check"_s, theme.good)
                      : verdict == LinkVerdict::Warned ? iconOf(u"warning"_s, theme.warn)
                                                       : iconOf(u"close"_s, theme.bad));
    }
    connect(filter_, &QLineEdit::textChanged, this, &LinkDialog::filter);
    connect(targets_, &QListWidget::currentRowChanged, this, &LinkDialog::judgeCurrent);
    connect(halves_, &QComboBox::currentIndexChanged, this, &LinkDialog::judgeCurrent);
    connect(targets_, &QListWidget::itemActivated, this, &LinkDialog::choose);
    connect(ok_, &QPushButton::clicked, this, &LinkDialog::choose);
    targets_->setCurrentRow(0);
    targets_->setFocus();
    judgeCurrent();
}

LinkHalves LinkDialog::halves() const {
    return static_cast<LinkHalves>(halves_->currentData().toInt());
}

void LinkDialog::filter(const QString& text) {
    for (int i = 0; i < targets_->count(); ++i) {
        targets_->item(i)->setHidden(!targets_->item(i)->text().contains(text, Qt::CaseInsensitive));
    }
}

void LinkDialog::judgeCurrent() {
    const QListWidgetItem* item = targets_->currentItem();
    ok_->setEnabled(item != nullptr);
    if (item == nullptr) {
        verdict_->setText(tr("There is no other dataset to link with; add one first."));
        return;
    }
    const LinkJudgement judged = judgeLink(document_.topology(), from_, item->text().toStdString(), halves());
    const Theme& theme = themes_.theme();
    const QColor colour = judged.verdict == LinkVerdict::Legal    ? theme.good
                          : judged.verdict == LinkVerdict::Warned ? theme.warn
                                                                  : theme.bad;
    verdict_->setText(judged.text.empty() ? tr("Allowed: no rule speaks against it.")
                                          : QString::fromStdString(judged.text));
    verdict_->setStyleSheet(u"color: %1"_s.arg(colour.name()));
}

void LinkDialog::choose() {
    const QListWidgetItem* item = targets_->currentItem();
    if (item == nullptr) return;
    emit chosen(from_, item->text().toStdString(), halves());
    accept();
}

}  // namespace tributary::desktop
