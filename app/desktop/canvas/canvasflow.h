// The calm movement on links through which something passes.
#pragma once

#include <QTimer>
#include <functional>

namespace tributary::desktop {

/// A clock that runs only while something moves: idle windows repaint nothing. GUI thread.
class CanvasFlow final : public QObject {
    Q_OBJECT
public:
    static constexpr int kTickMs = 80;
    static constexpr double kPixelsPerTick = 3;
    /// More links than this in motion are no longer calm, and cost frames: then none moves.
    static constexpr int kLinksMost = 150;

    /// `advance` moves what flows to a place, in pixels, and says how many links that are; below 0 it ends.
    explicit CanvasFlow(std::function<int(double)> advance);

    void setOn(bool on);
    [[nodiscard]] bool isOn() const { return isOn_; }
    /// Something that was observed changed: there may be something to move.
    void consider();
    [[nodiscard]] bool isMoving() const { return timer_.isActive(); }

private:
    void tick();
    void stop();

    std::function<int(double)> advance_;
    QTimer timer_;
    double place_ = 0;
    bool isOn_ = true;
};

}  // namespace tributary::desktop
