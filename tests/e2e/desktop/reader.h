// Reads a program's widgets as a screen reader does: names, roles, states, places and texts over the accessibility bus.
#pragma once

#include <QDBusConnection>
#include <QRect>
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>
#include <vector>

namespace tributary::test {

/// One accessible object at the moment of looking. A value.
struct Widget {
    QString path;  ///< of the object on the bus
    QString name;
    QString description;
    QString role;  ///< "push button", "list item", "table cell", ...
    QRect rect;    ///< on the screen; empty when it has no place
    quint64 states = 0;
    int parent = -1;  ///< index into the same look

    [[nodiscard]] bool has(int state) const { return ((states >> state) & 1U) != 0; }
    [[nodiscard]] bool enabled() const { return has(8); }
    [[nodiscard]] bool focused() const { return has(12); }
    [[nodiscard]] bool selected() const { return has(23); }
    [[nodiscard]] bool checked() const { return has(4); }
    [[nodiscard]] bool showing() const { return has(25); }
    [[nodiscard]] bool visible() const { return has(30); }
};

/// Everything that shows, parents before children.
using Look = std::vector<Widget>;

class Reader {
public:
    Reader(const QString& busAddress, qint64 pid);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Whether the program has shown itself on the bus.
    [[nodiscard]] bool found();
    /// The whole tree of what shows. Empty when the program does not answer.
    [[nodiscard]] Look look();
    /// The text of an edit or a page.
    [[nodiscard]] QString textOf(const Widget& widget) const;

    /// Whether `index` is inside the widget of that name.
    [[nodiscard]] static bool isInside(const Look& look, std::size_t index, const QString& name);
    /// The tree in words, for when something was not found.
    [[nodiscard]] static QString inWords(const Look& look);

private:
    QDBusConnection bus_;
    QString busName_;
    qint64 pid_;
    QString service_;
};

}  // namespace tributary::test
