// Where labels of instants stand in a chart: in lanes, so that none covers another and none is cut off.
#pragma once

#include <vector>

namespace tributary::desktop {

struct LaneLabel {
    double x = 0;      ///< where its instant is, in pixels
    double width = 0;  ///< of its text
};

struct LanePlace {
    int lane = -1;  ///< counted from the first; -1: there is no room, the text is not shown
    double x = 0;   ///< left edge of its text: at its instant, or further left where the chart ends
};

/// A place for each label, in their order. Between two labels of a lane some pixels stay free. A label that is wider
/// than the chart has no place.
[[nodiscard]] std::vector<LanePlace> placeInLanes(const std::vector<LaneLabel>& labels, int lanesMax, double left,
                                                  double right);

/// How many lanes the places use.
[[nodiscard]] int lanesUsed(const std::vector<LanePlace>& places);

}  // namespace tributary::desktop
