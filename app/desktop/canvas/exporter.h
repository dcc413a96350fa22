// The drawing as a picture or as Mermaid text.
#pragma once

#include <QImage>
#include <QString>
#include <string>

#include "app/desktop/canvas/canvasscene.h"

namespace tributary::desktop {

/// The whole drawing at `scale` (1 = 100 %), without selection marks. Null when nothing is drawn or it would exceed
/// 16,000 pixels a side.
[[nodiscard]] QImage drawingImage(CanvasScene& scene, double scale);
/// Paints the whole drawing into `room`, as large as it fits and in its middle, without selection marks.
void renderDrawing(CanvasScene& scene, QPainter& painter, const QRectF& room);
/// Writes an SVG. Errors: Io naming the file; Conflict when nothing is drawn.
[[nodiscard]] Status writeSvg(CanvasScene& scene, const QString& path);
/// Writes a PNG at `scale`. Errors: as writeSvg.
[[nodiscard]] Status writePng(CanvasScene& scene, const QString& path, double scale);
/// A Mermaid flowchart: whole links solid, broken ones dotted with what is missing.
[[nodiscard]] std::string mermaidText(const Topology& topology);

}  // namespace tributary::desktop
