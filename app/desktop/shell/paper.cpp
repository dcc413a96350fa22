// Painting pages.
#include "app/desktop/shell/paper.h"

#include <QFontDatabase>
#include <QPageLayout>
#include <QPainter>
#include <QTextCursor>
#include <QTextDocument>
#include <algorithm>

#include "app/desktop/canvas/exporter.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kMarginMm = 12;
constexpr int kTitlePoints = 11;
constexpr int kTextPoints = 10;

}  // namespace

Status paintDrawing(CanvasScene& scene, QPagedPaintDevice& device, const QString& title, const QString& when) {
    const QRectF content = scene.contentRect();
    if (content.isEmpty()) return Error{ErrorCode::Conflict, "nothing is drawn", {}, "draw a cluster first"};
    device.setPageOrientation(content.width() > content.height() ? QPageLayout::Landscape : QPageLayout::Portrait);
    device.setPageMargins(QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter);
    QPainter painter;
    if (!painter.begin(&device)) {
        return Error{ErrorCode::Io, "the pages cannot be painted", {}, "choose another printer, folder or file"};
    }
    QFont font = painter.font();
    font.setPointSize(kTitlePoints);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    const QRectF page(QPointF(), QSizeF(device.width(), device.height()));
    const double line = QFontMetricsF(font, &device).height() * 1.6;
    painter.drawText(QRectF(page.topLeft(), QSizeF(page.width(), line)), Qt::AlignLeft | Qt::AlignTop, title);
    font.setWeight(QFont::Normal);
    painter.setFont(font);
    painter.drawText(QRectF(page.topLeft(), QSizeF(page.width(), line)), Qt::AlignRight | Qt::AlignTop, when);
    renderDrawing(scene, painter, page.adjusted(0, line, 0, 0));
    return painter.end() ? okStatus() : Status(Error{ErrorCode::Io, "the pages were not written", {}, "free space"});
}

void paintText(const PaperText& text, QPagedPaintDevice& device) {
    device.setPageOrientation(QPageLayout::Portrait);
    device.setPageMargins(QMarginsF(kMarginMm, kMarginMm, kMarginMm, kMarginMm), QPageLayout::Millimeter);
    QTextDocument document;
    QFont font = document.defaultFont();
    font.setPointSize(kTextPoints);
    document.setDefaultFont(font);
    document.setDefaultStyleSheet(u"pre, code { font-family: '%1'; font-size: %2pt }"_s
                                      .arg(QFontDatabase::systemFont(QFontDatabase::FixedFont).family())
                                      .arg(kTextPoints - 1));
    if (text.form == PaperText::Form::Markdown) {
        document.setMarkdown(text.text);
    } else {
        document.setHtml(u"<h3>%1</h3><pre style='white-space: pre-wrap'>%2</pre>"_s.arg(text.title.toHtmlEscaped(),
                                                                                         text.text.toHtmlEscaped()));
    }
    document.print(&device);
}

}  // namespace tributary::desktop
