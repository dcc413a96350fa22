// A note on the canvas: a text box that explains the drawing and changes nothing in it.
#pragma once

#include <QGraphicsTextItem>

#include "app/desktop/document/itemref.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class NoteItem final : public QGraphicsTextItem {
    Q_OBJECT
public:
    static constexpr double kWidth = 200;

    NoteItem(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    /// What the layout says; a text that is being edited stays. `width` 0: the usual one.
    void setNote(const QString& text, double width);
    [[nodiscard]] bool isEditing() const { return textInteractionFlags() != Qt::NoTextInteraction; }
    void edit();
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    enum { Type = UserType + 10 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    /// Editing is over; empty: the note is to go.
    void edited(const QString& text);

protected:
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void finish();

    const ThemeHolder& themes_;
    ItemRef ref_;
    QString text_;
};

}  // namespace tributary::desktop
