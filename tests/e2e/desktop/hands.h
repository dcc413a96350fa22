// A mouse and a keyboard: events that the X server itself makes, as if from devices; and eyes for pixels.
#pragma once

#include <QByteArray>
#include <QPoint>
#include <QRect>
#include <QString>
#include <memory>

namespace tributary::test {

/// Pixels of the screen, three bytes each, row by row.
struct Picture {
    QSize size;
    QByteArray rgb;
    friend bool operator==(const Picture&, const Picture&) = default;
    /// How many pixels are not the same; -1 when the sizes differ.
    [[nodiscard]] int differingFrom(const Picture& other) const;
    /// As PNG; false when the file cannot be written.
    [[nodiscard]] bool save(const QString& path) const;
};

/// Sends real events through the XTEST extension; places are pixels of the screen. There is no window manager, so
/// before keys are sent the top window gets the keyboard, as a manager would see to.
class Hands {
public:
    explicit Hands(const QString& display);
    ~Hands();
    Hands(const Hands&) = delete;
    Hands& operator=(const Hands&) = delete;
    [[nodiscard]] bool ok() const;

    enum class Button { Left = 1, Middle = 2, Right = 3, WheelUp = 4, WheelDown = 5 };
    void moveTo(const QPoint& at);
    void press(Button button = Button::Left);
    void release(Button button = Button::Left);
    void click(const QPoint& at, Button button = Button::Left);
    void doubleClick(const QPoint& at);
    /// Presses, moves in steps as a hand does; the button stays down.
    void dragTo(const QPoint& from, const QPoint& to);

    /// Letters, digits and signs of the Latin-1 set, one key stroke each.
    void type(const QString& text);
    /// "Ctrl+Shift+C", "Return", "F10", "Down", "Alt+F". False when a name is not known.
    bool key(const QString& combination);
    /// Gives the keyboard to the top window, as a window manager does for one that appears.
    void focusTop();

    /// Whether a menu or a list of choices hangs over the windows.
    [[nodiscard]] bool popupShown() const;

    [[nodiscard]] Picture look(const QRect& where) const;

private:
    struct Screen;
    void stroke(unsigned long symbol);
    [[nodiscard]] unsigned long topWindow(bool popup) const;
    std::unique_ptr<Screen> screen_;
};

}  // namespace tributary::test
