// The drawing, a plan or a report on pages: what is printed and what a PDF holds.
#pragma once

#include <QPagedPaintDevice>
#include <QString>

#include "app/desktop/canvas/canvasscene.h"

namespace tributary::desktop {

/// The whole drawing on one page, as large as it fits, under a line with `title` and `when`. The page lies on its side
/// when the drawing is wide. The scene is painted in its theme: the caller takes a light one. Errors: Conflict when
/// nothing is drawn; Io when the device cannot be painted on.
[[nodiscard]] Status paintDrawing(CanvasScene& scene, QPagedPaintDevice& device, const QString& title,
                                  const QString& when);

/// Text that is read on a screen, on as many pages as it takes.
struct PaperText {
    enum class Form { Markdown, Plain };
    QString title;  ///< above a plain text
    QString text;
    Form form = Form::Markdown;
};
void paintText(const PaperText& text, QPagedPaintDevice& device);

}  // namespace tributary::desktop
