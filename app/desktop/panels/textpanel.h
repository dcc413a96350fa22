// topology.yaml beside the canvas, edited both ways.
#pragma once

#include <QPlainTextEdit>
#include <QSyntaxHighlighter>
#include <QTimer>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// Colours comments, keys, quoted text and figures of YAML.
class YamlHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT
public:
    YamlHighlighter(const ThemeHolder& themes, QTextDocument* document);

protected:
    void highlightBlock(const QString& text) override;

private:
    const ThemeHolder& themes_;
};

/// Typing becomes undo steps of the document; changes of the drawing come in as small patches, so that the caret
/// stays. The line of an error is marked.
class TextPanel final : public QPlainTextEdit {
    Q_OBJECT
public:
    TextPanel(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QWidget* parent = nullptr);
    void goTo(const SourcePos& pos);
    /// Hands typed text to the document at once instead of after a pause.
    void commit();
    /// Width of the line numbers; public for the margin that paints them.
    [[nodiscard]] int marginWidth() const;
    void paintMargin(QPaintEvent* event);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void takeText();
    void markLines();
    void showSelected();

    DesktopDocument& document_;
    Selection& selection_;
    const ThemeHolder& themes_;
    YamlHighlighter* highlighter_;
    QWidget* margin_;
    QTimer commit_;
    bool taking_ = false;
    bool committing_ = false;
};

}  // namespace tributary::desktop
