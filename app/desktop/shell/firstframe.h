// Tells when a window that was just opened can be used.
#pragma once

#include <QObject>
#include <QWidget>
#include <functional>

namespace tributary::desktop {

/// Calls `then` once: after the window's first picture is painted and the events that waited behind it are handled.
/// Dies with the window.
class FirstFrame final : public QObject {
    Q_OBJECT
public:
    FirstFrame(QWidget& window, std::function<void()> then);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& window_;
    std::function<void()> then_;
};

}  // namespace tributary::desktop
