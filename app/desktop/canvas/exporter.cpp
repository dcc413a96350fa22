// Exporting pictures and Mermaid.
#include "app/desktop/canvas/exporter.h"

#include <fmt/format.h>

#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <map>
#include <set>

#include "core/systems/naming.h"

namespace tributary::desktop {

namespace {

constexpr double kPadding = 32;
constexpr double kSideMax = 16'000;

/// Paints without selection, then puts it back.
void renderPlain(CanvasScene& scene, QPainter& painter, const QRectF& target, const QRectF& source) {
    const QList<QGraphicsItem*> selected = scene.selectedItems();
    const QSignalBlocker quiet(&scene);
    for (QGraphicsItem* each : selected) each->setSelected(false);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    scene.render(&painter, target, source);
    for (QGraphicsItem* each : selected) each->setSelected(true);
}

QRectF exportRect(const CanvasScene& scene) {
    const QRectF content = scene.contentRect();
    return content.isEmpty() ? content : content.adjusted(-kPadding, -kPadding, kPadding, kPadding);
}

Error nothingDrawn() {
    return {ErrorCode::Conflict, "nothing is drawn", {}, "draw a cluster first"};
}

Error notWritten(const QString& path, const QString& why) {
    return {ErrorCode::Io, "the picture cannot be written: " + why.toStdString(), path.toStdString(),
            "choose another folder"};
}

}  // namespace

QImage drawingImage(CanvasScene& scene, double scale) {
    const QRectF source = exportRect(scene);
    if (source.isEmpty() || std::max(source.width(), source.height()) * scale > kSideMax) return {};
    QImage image((source.size() * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderPlain(scene, painter, QRectF(QPointF(), QSizeF(image.size())), source);
    return image;
}

void renderDrawing(CanvasScene& scene, QPainter& painter, const QRectF& room) {
    const QRectF source = exportRect(scene);
    if (source.isEmpty()) return;
    const double scale = std::min(room.width() / source.width(), room.height() / source.height());
    QRectF target(QPointF(), source.size() * scale);
    target.moveCenter(room.center());
    renderPlain(scene, painter, target, source);
}

Status writePng(CanvasScene& scene, const QString& path, double scale) {
    if (exportRect(scene).isEmpty()) return nothingDrawn();
    const QImage image = drawingImage(scene, scale);
    if (image.isNull()) return notWritten(path, QStringLiteral("it is too large at this scale"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit()) {
        return notWritten(path, file.errorString());
    }
    return okStatus();
}

Status writeSvg(CanvasScene& scene, const QString& path) {
    const QRectF source = exportRect(scene);
    if (source.isEmpty()) return nothingDrawn();
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return notWritten(path, file.errorString());
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(source.size().toSize());
    generator.setViewBox(QRectF(QPointF(), source.size()));
    generator.setTitle(QStringLiteral("Replication topology"));
    {
        QPainter painter(&generator);
        renderPlain(scene, painter, QRectF(QPointF(), source.size()), source);
    }
    if (!file.commit()) return notWritten(path, file.errorString());
    return okStatus();
}

std::string mermaidText(const Topology& topology) {
    std::string out = "flowchart LR\n";
    std::map<std::string, std::string> ids;
    const auto idOfPath = [&](const std::string& path) {
        return ids.try_emplace(path, fmt::format("d{}", ids.size() + 1)).first->second;
    };
    int number = 0;
    for (const Cluster& cluster : topology.clusters) {
        out += fmt::format("  subgraph c{}[\"{}\"]\n", ++number, cluster.name);
        for (const Dataset& each : topology.datasets) {
            if (clusterOf(each.path) == cluster.name) {
                out += fmt::format("    {}[\"{}\"]\n", idOfPath(each.path), shortName(datasetRef(each.path)));
            }
        }
        for (const Gateway& each : cluster.gateways)
            out += fmt::format("    c{}g{}(({}))\n", number, each.name, each.name);
        out += "  end\n";
    }
    std::set<ItemRef> links;
    for (const Replica& each : topology.replicas) links.insert(linkRef(each.from, each.to));
    for (const Upstream& each : topology.upstreams) links.insert(linkRef(each.from, each.at));
    for (const ItemRef& link : links) {
        const bool replica = topology.replica(link.a, link.b) != nullptr;
        const bool upstream = topology.upstream(link.b, link.a) != nullptr;
        const std::string arrow = replica && upstream ? "-->"
                                  : replica           ? "-. upstream missing .->"
                                                      : "-. replica missing .->";
        out += fmt::format("  {} {} {}\n", idOfPath(link.a), arrow, idOfPath(link.b));
    }
    return out;
}

}  // namespace tributary::desktop
