// Building the outline and keeping its selection in step.
#include "app/desktop/panels/outlinepanel.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kRowType = QTreeWidgetItem::UserType + 1;

QString iconName(const OutlineFacts& facts) {
    return QString::fromLatin1(facts.icon.data(), static_cast<qsizetype>(facts.icon.size()));
}

QString stateText(OutlineState state) {
    switch (state) {
        case OutlineState::Plain: return {};
        case OutlineState::Exists: return OutlinePanel::tr("exists");
        case OutlineState::ToBeMade: return OutlinePanel::tr("to be made");
        case OutlineState::Whole: return OutlinePanel::tr("whole");
        case OutlineState::UpstreamMissing: return OutlinePanel::tr("upstream missing");
        case OutlineState::ReplicaMissing: return OutlinePanel::tr("replica missing");
        case OutlineState::NotDrawn: return OutlinePanel::tr("not drawn");
    }
    return {};
}

}  // namespace

/// A row that knows what it stands for.
class OutlinePanel::Row final : public QTreeWidgetItem {
public:
    Row() : QTreeWidgetItem(kRowType) {}
    OutlineFacts facts;
    std::optional<Severity> worst;
    QString said;   ///< the tooltip without what was observed
    QString heard;  ///< the same for screen readers
};

ItemRef OutlinePanel::refOf(const QTreeWidgetItem* item) {
    return item == nullptr || item->type() != kRowType ? ItemRef{} : static_cast<const Row*>(item)->facts.ref;
}

ItemRef OutlinePanel::drawnRefOf(const QTreeWidgetItem* item) {
    const ItemRef ref = refOf(item);
    return ref.valid() && static_cast<const Row*>(item)->facts.state == OutlineState::NotDrawn ? ItemRef{} : ref;
}

void OutlinePanel::setObserved(std::vector<Finding> observed) {
    const bool same = std::equal(
        observed.begin(), observed.end(), observed_.begin(), observed_.end(), [](const Finding& a, const Finding& b) {
            return a.rule == b.rule && a.where == b.where && a.reason == b.reason && a.severity == b.severity;
        });
    if (same) return;
    observed_ = std::move(observed);
    rebuild_.start();
}

void OutlinePanel::setGhosts(std::vector<Ghost> ghosts) {
    if (ghosts == ghosts_) return;
    ghosts_ = std::move(ghosts);
    rebuild_.start();
}

OutlinePanel::OutlinePanel(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent),
      document_(document),
      selection_(selection),
      themes_(themes),
      filter_(new QLineEdit(this)),
      tree_(new QTreeWidget(this)) {
    setObjectName(u"outlinePanel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 4);
    column->setSpacing(6);
    column->addWidget(filter_);
    column->addWidget(tree_);
    filter_->setPlaceholderText(tr("Filter"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Filter of the outline"));
    tree_->setObjectName(u"outline"_s);
    tree_->setAccessibleName(tr("Outline of the drawing"));
    tree_->setColumnCount(1);
    setMinimumWidth(215);
    tree_->setHeaderHidden(true);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setIconSize({16, 16});
    tree_->setIndentation(14);
    tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    tree_->setUniformRowHeights(true);
    rebuild_.setSingleShot(true);
    rebuild_.setInterval(0);
    connect(&rebuild_, &QTimer::timeout, this, &OutlinePanel::rebuild);
    connect(&document_, &DesktopDocument::drawingChanged, &rebuild_, qOverload<>(&QTimer::start));
    connect(&document_.problems(), &ProblemChecker::findingsChanged, this, &OutlinePanel::refreshMarks);
    connect(&themes_, &ThemeHolder::changed, this, [this] {
        recolour_ = true;
        rebuild_.start();
    });
    connect(&selection_, &Selection::changed, this, &OutlinePanel::takeSelection);
    connect(tree_, &QTreeWidget::itemSelectionChanged, this, &OutlinePanel::giveSelection);
    connect(filter_, &QLineEdit::textChanged, this, &OutlinePanel::filter);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        if (const ItemRef ref = refOf(item); ref.valid()) emit selection_.revealRequested(ref);
    });
    connect(tree_, &QTreeWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        emit contextMenuRequested(refOf(tree_->currentItem()), tree_->viewport()->mapToGlobal(at));
    });
    connect(tree_, &QTreeWidget::itemChanged, this, [this](const QTreeWidgetItem* item, int columnNumber) {
        if (syncing_ || columnNumber != 0) return;
        const ItemRef ref = refOf(item);
        // Shows the name that holds, whether the new one was taken or refused.
        if (Row* row = rowOf(ref)) row->facts.name.clear();
        rebuild_.start();
        emit nameEdited(ref, item->text(0).trimmed());
    });
    setFocusProxy(tree_);
}

void OutlinePanel::editName() {
    QTreeWidgetItem* item = tree_->currentItem();
    const ItemRef ref = drawnRefOf(item);
    const bool named = ref.kind == ItemRef::Kind::Cluster || ref.kind == ItemRef::Kind::Dataset ||
                       ref.kind == ItemRef::Kind::Gateway || ref.kind == ItemRef::Kind::Region;
    if (named) tree_->editItem(item, 0);
}

void OutlinePanel::fillRow(Row& row, const OutlineFacts& facts) {
    row.facts = facts;
    const bool undrawn = facts.state == OutlineState::NotDrawn;
    const bool link = facts.ref.kind == ItemRef::Kind::Link && !undrawn;
    const QString name = QString::fromStdString(facts.name);
    const QString detail = facts.detail.empty() ? stateText(facts.state) : QString::fromStdString(facts.detail);
    const QString full = QString::fromStdString(longName(facts.ref));
    QFont font = tree_->font();
    font.setItalic(undrawn);
    row.setFont(0, font);
    row.setText(0, undrawn                              ? u"%1 (%2)"_s.arg(name, stateText(facts.state))
                   : !link                              ? name
                   : facts.state == OutlineState::Whole ? u"\u2192 "_s + name
                                                        : u"\u2192 %1 (%2)"_s.arg(name, detail));
    row.setIcon(0, iconOf(iconName(facts), themes_.theme().muted));
    row.worst.reset();
    row.heard = full + (detail.isEmpty() ? QString() : (undrawn ? u" "_s : u", "_s) + detail);
    row.said = full + (detail.isEmpty() ? QString() : u"\n"_s + detail);
    row.setData(0, Qt::AccessibleTextRole, row.heard);
    row.setToolTip(0, row.said);
    const bool named = !link && facts.ref.kind != ItemRef::Kind::Wan;
    row.setForeground(0, undrawn ? QBrush(themes_.theme().muted) : QBrush());
    row.setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | (named && !undrawn ? Qt::ItemIsEditable : Qt::NoItemFlags));
}

void OutlinePanel::forgetRow(QTreeWidgetItem* row) {
    for (int i = 0; i < row->childCount(); ++i) forgetRow(row->child(i));
    const auto found = rows_.find(refOf(row));
    if (found != rows_.end() && found->second == row) rows_.erase(found);
}

void OutlinePanel::syncRows(QTreeWidgetItem& parent, const std::vector<OutlineBranch>& wanted) {
    for (int i = 0; i < static_cast<int>(wanted.size()); ++i) {
        const OutlineBranch& want = wanted[static_cast<std::size_t>(i)];
        auto* there = static_cast<Row*>(parent.child(i));
        Row* row = there != nullptr && there->facts.ref == want.facts.ref ? there : rowOf(want.facts.ref);
        const int place = row == nullptr ? -1 : parent.indexOfChild(row);
        const bool isNew = place < i;  // not here, or it stands for one drawn before that has the same name
        if (isNew) {
            row = new Row;
            fillRow(*row, want.facts);
            parent.insertChild(i, row);
            rows_[want.facts.ref] = row;
        } else if (row != there) {
            // A row before it went or came; what it holds moves along, and so must its being open.
            const bool open = row->isExpanded();
            parent.insertChild(i, parent.takeChild(parent.indexOfChild(row)));
            row->setExpanded(open);
        }
        if (!isNew && (recolour_ || !(row->facts == want.facts))) fillRow(*row, want.facts);
        syncRows(*row, want.children);
        if (isNew) row->setExpanded(true);
    }
    while (parent.childCount() > static_cast<int>(wanted.size())) {
        QTreeWidgetItem* gone = parent.takeChild(static_cast<int>(wanted.size()));
        forgetRow(gone);
        delete gone;
    }
}

OutlinePanel::Row* OutlinePanel::rowOf(const ItemRef& ref) const {
    const auto found = rows_.find(ref);
    return found == rows_.end() ? nullptr : found->second;
}

void OutlinePanel::rebuild() {
    rebuild_.stop();
    const QScopedValueRollback guard(syncing_, true);
    tree_->setUpdatesEnabled(false);
    // The look may be older than the drawing.
    syncRows(*tree_->invisibleRootItem(), outlineOf(document_.topology(), undrawnOf(ghosts_, document_.topology())));
    recolour_ = false;
    tree_->setUpdatesEnabled(true);
    filter(filter_->text());
    refreshMarks();
    takeSelection();
}

void OutlinePanel::refreshMarks() {
    const QScopedValueRollback guard(syncing_, true);
    std::map<ItemRef, Severity> worst;
    const auto note = [&worst](const Finding& each) {
        const auto [found, fresh] = worst.emplace(refOfPlace(each.where), each.severity);
        if (!fresh) found->second = std::min(found->second, each.severity);
    };
    std::map<ItemRef, QString> observed;
    for (const Finding& each : document_.problems().findings()) note(each);
    for (const Finding& each : observed_) {
        note(each);
        observed[refOfPlace(each.where)] += u'\n' + QString::fromStdString(each.reason);
    }
    for (const auto& [ref, row] : rows_) {
        row->setToolTip(0, row->said + observed[ref]);
        row->setData(0, Qt::AccessibleTextRole, QString(row->heard + observed[ref]).replace(u'\n', u", "_s));
        const auto found = worst.find(ref);
        const std::optional<Severity> mark = found == worst.end() ? std::nullopt : std::optional(found->second);
        if (mark == row->worst) continue;
        row->worst = mark;
        row->setIcon(0, mark ? iconOf(severityIcon(*mark), severityColour(*mark, themes_.theme()))
                             : iconOf(iconName(row->facts), themes_.theme().muted));
    }
}

void OutlinePanel::takeSelection() {
    if (syncing_ && !rebuild_.isActive() && tree_->topLevelItemCount() == 0) return;
    const QScopedValueRollback guard(syncing_, true);
    tree_->clearSelection();
    QTreeWidgetItem* current = nullptr;
    for (const ItemRef& ref : selection_.items()) {
        const auto found = rows_.find(ref);
        if (found == rows_.end()) continue;
        if (current == nullptr) current = found->second;
    }
    if (current != nullptr) tree_->setCurrentItem(current, 0, QItemSelectionModel::ClearAndSelect);
    for (const ItemRef& ref : selection_.items()) {
        if (const auto found = rows_.find(ref); found != rows_.end()) found->second->setSelected(true);
    }
}

void OutlinePanel::giveSelection() {
    if (syncing_) return;
    std::vector<ItemRef> refs;
    for (const ItemRef& ref : selection_.items()) {
        const auto found = rows_.find(ref);
        if (found != rows_.end() && found->second->isSelected()) refs.push_back(ref);
    }
    for (const QTreeWidgetItem* each : tree_->selectedItems()) {
        const ItemRef ref = refOf(each);
        if (std::find(refs.begin(), refs.end(), ref) == refs.end()) refs.push_back(ref);
    }
    const QScopedValueRollback guard(syncing_, true);
    selection_.set(std::move(refs));
}

void OutlinePanel::filter(const QString& text) {
    const QString wanted = text.trimmed();
    if (wanted.isEmpty() && !filtered_) return;
    filtered_ = !wanted.isEmpty();
    for (const auto& [ref, row] : rows_) row->setHidden(!wanted.isEmpty());
    if (wanted.isEmpty()) return;
    for (const auto& [ref, row] : rows_) {
        if (!QString::fromStdString(longName(ref)).contains(wanted, Qt::CaseInsensitive)) continue;
        for (QTreeWidgetItem* each = row; each != nullptr; each = each->parent()) each->setHidden(false);
    }
}

}  // namespace tributary::desktop
