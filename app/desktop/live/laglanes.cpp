// Packing labels into lanes.
#include "app/desktop/live/laglanes.h"

#include <algorithm>
#include <utility>

namespace tributary::desktop {

namespace {
constexpr double kApart = 6;
}

std::vector<LanePlace> placeInLanes(const std::vector<LaneLabel>& labels, int lanesMax, double left, double right) {
    std::vector<std::vector<std::pair<double, double>>> lanes(static_cast<std::size_t>(std::max(0, lanesMax)));
    std::vector<LanePlace> out;
    out.reserve(labels.size());
    for (const LaneLabel& label : labels) {
        LanePlace& place = out.emplace_back();
        if (label.width > right - left) continue;
        place.x = std::clamp(label.x, left, right - label.width);
        const double end = place.x + label.width;
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            const bool free = std::none_of(lanes[lane].begin(), lanes[lane].end(), [&](const auto& taken) {
                return place.x < taken.second + kApart && taken.first < end + kApart;
            });
            if (!free) continue;
            lanes[lane].emplace_back(place.x, end);
            place.lane = static_cast<int>(lane);
            break;
        }
    }
    return out;
}

int lanesUsed(const std::vector<LanePlace>& places) {
    int used = 0;
    for (const LanePlace& each : places) used = std::max(used, each.lane + 1);
    return used;
}

}  // namespace tributary::desktop
