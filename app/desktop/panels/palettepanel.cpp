// The palette's entries.
#include "app/desktop/panels/palettepanel.h"

#include <QMimeData>
#include <QVBoxLayout>

#include "app/desktop/canvas/canvasview.h"
#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

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

}  // namespace

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
    const std::pair<QString, std::pair<QString, QString>> entries[] = {
        {u"cluster"_s, {tr("Cluster"), tr("A site of one system, with its own nodes")}},
        {u"gateway"_s, {tr("Gateway"), tr("The door by which replicated writes come into a cluster")}},
        {u"binary-table"_s, {tr("Binary table"), tr("Rows with column families")}},
        {u"json-table"_s, {tr("JSON table"), tr("Documents")}},
        {u"stream"_s, {tr("Stream"), tr("Topics with partitions and offsets")}}};
    for (const auto& [id, words] : entries) {
        auto* item = new QListWidgetItem(words.first, list_);
        item->setData(Qt::UserRole, id);
        item->setToolTip(words.second + u'\n' + tr("Drag it onto the canvas, or press Enter"));
    }
    connect(list_, &QListWidget::itemActivated, this,
            [this](const QListWidgetItem* item) { emit chosen(item->data(Qt::UserRole).toString()); });
    connect(&themes_, &ThemeHolder::changed, this, &PalettePanel::refreshIcons);
    refreshIcons();
    setFocusProxy(list_);
}

void PalettePanel::refreshIcons() {
    for (int i = 0; i < list_->count(); ++i) {
        QListWidgetItem* item = list_->item(i);
        item->setIcon(iconOf(item->data(Qt::UserRole).toString(), themes_.theme().accent));
    }
}

}  // namespace tributary::desktop
