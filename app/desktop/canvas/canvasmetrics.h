// Sizes of the canvas at 100 %, in pixels, and the zooms at which detail comes and goes.
#pragma once

namespace tributary::desktop::metrics {

inline constexpr double kGrid = 8;
inline constexpr double kHeader = 44;  ///< a cluster's head
inline constexpr double kPadding = 16;
inline constexpr double kCardWidth = 208;  ///< a dataset
inline constexpr double kCardHeight = 56;
inline constexpr double kCardGap = 12;
inline constexpr double kFrameWidthMin = kCardWidth + 2 * kPadding;
inline constexpr double kMemberGap = 232;  ///< between two members: two arrows with their labels
inline constexpr double kMemberTop = 28;
inline constexpr double kMemberRow = 72;
inline constexpr double kGatewayRow = 28;
inline constexpr double kGatewayRadius = 8;
inline constexpr double kCollapsedHeight = kHeader + 32;
inline constexpr double kHandleRadius = 7;  ///< where a link is drawn from
inline constexpr int kCardsPerColumn = 8;

inline constexpr double kFullDetailZoom = 0.7;  ///< from here on: everything
inline constexpr double kCardDetailZoom = 0.3;  ///< from here on: cards with names; below: dots and lines

}  // namespace tributary::desktop::metrics
