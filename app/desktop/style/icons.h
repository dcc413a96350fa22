// Line icons, drawn in the theme's colours at any size; compiled in, so that nothing needs to be installed.
#pragma once

#include <QIcon>
#include <QPainter>
#include <QString>

#include "app/desktop/style/theme.h"
#include "core/rules/rule.h"

namespace tributary::desktop {

/// The icon of that name ("undo", "cluster", ...) in the theme's text colour; a null icon when there is none.
[[nodiscard]] QIcon iconOf(const QString& name, const Theme& theme);
/// The same in another colour.
[[nodiscard]] QIcon iconOf(const QString& name, const QColor& colour);
/// Paints it at once; sharp at every zoom.
void paintIcon(QPainter& painter, const QString& name, const QRectF& where, const QColor& colour);

/// A severity's icon: its shape tells it apart without colour (octagon, triangle, circle).
[[nodiscard]] QString severityIcon(Severity severity);
[[nodiscard]] QColor severityColour(Severity severity, const Theme& theme);

}  // namespace tributary::desktop
