// Waiting for the first picture.
#include "app/desktop/shell/firstframe.h"

#include <QEvent>
#include <QTimer>

namespace tributary::desktop {

FirstFrame::FirstFrame(QWidget& window, std::function<void()> then)
    : QObject(&window), window_(window), then_(std::move(then)) {
    window_.installEventFilter(this);
}

bool FirstFrame::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &window_ && event->type() == QEvent::Paint) {
        window_.removeEventFilter(this);
        // A timer comes after what was posted before it: the window answers from then on.
        QTimer::singleShot(0, this, then_);
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace tributary::desktop
