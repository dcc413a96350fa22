// The text view.
#include "app/desktop/panels/textpanel.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QScopedValueRollback>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr int kCommitMs = 250;

/// Line numbers; the panel paints them.
class LineMargin final : public QWidget {
public:
    explicit LineMargin(TextPanel& panel) : QWidget(&panel), panel_(panel) {}

protected:
    void paintEvent(QPaintEvent* event) override { panel_.paintMargin(event); }

private:
    TextPanel& panel_;
};

int errorLine(const std::optional<Error>& error) {
    if (!error) return 0;
    static const QRegularExpression kPlace(u":(\\d+)(:\\d+)?$"_s);
    const auto match = kPlace.match(QString::fromStdString(error->where));
    return match.hasMatch() ? match.captured(1).toInt() : 1;
}

}  // namespace

YamlHighlighter::YamlHighlighter(const ThemeHolder& themes, QTextDocument* document)
    : QSyntaxHighlighter(document), themes_(themes) {}

void YamlHighlighter::highlightBlock(const QString& text) {
    const Theme& theme = themes_.theme();
    const auto paint = [&](const QRegularExpression& what, const QColor& colour, int group = 0) {
        for (auto it = what.globalMatch(text); it.hasNext();) {
            const auto match = it.next();
            setFormat(static_cast<int>(match.capturedStart(group)), static_cast<int>(match.capturedLength(group)),
                      colour);
        }
    };
    static const QRegularExpression kKey(u"([\\w./-]+)\\s*:(?=\\s|$)"_s);
    static const QRegularExpression kFigure(u"\\b\\d[\\w./]*\\b(?!\\s*:)"_s);
    static const QRegularExpression kFlag(u"\\b(true|false|yes|no)\\b"_s);
    static const QRegularExpression kQuoted(u"\"[^\"]*\"|'[^']*'"_s);
    static const QRegularExpression kComment(u"(?:^|\\s)(#.*)$"_s);
    paint(kFigure, theme.warn);
    paint(kKey, theme.accent, 1);
    paint(kFlag, theme.info);
    paint(kQuoted, theme.good);
    paint(kComment, theme.muted, 1);
}

TextPanel::TextPanel(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QWidget* parent)
    : QPlainTextEdit(parent),
      document_(document),
      selection_(selection),
      themes_(themes),
      highlighter_(new YamlHighlighter(themes, this->document())),
      margin_(new LineMargin(*this)) {
    setObjectName(u"text"_s);
    setAccessibleName(tr("Text of the drawing"));
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPixelSize(12);
    setFont(font);
    setStyleSheet(u"QPlainTextEdit { font-family: \"%1\"; font-size: 12px; }"_s.arg(font.family()));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setUndoRedoEnabled(false);  // the document's undo holds typing too
    setTabStopDistance(2 * fontMetrics().horizontalAdvance(u' '));
    commit_.setSingleShot(true);
    commit_.setInterval(kCommitMs);
    connect(&commit_, &QTimer::timeout, this, &TextPanel::commit);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (!taking_) commit_.start();
    });
    connect(this, &QPlainTextEdit::blockCountChanged, this, [this] { setViewportMargins(marginWidth(), 0, 0, 0); });
    connect(this, &QPlainTextEdit::updateRequest, this, [this] { margin_->update(); });
    connect(&document_, &DesktopDocument::textChanged, this, &TextPanel::takeText);
    connect(&document_, &DesktopDocument::stateChanged, this,
            [this] { setReadOnly(!document_.isOpen() || !document_.lock().isEmpty()); });
    connect(&selection_, &Selection::changed, this, &TextPanel::showSelected);
    connect(&themes_, &ThemeHolder::changed, this, [this] {
        highlighter_->rehighlight();
        markLines();
    });
    setViewportMargins(marginWidth(), 0, 0, 0);
    takeText();
}

void TextPanel::commit() {
    commit_.stop();
    const QScopedValueRollback guard(committing_, true);
    const QString typed = toPlainText();
    (void)document_.editText(typed.toStdString());  // a lock makes the view read-only before it could fail
    markLines();
}

void TextPanel::takeText() {
    if (committing_) return;
    commit_.stop();
    const QScopedValueRollback guard(taking_, true);
    const QString before = toPlainText();
    const QString after = QString::fromStdString(document_.text());
    if (before != after) {
        // Only what differs is replaced: the caret and the scroll position stay where they are.
        qsizetype head = 0;
        const qsizetype shortest = std::min(before.size(), after.size());
        while (head < shortest && before[head] == after[head]) ++head;
        qsizetype tail = 0;
        while (tail < shortest - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
        QTextCursor cursor(this->document());
        cursor.setPosition(static_cast<int>(head));
        cursor.setPosition(static_cast<int>(before.size() - tail), QTextCursor::KeepAnchor);
        cursor.insertText(after.mid(head, after.size() - head - tail));
    }
    markLines();
}

void TextPanel::markLines() {
    QList<QTextEdit::ExtraSelection> marks;
    const Theme& theme = themes_.theme();
    const auto mark = [&](int line, const QColor& colour) {
        QTextEdit::ExtraSelection one;
        one.format.setBackground(colour);
        one.format.setProperty(QTextFormat::FullWidthSelection, true);
        one.cursor = QTextCursor(this->document()->findBlockByNumber(line - 1));
        marks << one;
    };
    const SourcePos pos = positionOf(document_.topology(), selection_.single());
    if (pos.known() && !document_.textError()) mark(pos.line, theme.accentSoft);
    if (const int line = errorLine(document_.textError()); line > 0) mark(line, theme.badSoft);
    setExtraSelections(marks);
    margin_->update();
}

void TextPanel::showSelected() {
    markLines();
    const SourcePos pos = positionOf(document_.topology(), selection_.single());
    if (pos.known() && !hasFocus() && !document_.textError()) goTo(pos);
}

void TextPanel::goTo(const SourcePos& pos) {
    if (!pos.known()) return;
    QTextCursor cursor(this->document()->findBlockByNumber(pos.line - 1));
    cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor, std::max(0, pos.column - 1));
    setTextCursor(cursor);
    ensureCursorVisible();
}

int TextPanel::marginWidth() const {
    const int digits = std::max(3, static_cast<int>(QString::number(blockCount()).size()));
    return 18 + digits * fontMetrics().horizontalAdvance(u'0');
}

void TextPanel::paintMargin(QPaintEvent* event) {
    const Theme& theme = themes_.theme();
    QPainter painter(margin_);
    painter.fillRect(event->rect(), theme.window);
    painter.setFont(font());
    const int bad = errorLine(document_.textError());
    for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
        const QRectF box = blockBoundingGeometry(block).translated(contentOffset());
        if (box.top() > event->rect().bottom()) break;
        const int line = block.blockNumber() + 1;
        painter.setPen(line == bad ? theme.bad : theme.muted);
        painter.drawText(QRectF(0, box.top(), margin_->width() - 9, fontMetrics().height()),
                         static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
                         line == bad ? u"\u25b6 "_s + QString::number(line) : QString::number(line));
    }
}

void TextPanel::resizeEvent(QResizeEvent* event) {
    QPlainTextEdit::resizeEvent(event);
    const QRect room = contentsRect();
    margin_->setGeometry(room.left(), room.top(), marginWidth(), room.height());
}

bool TextPanel::event(QEvent* event) {
    // Undo and redo are the window's: without this the editor would swallow the keys.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            commit();
            event->ignore();
            return false;
        }
    }
    return QPlainTextEdit::event(event);
}

void TextPanel::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Tab && !isReadOnly()) {
        insertPlainText(u"  "_s);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

}  // namespace tributary::desktop
