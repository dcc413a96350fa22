// How links are told apart in charts and lists: a colour that the colour-blind can tell, and a line style besides.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QPen>
#include <QString>
#include <string>

namespace tributary::desktop {

/// Whether texts of this palette are light on dark.
[[nodiscard]] bool isDark(const QPalette& palette);
/// The pen of the `index`th link on a background of this palette; colours repeat after 8, styles make 24 different.
[[nodiscard]] QPen linkPen(int index, const QPalette& palette);
/// A short piece of that line.
[[nodiscard]] QIcon linkSwatch(int index, const QPalette& palette);
/// "sanfrancisco → newyork · customers" of two dataset paths; the whole paths when they are not of that kind.
[[nodiscard]] QString linkTitle(const std::string& from, const std::string& to);
/// A colour for warnings and failures that can be read on this palette; always beside a word or mark.
[[nodiscard]] QColor alertColour(const QPalette& palette);
[[nodiscard]] QColor goodColour(const QPalette& palette);

}  // namespace tributary::desktop
