// Lag curves as text: a chart for `run` and `watch`, and a sparkline for one line of a list.
#pragma once

#include <string>

#include "core/telemetry/lagseries.h"

namespace tributary {

enum class ChartGlyphs { Unicode, Ascii };
enum class ChartScale {
    Linear,
    Log  ///< symmetric logarithm with a lane for zero: 1 ms and 10 min on one picture
};

struct LagChartOptions {
    LagFigure figure = LagFigure::Lag;
    Millis fromMs = 0;        ///< left edge, UTC
    Millis toMs = 0;          ///< right edge, UTC ("now")
    std::size_t width = 72;   ///< columns of the whole chart, axis included; at least 25
    std::size_t height = 10;  ///< lines of the whole chart: title, plot, axis and times; at least 5
    ChartGlyphs glyphs = ChartGlyphs::Unicode;
    ChartScale scale = ChartScale::Linear;
};

/// `height` lines, each ended by a newline, none wider than `width`. The title tells the figure, its newest value, or
/// "unknown" when there is none or when it is stale. Known time has a solid base line, and zero is drawn on the lowest
/// line; unknown time is a gap with a broken base line. Negative values (clock skew) are drawn as zero and named in the
/// title.
[[nodiscard]] std::string renderLagChart(const LagSeries& series, const LagChartOptions& options);

/// One cell per column, `width` cells wide, scaled to the largest value; a known zero is the lowest mark, unknown a
/// blank.
[[nodiscard]] std::string renderSparkline(const LagSeries& series, LagFigure figure, Millis fromMs, Millis toMs,
                                          std::size_t width, ChartGlyphs glyphs);

}  // namespace tributary
