// Lag curves as text: a chart for `run` and `watch`, and a sparkline for one line of a list.
#include "core/telemetry/lagchart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "core/telemetry/humanunits.h"

namespace tributary {

namespace {

constexpr std::size_t kLevels = 8;       // heights within one cell
constexpr std::size_t kLabelWidth = 13;  // "59 min 59 s", a blank, the axis

struct Glyphs {
    std::array<std::string_view, kLevels + 1> fill;  // fill[0] is nothing
    std::string_view axis;
    std::string_view corner;
    std::string_view known;    // base line under known time
    std::string_view unknown;  // base line under a gap
};

const Glyphs& glyphsOf(ChartGlyphs kind) {
    static constexpr Glyphs kUnicode{{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}, "│", "└", "─", "┄"};
    static constexpr Glyphs kAscii{{" ", "_", "_", ".", ".", ":", ":", "#", "#"}, "|", "+", "-", "?"};
    return kind == ChartGlyphs::Unicode ? kUnicode : kAscii;
}

/// A value as a share of the largest one, 0 to 1.
double share(std::int64_t value, std::int64_t top, ChartScale scale) {
    const auto shown = static_cast<double>(std::max<std::int64_t>(value, 0));
    const auto full = static_cast<double>(std::max<std::int64_t>(top, 1));
    return scale == ChartScale::Linear ? shown / full : std::log1p(shown) / std::log1p(full);
}

/// The value at a share of the height: the label of a line.
std::int64_t valueAt(double part, std::int64_t top, ChartScale scale) {
    const auto full = static_cast<double>(std::max<std::int64_t>(top, 1));
    const double value = scale == ChartScale::Linear ? part * full : std::expm1(part * std::log1p(full));
    return static_cast<std::int64_t>(std::llround(value));
}

/// Eighths of cells that a value fills. A known value fills at least one: zero is not a gap.
std::size_t eighths(std::int64_t value, std::int64_t top, ChartScale scale, std::size_t lines) {
    const auto most = lines * kLevels;
    const auto filled = std::llround(share(value, top, scale) * static_cast<double>(most));
    return std::clamp<std::size_t>(static_cast<std::size_t>(filled), 1, most);
}

std::int64_t largest(const std::vector<LagColumn>& columns) {
    std::int64_t top = 0;
    for (const LagColumn& column : columns) top = std::max(top, column.max.value_or(0));
    return top;
}

std::string title(const std::vector<LagColumn>& columns, const LagChartOptions& options, std::int64_t top) {
    std::int64_t lowest = 0;
    for (const LagColumn& column : columns) lowest = std::min(lowest, column.min.value_or(0));
    const bool known = !columns.empty() && columns.back().last.has_value();
    const auto now = known ? columns.back().last : std::nullopt;
    std::string text = fmt::format("{} {}", figureName(options.figure), figureText(options.figure, now));
    if (top > 0) text += fmt::format(", max {}", figureText(options.figure, top));
    if (lowest < 0) text += fmt::format(", clock skew {}", figureText(options.figure, lowest));
    return text.substr(0, options.width);
}

std::string plotLine(const std::vector<LagColumn>& columns, std::size_t line, std::size_t lines, std::int64_t top,
                     const LagChartOptions& options, const Glyphs& glyphs) {
    // Labels at the top, the middle and the bottom; in between the axis alone.
    const bool labelled = line == 0 || line + 1 == lines || (lines >= 5 && line == lines / 2);
    const double part = line + 1 == lines ? 0.0 : static_cast<double>(lines - line) / static_cast<double>(lines);
    std::string label = labelled ? figureText(options.figure, valueAt(part, top, options.scale)) : std::string();
    // A small scale has no value of its own for the middle.
    if (line != 0 && part > 0 && label == figureText(options.figure, top)) label.clear();
    std::string out = fmt::format("{:>{}.{}} {}", label, kLabelWidth - 2, kLabelWidth - 2, glyphs.axis);
    const std::size_t below = (lines - 1 - line) * kLevels;
    for (const LagColumn& column : columns) {
        const std::size_t filled = column.max ? eighths(*column.max, top, options.scale, lines) : 0;
        out += glyphs.fill[filled > below ? std::min(filled - below, kLevels) : 0];
    }
    return out;
}

std::string timeLine(const LagChartOptions& options, std::size_t plotWidth) {
    const std::string left = "-" + humanDuration(options.toMs - options.fromMs);
    const std::string right = "now";
    const std::string indent(kLabelWidth, ' ');
    const std::size_t used = left.size() + right.size();
    // Too narrow for both: the right edge is what people take for granted.
    if (used >= plotWidth) return indent + left.substr(0, plotWidth);
    return indent + left + std::string(plotWidth - used, ' ') + right;
}

}  // namespace

std::string renderLagChart(const LagSeries& series, const LagChartOptions& wanted) {
    LagChartOptions options = wanted;
    options.width = std::max<std::size_t>(options.width, 25);
    options.height = std::max<std::size_t>(options.height, 5);
    const std::size_t plotWidth = options.width - kLabelWidth;
    const std::size_t lines = options.height - 3;  // title, base line, times
    const auto columns = series.query(options.figure, options.fromMs, options.toMs, plotWidth);
    const std::int64_t top = std::max<std::int64_t>(largest(columns), 1);
    const Glyphs& glyphs = glyphsOf(options.glyphs);

    std::string out = title(columns, options, largest(columns)) + "\n";
    for (std::size_t line = 0; line < lines; ++line) {
        out += plotLine(columns, line, lines, top, options, glyphs) + "\n";
    }
    out += std::string(kLabelWidth - 1, ' ') + std::string(glyphs.corner);
    for (const LagColumn& column : columns) out += column.max ? glyphs.known : glyphs.unknown;
    out += "\n" + timeLine(options, plotWidth) + "\n";
    return out;
}

std::string renderSparkline(const LagSeries& series, LagFigure figure, Millis fromMs, Millis toMs, std::size_t width,
                            ChartGlyphs glyphs) {
    static constexpr std::array<std::string_view, kLevels + 1> kAscii{" ", "_", ".", "-", ":", "=", "+", "*", "#"};
    const auto columns = series.query(figure, fromMs, toMs, width);
    const std::int64_t top = std::max<std::int64_t>(largest(columns), 1);
    const auto& marks = glyphs == ChartGlyphs::Unicode ? glyphsOf(glyphs).fill : kAscii;
    std::string out;
    for (const LagColumn& column : columns) {
        out += marks[column.max ? eighths(*column.max, top, ChartScale::Linear, 1) : 0];
    }
    return out;
}

}  // namespace tributary
