// Aligning, distributing, automatic layouts, pins and collapsing.
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

#include "app/desktop/shell/drawingcommands.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

void DrawingCommands::addArrangeActions() {
    const std::pair<QString, std::pair<QString, LayoutKind>> layouts[] = {
        {u"arrange.layered"_s, {tr("Layout: in &layers, along the flow"), LayoutKind::Layered}},
        {u"arrange.ring"_s, {tr("Layout: &ring"), LayoutKind::Ring}},
        {u"arrange.radial"_s, {tr("Layout: &radial, around the hub"), LayoutKind::Radial}},
        {u"arrange.force"_s, {tr("Layout: by &force"), LayoutKind::Force}}};
    for (const auto& [id, what] : layouts) {
        actions_.add(
            {id, what.first, u"layout"_s, {}, tr("Pinned clusters stay where they are"), [this, kind = what.second] {
                 arrange(kind);
             }});
    }
    const std::pair<QString, QString> aligns[] = {{u"arrange.left"_s, tr("Align left edges")},
                                                  {u"arrange.centre"_s, tr("Align centres across")},
                                                  {u"arrange.top"_s, tr("Align upper edges")},
                                                  {u"arrange.middle"_s, tr("Align middles")}};
    for (const auto& [id, text] : aligns) {
        actions_.add({id, text, {}, {}, {}, [this, id = id] { align(id); }});
    }
    actions_.add({u"arrange.across"_s, tr("Distribute across"), {}, {}, {}, [this] { distribute(Qt::Horizontal); }});
    actions_.add({u"arrange.down"_s, tr("Distribute down"), {}, {}, {}, [this] { distribute(Qt::Vertical); }});
    actions_.add({u"arrange.pin"_s, tr("&Pin or unpin"), u"pin"_s, u"Ctrl+Shift+P"_s,
                  tr("A pinned cluster is left alone by automatic layouts"),
                  [this] { setFlag(&Placement::pinned, tr("Pin")); }});
    actions_.add({u"arrange.collapse"_s, tr("&Collapse or expand"), {}, u"Ctrl+Shift+E"_s, {}, [this] {
                      setFlag(&Placement::collapsed, tr("Collapse"));
                  }});
    addRegionActions();
    const auto links = [this] { return bench_.selection.ofKind(ItemRef::Kind::Link); };
    actions_.add({u"link.bend"_s,
                  tr("&Bend the selected link"),
                  {},
                  {},
                  tr("A double click on a link does the same there"),
                  [this, links] {
                      for (const ItemRef& each : links()) {
                          const LinkItem* item = bench_.scene->link(each.a, each.b);
                          if (item != nullptr) bench_.scene->addBend(each, item->middle() + QPointF(0, -64));
                      }
                  }});
    actions_.add({u"link.straighten"_s, tr("&Straighten the selected links"), {}, {}, {}, [this, links] {
                      for (const ItemRef& each : links()) bench_.scene->placeBends(each, {}, tr("Straighten link"));
                  }});
}

void DrawingCommands::addRegionActions() {
    const auto chosen = [this] {
        std::vector<std::string> out;
        for (const ItemRef& each : bench_.selection.ofKind(ItemRef::Kind::Cluster)) {
            if (isDrawn(bench_.document.topology(), each)) out.push_back(each.a);
        }
        return out;
    };
    actions_.add({u"region.add"_s, tr("&Group the selected clusters as a region"), u"region"_s, u"Ctrl+G"_s,
                  tr("A region can be collapsed to one card"), [this, chosen] {
                      const ItemRef added = bench_.editor.addRegion(chosen());
                      if (added.valid()) editName();
                  }});
    actions_.add({u"region.leave"_s, tr("&Take the selected clusters out of their region"), {}, {}, {}, [this, chosen] {
                      bench_.editor.putIntoRegion(chosen(), {});
                  }});
    actions_.add({u"region.collapse-all"_s, tr("Collapse all regions"), {}, u"Ctrl+Alt+E"_s, {}, [this] {
                      collapseRegions(true);
                  }});
    actions_.add({u"region.expand-all"_s, tr("Expand all regions"), {}, {}, {}, [this] { collapseRegions(false); }});
}

void DrawingCommands::collapseRegions(bool collapsed) {
    LayoutSidecar layout = bench_.scene->effectiveLayout();
    for (const Region& each : bench_.document.topology().regions) {
        layout[regionRef(each.name)].collapsed = collapsed;
        if (!collapsed) layout.erase(regionRef(each.name));
    }
    bench_.document.place(layout, collapsed ? tr("Collapse all regions") : tr("Expand all regions"));
}

void DrawingCommands::setFlag(bool Placement::*flag, const QString& title) {
    LayoutSidecar layout = bench_.scene->effectiveLayout();
    std::vector<ItemRef> items = bench_.selection.ofKind(ItemRef::Kind::Cluster);
    if (flag == &Placement::collapsed) {
        const std::vector<ItemRef> regions = bench_.selection.ofKind(ItemRef::Kind::Region);
        items.insert(items.end(), regions.begin(), regions.end());
    }
    const bool on = std::any_of(items.begin(), items.end(), [&](const ItemRef& each) { return !(layout[each].*flag); });
    for (const ItemRef& each : items) {
        layout[each].*flag = on;
        if (each.kind == ItemRef::Kind::Region && !on) layout.erase(each);
    }
    bench_.document.place(layout, title);
}

void DrawingCommands::align(const QString& how) {
    LayoutSidecar layout = bench_.scene->effectiveLayout();
    auto items = bench_.selection.ofKind(ItemRef::Kind::Cluster);
    if (items.size() < 2) items = bench_.selection.ofKind(ItemRef::Kind::Dataset);
    if (items.size() < 2) return;
    const QRectF first = bench_.scene->rectOf(items.front());
    for (const ItemRef& ref : items) {
        const QRectF box = bench_.scene->rectOf(ref);
        Placement& place = layout[ref];
        if (how == u"arrange.left") place.x += first.left() - box.left();
        if (how == u"arrange.centre") place.x += first.center().x() - box.center().x();
        if (how == u"arrange.top") place.y += first.top() - box.top();
        if (how == u"arrange.middle") place.y += first.center().y() - box.center().y();
    }
    bench_.document.place(layout, tr("Align"));
}

void DrawingCommands::distribute(Qt::Orientation orientation) {
    LayoutSidecar layout = bench_.scene->effectiveLayout();
    auto items = bench_.selection.ofKind(ItemRef::Kind::Cluster);
    const bool across = orientation == Qt::Horizontal;
    const auto start = [&](const ItemRef& ref) {
        const QRectF box = bench_.scene->rectOf(ref);
        return across ? box.left() : box.top();
    };
    const auto length = [&](const ItemRef& ref) {
        const QRectF box = bench_.scene->rectOf(ref);
        return across ? box.width() : box.height();
    };
    if (items.size() < 3) return;
    std::sort(items.begin(), items.end(), [&](const ItemRef& a, const ItemRef& b) { return start(a) < start(b); });
    double room = start(items.back()) + length(items.back()) - start(items.front());
    for (const ItemRef& each : items) room -= length(each);
    const double gap = room / static_cast<double>(items.size() - 1);
    double at = start(items.front());
    for (const ItemRef& each : items) {
        (across ? layout[each].x : layout[each].y) = std::round(at);
        at += length(each) + gap;
    }
    bench_.document.place(layout, tr("Distribute"));
}

void DrawingCommands::arrange(LayoutKind kind) {
    const CanvasScene::Arrangement wanted = bench_.scene->arranged(kind);
    const auto take = [this, wanted] {
        bench_.document.place(wanted.layout, tr("Automatic layout"));
        bench_.view->fit();
    };
    if (wanted.placedBefore == 0) {
        take();
        return;
    }
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Automatic layout"),
                        tr("This moves %n cluster(s) that were placed by hand. Pinned ones stay. Undo takes it back.",
                           nullptr, wanted.placedBefore),
                        QMessageBox::Ok | QMessageBox::Cancel, &bench_.window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->button(QMessageBox::Ok)->setText(tr("Move them"));
    connect(box, &QMessageBox::finished, this, [take](int answer) {
        if (answer == QMessageBox::Ok) take();
    });
    box->open();
}

}  // namespace tributary::desktop
