// The colours and measures of the window, by meaning; nobody else names a colour.
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>
#include <QString>

namespace tributary::desktop {

enum class ThemeKind { Light, Dark, Contrast };

/// One theme. A status has a colour and, wherever it is shown, a shape or a word too.
struct Theme {
    ThemeKind kind = ThemeKind::Light;
    QColor window;  ///< behind docks
    QColor panel;   ///< docks, lists
    QColor raised;  ///< cards, fields, menus
    QColor hover;
    QColor border;
    QColor borderStrong;
    QColor text;
    QColor muted;  ///< secondary text; readable at 4.5:1
    QColor accent;
    QColor accentSoft;  ///< selection behind text
    QColor onAccent;
    QColor canvas;
    QColor grid;
    QColor cluster;  ///< a cluster's frame, filled
    QColor clusterHead;
    QColor link;  ///< a whole link
    QColor good;
    QColor warn;
    QColor bad;
    QColor info;
    QColor goodSoft;
    QColor warnSoft;
    QColor badSoft;
    QColor infoSoft;
    QColor shadow;

    [[nodiscard]] bool isDark() const { return kind != ThemeKind::Light; }
};

[[nodiscard]] Theme makeTheme(ThemeKind kind);
[[nodiscard]] QPalette paletteOf(const Theme& theme);
/// The style sheet of the whole window.
[[nodiscard]] QString styleSheetOf(const Theme& theme);

/// The theme in use; everything that paints keeps a reference and repaints at changed().
class ThemeHolder final : public QObject {
    Q_OBJECT
public:
    explicit ThemeHolder(ThemeKind kind, QObject* parent = nullptr);
    [[nodiscard]] const Theme& theme() const { return theme_; }
    void setKind(ThemeKind kind);

signals:
    void changed();

private:
    Theme theme_;
};

/// Sets palette, style sheet and font of the application.
void applyTheme(const Theme& theme);
/// What the system asks for: dark when its palette is dark.
[[nodiscard]] ThemeKind systemTheme();

}  // namespace tributary::desktop
