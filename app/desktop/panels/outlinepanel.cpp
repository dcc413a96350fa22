// Building the outline and keeping its selection in step.
#include "app/desktop/panels/outlinepanel.h"

#include <QHeaderView>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <set>

#include "app/desktop/style/icons.h"
#include "core/topology/datasetpath.h"
#include "core/topology/measures.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kRefRole = Qt::UserRole;
constexpr int kIconRole = Qt::UserRole + 1;

QVariant packed(const ItemRef& ref) {
    return QStringList{QString::number(static_cast<int>(ref.kind)), QString::fromStdString(ref.a),
                       QString::fromStdString(ref.b)};
}

ItemRef unpacked(const QTreeWidgetItem* item) {
    const QStringList parts = item == nullptr ? QStringList() : item->data(0, kRefRole).toStringList();
    if (parts.size() != 3) return {};
    return {static_cast<ItemRef::Kind>(parts[0].toInt()), parts[1].toStdString(), parts[2].toStdString()};
}

}  // namespace

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
    connect(&themes_, &ThemeHolder::changed, &rebuild_, qOverload<>(&QTimer::start));
    connect(&selection_, &Selection::changed, this, &OutlinePanel::takeSelection);
    connect(tree_, &QTreeWidget::itemSelectionChanged, this, &OutlinePanel::giveSelection);
    connect(filter_, &QLineEdit::textChanged, this, &OutlinePanel::filter);
    connect(tree_, &QTreeWidget::itemActivated, this,
            [this](const QTreeWidgetItem* item) { emit selection_.revealRequested(unpacked(item)); });
    connect(tree_, &QTreeWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        emit contextMenuRequested(unpacked(tree_->currentItem()), tree_->viewport()->mapToGlobal(at));
    });
    connect(tree_, &QTreeWidget::itemChanged, this, [this](const QTreeWidgetItem* item, int columnNumber) {
        if (syncing_ || columnNumber != 0) return;
        const ItemRef ref = unpacked(item);
        rebuild_.start();  // shows the name that holds, whether the new one was taken or refused
        emit nameEdited(ref, item->text(0).trimmed());
    });
    setFocusProxy(tree_);
}

void OutlinePanel::editName() {
    QTreeWidgetItem* item = tree_->currentItem();
    const ItemRef ref = unpacked(item);
    const bool named =
        ref.kind == ItemRef::Kind::Cluster || ref.kind == ItemRef::Kind::Dataset || ref.kind == ItemRef::Kind::Gateway;
    if (named) tree_->editItem(item, 0);
}

QTreeWidgetItem* OutlinePanel::addRow(QTreeWidgetItem* parent, const ItemRef& ref, const QString& icon,
                                      const QString& text, const QString& detail) {
    auto* row = new QTreeWidgetItem(QStringList{text});
    row->setData(0, kRefRole, packed(ref));
    row->setData(0, kIconRole, icon);
    row->setIcon(0, iconOf(icon, themes_.theme().muted));
    row->setData(0, Qt::AccessibleTextRole,
                 QString::fromStdString(longName(ref)) + (detail.isEmpty() ? QString() : u", "_s + detail));
    row->setToolTip(0, QString::fromStdString(longName(ref)) + (detail.isEmpty() ? QString() : u"\n"_s + detail));
    const bool named = ref.kind != ItemRef::Kind::Link && ref.kind != ItemRef::Kind::Wan;
    row->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | (named ? Qt::ItemIsEditable : Qt::NoItemFlags));
    if (parent == nullptr) {
        tree_->addTopLevelItem(row);
    } else {
        parent->addChild(row);
    }
    rows_[ref] = row;
    return row;
}

void OutlinePanel::addLinks(QTreeWidgetItem& dataset, const std::string& path) {
    const Topology& topology = document_.topology();
    for (const auto& [from, target] : linksFrom_[path]) {
        const ItemRef ref = linkRef(from, target);
        const bool replica = topology.replica(from, target) != nullptr;
        const bool upstream = topology.upstream(target, from) != nullptr;
        const QString detail = replica && upstream ? tr("whole")
                               : replica           ? tr("upstream missing")
                                                   : tr("replica missing");
        // The replica mostly has its source's name: then its cluster says it all.
        const bool sameName = shortName(datasetRef(target)) == shortName(datasetRef(from));
        const QString to = QString::fromStdString(sameName ? clusterOf(target)
                                                           : clusterOf(target) + "/" + shortName(datasetRef(target)));
        addRow(&dataset, ref, replica && upstream ? u"link"_s : u"link-broken"_s,
               replica && upstream ? u"\u2192 "_s + to : u"\u2192 %1 (%2)"_s.arg(to, detail), detail);
    }
}

void OutlinePanel::rebuild() {
    rebuild_.stop();
    const QScopedValueRollback guard(syncing_, true);
    std::set<ItemRef> folded;
    for (const auto& [ref, row] : rows_) {
        if (!row->isExpanded() && row->childCount() > 0) folded.insert(ref);
    }
    const Topology& topology = document_.topology();
    linksFrom_.clear();
    for (const Replica& each : topology.replicas) linksFrom_[each.from].emplace_back(each.from, each.to);
    for (const Upstream& each : topology.upstreams) {
        if (topology.replica(each.from, each.at) == nullptr) linksFrom_[each.from].emplace_back(each.from, each.at);
    }
    tree_->setUpdatesEnabled(false);
    tree_->clear();
    rows_.clear();
    std::map<std::string, std::vector<const Dataset*>> datasets;
    for (const Dataset& each : topology.datasets) datasets[clusterOf(each.path)].push_back(&each);
    for (const Cluster& cluster : topology.clusters) {
        QTreeWidgetItem* row = addRow(nullptr, clusterRef(cluster.name), u"cluster"_s,
                                      QString::fromStdString(cluster.name), QString::fromStdString(cluster.system));
        for (const Dataset* each : datasets[cluster.name]) {
            const ItemRef ref = datasetRef(each->path);
            QTreeWidgetItem* child =
                addRow(row, ref, QString::fromUtf8(datasetKindName(each->kind).data()),
                       QString::fromStdString(shortName(ref)), each->exists ? tr("exists") : tr("to be made"));
            addLinks(*child, each->path);
        }
        for (const Gateway& each : cluster.gateways) {
            addRow(row, gatewayRef(cluster.name, each.name), u"gateway"_s, QString::fromStdString(each.name),
                   QString::fromStdString(each.address));
        }
    }
    for (const Wan& each : topology.wan) {
        const ItemRef ref = wanRef(each.a, each.b);
        addRow(nullptr, ref, u"wan"_s, QString::fromStdString(shortName(ref)),
               QString::fromStdString(formatDuration(each.latencyUs)));
    }
    tree_->expandAll();
    for (const ItemRef& ref : folded) {
        if (const auto found = rows_.find(ref); found != rows_.end()) found->second->setExpanded(false);
    }
    tree_->setUpdatesEnabled(true);
    filter(filter_->text());
    refreshMarks();
    takeSelection();
}

void OutlinePanel::refreshMarks() {
    const QScopedValueRollback guard(syncing_, true);
    std::map<ItemRef, Severity> worst;
    for (const Finding& each : document_.problems().findings()) {
        const auto [found, fresh] = worst.emplace(refOfPlace(each.where), each.severity);
        if (!fresh) found->second = std::min(found->second, each.severity);
    }
    for (const auto& [ref, row] : rows_) {
        const auto mark = worst.find(ref);
        const QIcon icon = mark == worst.end()
                               ? iconOf(row->data(0, kIconRole).toString(), themes_.theme().muted)
                               : iconOf(severityIcon(mark->second), severityColour(mark->second, themes_.theme()));
        row->setIcon(0, icon);
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
        const ItemRef ref = unpacked(each);
        if (std::find(refs.begin(), refs.end(), ref) == refs.end()) refs.push_back(ref);
    }
    const QScopedValueRollback guard(syncing_, true);
    selection_.set(std::move(refs));
}

void OutlinePanel::filter(const QString& text) {
    const QString wanted = text.trimmed();
    for (const auto& [ref, row] : rows_) row->setHidden(!wanted.isEmpty());
    if (wanted.isEmpty()) return;
    for (const auto& [ref, row] : rows_) {
        if (!QString::fromStdString(longName(ref)).contains(wanted, Qt::CaseInsensitive)) continue;
        for (QTreeWidgetItem* each = row; each != nullptr; each = each->parent()) each->setHidden(false);
    }
}

}  // namespace tributary::desktop
