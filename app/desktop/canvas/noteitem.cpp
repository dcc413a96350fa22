// Painting and editing notes.
#include "app/desktop/canvas/noteitem.h"

#include <QGraphicsSceneMouseEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QTextCursor>

#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/style/icons.h"

namespace tributary::desktop {

namespace {
constexpr double kNoteZ = 5;  ///< over frames, under links and cards' heads
constexpr double kFold = 12;
constexpr double kEdge = 6;
}  // namespace

NoteItem::NoteItem(const ThemeHolder& themes, ItemRef ref) : themes_(themes), ref_(std::move(ref)) {
    setFlags(ItemIsMovable | ItemIsSelectable | ItemSendsGeometryChanges);
    setZValue(kNoteZ);
    setFont(canvasFont(12));
    setTextInteractionFlags(Qt::NoTextInteraction);
}

void NoteItem::setNote(const QString& text, double width) {
    setTextWidth(width > 0 ? width : kWidth);
    if (text == text_ || isEditing()) return;
    text_ = text;
    setPlainText(text);
    setToolTip(text);
}

void NoteItem::edit() {
    setTextInteractionFlags(Qt::TextEditorInteraction);
    setFocus(Qt::OtherFocusReason);
    QTextCursor cursor = textCursor();
    cursor.select(QTextCursor::Document);
    setTextCursor(cursor);
}

void NoteItem::finish() {
    if (!isEditing()) return;
    setTextInteractionFlags(Qt::NoTextInteraction);
    QTextCursor cursor = textCursor();
    cursor.clearSelection();
    setTextCursor(cursor);
    const QString typed = toPlainText().trimmed();
    if (typed != text_) emit edited(typed);
}

void NoteItem::focusOutEvent(QFocusEvent* event) {
    QGraphicsTextItem::focusOutEvent(event);
    finish();
}

void NoteItem::keyPressEvent(QKeyEvent* event) {
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Escape) setPlainText(text_);  // as it was
    if (event->key() == Qt::Key_Escape || (isEnter && event->modifiers().testFlag(Qt::ControlModifier))) {
        clearFocus();
        event->accept();
        return;
    }
    QGraphicsTextItem::keyPressEvent(event);
}

void NoteItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    if (isEditing()) return QGraphicsTextItem::mouseDoubleClickEvent(event);
    edit();
    event->accept();
}

QRectF NoteItem::boundingRect() const {
    return QGraphicsTextItem::boundingRect().adjusted(-kEdge, -kEdge, kEdge, kEdge);
}

QPainterPath NoteItem::shape() const {
    QPainterPath out;
    out.addRect(boundingRect());
    return out;
}

void NoteItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) {
    const Theme& theme = themes_.theme();
    const QRectF box = boundingRect().adjusted(1, 1, -1, -1);
    QPainterPath paper(box.topLeft());
    paper.lineTo(box.topRight());
    paper.lineTo(box.bottomRight() - QPointF(0, kFold));
    paper.lineTo(box.bottomRight() - QPointF(kFold, 0));
    paper.lineTo(box.bottomLeft());
    paper.closeSubpath();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(isSelected() || isEditing() ? theme.accent : theme.warn, isSelected() ? 2 : 1));
    painter->setBrush(theme.warnSoft);
    painter->drawPath(paper);
    painter->drawPolyline(QPolygonF({box.bottomRight() - QPointF(0, kFold), box.bottomRight() - QPointF(kFold, kFold),
                                     box.bottomRight() - QPointF(kFold, 0)}));
    if (detailOf(*painter) == Detail::Dots) return;
    if (defaultTextColor() != theme.text) setDefaultTextColor(theme.text);
    QStyleOptionGraphicsItem plain(*option);
    plain.state.setFlag(QStyle::State_Selected, false);  // its own frame says so
    plain.state.setFlag(QStyle::State_HasFocus, false);
    QGraphicsTextItem::paint(painter, &plain, widget);
}

}  // namespace tributary::desktop
