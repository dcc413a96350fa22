// The value axis of a lag chart: linear, or symmetric-logarithmic with a lane for zero.
#pragma once

#include <QString>
#include <vector>

#include "core/telemetry/lagsample.h"

namespace tributary::desktop {

/// Maps values to places on an axis. SymLog keeps the sign and gives zero a place of its own: log10(1 + |value|).
struct LagScale {
    bool symLog = false;

    [[nodiscard]] double place(double value) const;
    [[nodiscard]] double value(double place) const;
    /// Values worth a tick between two places, `most` at most, ascending. Linear steps suit the figure's unit: a lag is
    /// cut at seconds and minutes, not at 50,000 ms.
    [[nodiscard]] std::vector<double> ticks(double fromPlace, double toPlace, int most, LagFigure figure) const;
};

/// The figure counts operations, not bytes or time.
[[nodiscard]] bool countsOperations(LagFigure figure);
/// A tick's label: "0", "250 ms", "2 min", "1.5 MB", "12 k", "3 MB/s".
[[nodiscard]] QString tickText(LagFigure figure, double value);

}  // namespace tributary::desktop
