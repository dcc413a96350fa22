// The palette's entries.
#include "app/desktop/panels/palettepanel.h"

#include <QMimeData>
#include <QVBoxLayout>

#include "app/desktop/canvas/canvasview.h"
#include "app/desktop/style/icons.h"
#include "core/systems/registry.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

struct PaletteItem {
    QString id;
    QString icon;
    QString name;
    QString tip;
};

namespace {

/// A list whose items are dragged as palette entries.
class PaletteList final : public QListWidget {
public:
    using QListWidget::QListWidget;

protected:
    [[nodiscard]] QMimeData* mimeData(const QList<QListWidgetItem*>& items) const override {
        auto* mime = new QMimeData;
        if (!items.isEmpty()) {
            mime->setData(QLatin1String(kPaletteMime), items.first()->data(Qt::UserRole).toString().toUtf8());
        }
        return mime;
    }
};

/// What can be drawn of a system, in the order in which a drawing grows.
struct PaletteSystem {
    std::string_view name;
    QString title;
    std::vector<PaletteItem> items;
};

std::vector<PaletteSystem> paletteSystems() {
    const auto tr = [](const char* text) { return PalettePanel::tr(text); };
    return {
        {"maprdb",
         u"MapR-DB"_s,
         {{u"cluster"_s, u"cluster"_s, tr("Cluster"), tr("A site of MapR-DB, with its own nodes")},
          {u"gateway"_s, u"gateway"_s, tr("Gateway"), tr("The door by which replicated writes come into a cluster")},
          {u"binary-table"_s, u"binary-table"_s, tr("Binary table"), tr("Rows with column families")},
          {u"json-table"_s, u"json-table"_s, tr("JSON table"), tr("Documents")},
          {u"stream"_s, u"stream"_s, tr("Stream"), tr("Topics with partitions and offsets")}}},
        {"tarantool",
         u"Tarantool"_s,
         {{u"cluster:tarantool"_s, u"cluster"_s, tr("Replica set"), tr("Instances that follow each other's logs")},
          {u"member"_s, u"instance"_s, tr("Instance"), tr("One more member of the selected replica set")},
          {u"space"_s, u"space"_s, tr("Space"), tr("Tuples with a format and a primary index")}}},
        {"voltdb",
         u"VoltDB"_s,
         {{u"cluster:voltdb"_s, u"cluster"_s, tr("Database"),
           tr("A cluster of one host, which takes part in replication")},
          {u"dr-table"_s, u"dr-table"_s, tr("Replicated table"), tr("An SQL table with DR enabled")}}}};
}

}  // namespace

void PalettePanel::addEntry(const PaletteItem& entry) {
    auto* item = new QListWidgetItem(entry.name, list_);
    item->setData(Qt::UserRole, entry.id);
    item->setData(Qt::UserRole + 1, entry.icon);
    item->setToolTip(entry.tip + u'\n' + tr("Drag it onto the canvas, or press Enter"));
}

PalettePanel::PalettePanel(const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent), themes_(themes), list_(new PaletteList(this)) {
    setObjectName(u"palettePanel"_s);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(6, 6, 6, 6);
    column->addWidget(list_);
    list_->setObjectName(u"palette"_s);
    list_->setAccessibleName(tr("Palette"));
    list_->setDragEnabled(true);
    list_->setDragDropMode(QAbstractItemView::DragOnly);
    list_->setIconSize({18, 18});
    list_->setSpacing(1);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const PaletteSystem& system : paletteSystems()) {
        if (!isBuiltSystem(system.name)) continue;  // nothing is offered that could not be made real
        auto* heading = new QListWidgetItem(system.title, list_);
        heading->setFlags(Qt::NoItemFlags);
        QFont font = list_->font();
        font.setPixelSize(11);
        font.setWeight(QFont::DemiBold);
        heading->setFont(font);
        for (const PaletteItem& each : system.items) addEntry(each);
    }
    connect(list_, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        if ((item->flags() & Qt::ItemIsEnabled) != 0) emit chosen(item->data(Qt::UserRole).toString());
    });
    connect(&themes_, &ThemeHolder::changed, this, &PalettePanel::refreshIcons);
    refreshIcons();
    setFocusProxy(list_);
}

void PalettePanel::refreshIcons() {
    for (int i = 0; i < list_->count(); ++i) {
        QListWidgetItem* item = list_->item(i);
        const QString icon = item->data(Qt::UserRole + 1).toString();
        if (icon.isEmpty()) {
            item->setForeground(themes_.theme().muted);
        } else {
            item->setIcon(iconOf(icon, themes_.theme().accent));
        }
    }
}

}  // namespace tributary::desktop
