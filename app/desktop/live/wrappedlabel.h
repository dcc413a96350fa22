// A label of several lines that is never cut.
#pragma once

#include <QLabel>
#include <QResizeEvent>

namespace tributary::desktop {

/// Wraps its words and claims the height that its width needs. Layouts inside splitters and docks do not pass a
/// wrapped label's height for width upwards, so that a plain one loses its last lines there.
class WrappedLabel final : public QLabel {
public:
    explicit WrappedLabel(QWidget* parent = nullptr) : QLabel(parent) {
        setWordWrap(true);
        setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    /// Hides QLabel's: the height is claimed anew.
    void setText(const QString& text) {
        QLabel::setText(text);
        claim();
    }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QLabel::resizeEvent(event);
        if (event->oldSize().width() != width()) claim();
    }

private:
    void claim() {
        setMinimumHeight(0);  // what was claimed before would count as needed
        if (!text().isEmpty()) setMinimumHeight(heightForWidth(width()));
    }
};

}  // namespace tributary::desktop
