// The list of problems.
#include "app/desktop/panels/problemspanel.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "app/desktop/style/icons.h"
#include "core/systems/catalogue.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kSeverityRole = Qt::UserRole;
constexpr int kDetailRole = Qt::UserRole + 1;
constexpr int kFixableRole = Qt::UserRole + 2;

/// Two lines: the reason, and under it where, which rule and what to do.
class ProblemDelegate final : public QStyledItemDelegate {
public:
    ProblemDelegate(const ThemeHolder& themes, QObject* parent) : QStyledItemDelegate(parent), themes_(themes) {}
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override {
        return {200, 46};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = themes_.theme();
        const QRect box = option.rect;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->fillRect(box, theme.accentSoft);
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter->fillRect(box, theme.hover);
        }
        const auto severity = static_cast<Severity>(index.data(kSeverityRole).toInt());
        paintIcon(*painter, severityIcon(severity), QRectF(box.left() + 10, box.top() + 8, 16, 16),
                  severityColour(severity, theme));
        const int right = index.data(kFixableRole).toBool() ? 78 : 12;
        const QRect first(box.left() + 36, box.top() + 4, box.width() - 36 - right, 20);
        painter->setPen(theme.text);
        QFont font = option.font;
        painter->setFont(font);
        painter->drawText(first, Qt::AlignVCenter | Qt::AlignLeft,
                          QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, first.width()));
        font.setPixelSize(11);
        painter->setFont(font);
        painter->setPen(theme.muted);
        const QRect second(box.left() + 36, box.top() + 23, box.width() - 48, 18);
        painter->drawText(
            second, Qt::AlignVCenter | Qt::AlignLeft,
            QFontMetrics(font).elidedText(index.data(kDetailRole).toString(), Qt::ElideRight, second.width()));
        if (index.data(kFixableRole).toBool()) {
            const QRectF chip(box.right() - 70, box.top() + 6, 60, 18);
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.goodSoft);
            painter->drawRoundedRect(chip, 9, 9);
            painter->setPen(theme.good);
            painter->drawText(chip, Qt::AlignCenter, ProblemsPanel::tr("quick fix"));
        }
        painter->setPen(QPen(theme.border, 1));
        painter->drawLine(box.bottomLeft(), box.bottomRight());
        painter->restore();
    }

private:
    const ThemeHolder& themes_;
};

}  // namespace

ProblemsPanel::ProblemsPanel(DesktopDocument& document, DrawingEditor& editor, Selection& selection,
                             const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent),
      document_(document),
      editor_(editor),
      selection_(selection),
      themes_(themes),
      summary_(new QLabel(this)),
      fix_(new QPushButton(tr("Fix"), this)),
      fixAll_(new QPushButton(tr("Fix all that are certain"), this)),
      list_(new QListWidget(this)) {
    setObjectName(u"problemsPanel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 6, 10, 6);
    head->addWidget(summary_);
    head->addStretch();
    head->addWidget(fix_);
    head->addWidget(fixAll_);
    column->addLayout(head);
    column->addWidget(list_);
    summary_->setProperty("muted", true);
    fix_->setProperty("flat", true);
    fixAll_->setProperty("flat", true);
    list_->setObjectName(u"problems"_s);
    list_->setAccessibleName(tr("Problems"));
    list_->setItemDelegate(new ProblemDelegate(themes_, list_));
    list_->setMouseTracking(true);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(&document_.problems(), &ProblemChecker::findingsChanged, this, &ProblemsPanel::rebuild);
    connect(&document_, &DesktopDocument::textChanged, this, &ProblemsPanel::rebuild);
    connect(&themes_, &ThemeHolder::changed, list_->viewport(), qOverload<>(&QWidget::update));
    connect(list_, &QListWidget::currentRowChanged, this, &ProblemsPanel::updateButtons);
    connect(list_, &QListWidget::itemClicked, this, [this] {
        const Finding* finding = findingAt(list_->currentRow());
        if (finding == nullptr) return;
        selection_.reveal(refOfPlace(finding->where));
        emit placeRequested(finding->pos);
    });
    connect(list_, &QListWidget::itemActivated, this, &ProblemsPanel::fixCurrent);
    connect(fix_, &QPushButton::clicked, this, &ProblemsPanel::fixCurrent);
    connect(fixAll_, &QPushButton::clicked, this, [this] { editor_.applyAllFixes(); });
    setFocusProxy(list_);
    rebuild();
}

const Finding* ProblemsPanel::findingAt(int row) const {
    const auto index = static_cast<std::size_t>(row);
    return row >= 0 && index < shown_.size() ? &shown_[index] : nullptr;
}

void ProblemsPanel::setObserved(std::vector<Finding> observed) {
    const bool same = std::equal(
        observed.begin(), observed.end(), observed_.begin(), observed_.end(), [](const auto& a, const auto& b) {
            return a.rule == b.rule && a.where == b.where && a.reason == b.reason && a.severity == b.severity;
        });
    if (same) return;
    observed_ = std::move(observed);
    rebuild();
}

void ProblemsPanel::rebuild() {
    const int row = list_->currentRow();
    list_->clear();
    shown_.clear();
    if (const auto& broken = document_.textError()) {
        Finding finding;
        finding.rule = "topology.yaml";
        finding.where = broken->where;
        finding.reason = broken->what;
        finding.fix = broken->fix.empty() ? "mend the text; the canvas shows the last good drawing" : broken->fix;
        const std::vector<std::string> parts = [&] {
            std::vector<std::string> out;
            std::string rest = broken->where;
            for (std::size_t at = rest.rfind(':'); at != std::string::npos && out.size() < 2; at = rest.rfind(':')) {
                out.push_back(rest.substr(at + 1));
                rest = rest.substr(0, at);
            }
            return out;
        }();
        if (parts.size() == 2) finding.pos = {std::atoi(parts[1].c_str()), std::atoi(parts[0].c_str())};
        shown_.push_back(std::move(finding));
    }
    shown_.insert(shown_.end(), document_.problems().findings().begin(), document_.problems().findings().end());
    shown_.insert(shown_.end(), observed_.begin(), observed_.end());
    for (const Finding& each : shown_) {
        auto* item = new QListWidgetItem(QString::fromStdString(each.reason), list_);
        item->setData(kSeverityRole, static_cast<int>(each.severity));
        item->setData(kFixableRole, each.edit != nullptr);
        const QString line = each.pos.known() ? tr("line %1 · ").arg(each.pos.line) : QString();
        item->setData(kDetailRole, line + QString::fromStdString(each.rule) + u" \u00b7 "_s +
                                       tr("fix: %1").arg(QString::fromStdString(each.fix)));
        item->setToolTip(QString::fromStdString(each.where + "\n" + each.reason + "\n") +
                         tr("Fix: %1").arg(QString::fromStdString(each.fix)));
        item->setData(Qt::AccessibleTextRole,
                      QString::fromStdString(std::string(severityName(each.severity)) + ": " + each.reason + " " +
                                             each.where + ". fix: " + each.fix));
    }
    if (!shown_.empty()) list_->setCurrentRow(std::clamp(row, 0, static_cast<int>(shown_.size()) - 1));
    summary_->setText(summary());
    updateButtons();
    emit summaryChanged();
}

QString ProblemsPanel::summary() const {
    const auto errors = static_cast<int>(countOf(shown_, Severity::Error));
    const auto warnings = static_cast<int>(countOf(shown_, Severity::Warning));
    const auto infos = static_cast<int>(countOf(shown_, Severity::Info));
    if (errors + warnings + infos == 0) return tr("No problems");
    QStringList parts;
    if (errors > 0) parts << (errors == 1 ? tr("1 error") : tr("%1 errors").arg(errors));
    if (warnings > 0) parts << (warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(warnings));
    if (infos > 0) parts << (infos == 1 ? tr("1 note") : tr("%1 notes").arg(infos));
    return parts.join(u", "_s);
}

void ProblemsPanel::updateButtons() {
    const Finding* current = findingAt(list_->currentRow());
    fix_->setEnabled(current != nullptr && current->edit != nullptr);
    fixAll_->setEnabled(
        std::any_of(shown_.begin(), shown_.end(), [](const Finding& each) { return each.edit != nullptr; }));
}

void ProblemsPanel::fixCurrent() {
    const Finding* current = findingAt(list_->currentRow());
    if (current == nullptr || current->edit == nullptr) {
        const auto first =
            std::find_if(shown_.begin(), shown_.end(), [](const Finding& each) { return each.edit != nullptr; });
        if (first != shown_.end() && current == nullptr) current = &*first;
    }
    if (current == nullptr) return;
    const Finding finding = *current;  // the edit renews the list
    editor_.applyFix(finding);
}

}  // namespace tributary::desktop
