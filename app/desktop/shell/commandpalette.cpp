// The command palette.
#include "app/desktop/shell/commandpalette.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kEntryRole = Qt::UserRole;
constexpr int kPaletteDetailRole = Qt::UserRole + 1;
constexpr int kShownMax = 60;

class PaletteDelegate final : public QStyledItemDelegate {
public:
    PaletteDelegate(const ThemeHolder& themes, QObject* parent) : QStyledItemDelegate(parent), themes_(themes) {}
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const override {
        return {300, 34};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = themes_.theme();
        const QRect box = option.rect;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state.testFlag(QStyle::State_Selected)) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(theme.accentSoft);
            painter->drawRoundedRect(box.adjusted(4, 1, -4, -1), 5, 5);
        }
        index.data(Qt::DecorationRole)
            .value<QIcon>()
            .paint(painter, QRect(box.left() + 14, box.center().y() - 8, 17, 17));
        painter->setPen(theme.text);
        painter->drawText(box.adjusted(42, 0, -150, 0), Qt::AlignVCenter | Qt::AlignLeft,
                          option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, box.width() - 192));
        painter->setPen(theme.muted);
        painter->drawText(box.adjusted(0, 0, -16, 0), Qt::AlignVCenter | Qt::AlignRight,
                          index.data(kPaletteDetailRole).toString());
        painter->restore();
    }

private:
    const ThemeHolder& themes_;
};

}  // namespace

int fuzzyScore(const QString& typed, const QString& text) {
    int score = 0;
    qsizetype at = 0;
    qsizetype last = -2;
    for (const QChar letter : typed) {
        if (letter.isSpace()) continue;
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0) return -1;
        score += 1;
        if (at == last + 1) score += 3;
        if (at == 0 || !text[at - 1].isLetterOrNumber()) score += 4;
        last = at++;
    }
    return score * 100 - static_cast<int>(text.size());
}

CommandPalette::CommandPalette(const ThemeHolder& themes, QWidget& window)
    : QFrame(&window), themes_(themes), window_(window), input_(new QLineEdit(this)), list_(new QListWidget(this)) {
    setObjectName(u"commandPalette"_s);
    setAccessibleName(tr("Command palette"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(6);
    column->addWidget(input_);
    column->addWidget(list_);
    input_->setPlaceholderText(tr("A command, a cluster, a dataset…"));
    input_->setAccessibleName(tr("What to do"));
    input_->installEventFilter(this);
    window_.installEventFilter(this);
    list_->setItemDelegate(new PaletteDelegate(themes_, list_));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(input_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run);
    hide();
}

void CommandPalette::open(std::vector<PaletteEntry> entries) {
    entries_ = std::move(entries);
    if (!isVisible()) before_ = window_.focusWidget();
    const Theme& theme = themes_.theme();
    setStyleSheet(
        u"QFrame#commandPalette { background:%1; border:1px solid %2; border-radius:9px; }"
        "QListWidget { background:%1; } QLineEdit { font-size:15px; padding:8px 10px; }"_s.arg(
            theme.raised.name(), theme.borderStrong.name()));
    place();
    input_->clear();
    filter();
    show();
    raise();
    input_->setFocus();
}

void CommandPalette::place() {
    const int width = std::min(620, window_.width() - 80);
    setGeometry((window_.width() - width) / 2, 76, width, std::min(420, window_.height() - 120));
}

void CommandPalette::filter() {
    std::vector<std::pair<int, std::size_t>> found;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const int score = input_->text().isEmpty() ? 0 : fuzzyScore(input_->text(), entries_[i].text);
        if (score >= 0 || input_->text().isEmpty()) found.emplace_back(-score, i);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    list_->clear();
    for (const auto& [score, i] : found) {
        if (list_->count() == kShownMax) break;
        auto* item = new QListWidgetItem(entries_[i].text, list_);
        item->setIcon(iconOf(entries_[i].icon, themes_.theme().muted));
        item->setData(kEntryRole, static_cast<int>(i));
        item->setData(kPaletteDetailRole, entries_[i].detail);
    }
    list_->setCurrentRow(0);
}

void CommandPalette::run() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) return;
    const PaletteEntry entry = entries_[static_cast<std::size_t>(item->data(kEntryRole).toInt())];
    leave();
    entry.run();
}

/// The keyboard goes back to where it was; an entry may then take it elsewhere.
void CommandPalette::leave() {
    if (before_ != nullptr && before_->isVisible()) before_->setFocus();  // which hides the palette
    hide();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == input_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape) {
            leave();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, std::max(0, list_->count() - 1)));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            run();
            return true;
        }
    }
    if (watched == input_ && event->type() == QEvent::FocusOut) hide();
    if (watched == &window_ && event->type() == QEvent::Resize && isVisible()) place();
    return QFrame::eventFilter(watched, event);
}

}  // namespace tributary::desktop
