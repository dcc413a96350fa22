// Ticks while something moves.
#include "app/desktop/canvas/canvasflow.h"

#include <cmath>
#include <utility>

namespace tributary::desktop {

namespace {
constexpr double kComesBackAfter = 1e6;  ///< pixels: exact, and no jump that anybody sees in hours
}

CanvasFlow::CanvasFlow(std::function<int(double)> advance) : advance_(std::move(advance)) {
    timer_.setInterval(kTickMs);
    connect(&timer_, &QTimer::timeout, this, &CanvasFlow::tick);
}

void CanvasFlow::setOn(bool on) {
    if (on == isOn_) return;
    isOn_ = on;
    if (on) {
        consider();
    } else {
        stop();
    }
}

void CanvasFlow::consider() {
    if (isOn_ && !timer_.isActive()) tick();
}

void CanvasFlow::tick() {
    place_ = std::fmod(place_ + kPixelsPerTick, kComesBackAfter);
    const int moved = advance_(place_);
    if (moved == 0 || moved > kLinksMost) {
        stop();
    } else if (!timer_.isActive()) {
        timer_.start();
    }
}

void CanvasFlow::stop() {
    timer_.stop();
    (void)advance_(-1);
}

}  // namespace tributary::desktop
