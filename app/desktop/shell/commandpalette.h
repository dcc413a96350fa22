// Ctrl+K: every command and every item of the drawing by a few letters.
#pragma once

#include <QFrame>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <functional>
#include <vector>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

struct PaletteEntry {
    QString text;
    QString detail;  ///< a shortcut, or what kind of item it is
    QString icon;
    std::function<void()> run;
};

/// How well `typed` fits `text`: letters in order, better when they begin words and stand together; negative: not at
/// all.
[[nodiscard]] int fuzzyScore(const QString& typed, const QString& text);

class CommandPalette final : public QFrame {
    Q_OBJECT
public:
    CommandPalette(const ThemeHolder& themes, QWidget& window);
    /// Opens over the window's upper part with these entries.
    void open(std::vector<PaletteEntry> entries);
    [[nodiscard]] QLineEdit& input() { return *input_; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter();
    void run();
    void leave();
    void place();

    const ThemeHolder& themes_;
    QWidget& window_;
    QLineEdit* input_;
    QListWidget* list_;
    QPointer<QWidget> before_;  ///< had the keyboard before the palette opened
    std::vector<PaletteEntry> entries_;
};

}  // namespace tributary::desktop
