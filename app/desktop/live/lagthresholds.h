// From where on lag is worth a warning or is critical: the bands of the lag chart.
#pragma once

#include <QSettings>

#include "core/telemetry/lagsample.h"

namespace tributary::desktop {

/// Two limits of one unit; 0 = none.
struct LagLimits {
    std::int64_t warning = 0;
    std::int64_t critical = 0;
    friend bool operator==(const LagLimits&, const LagLimits&) = default;
};

/// Our own figures, not the vendor's: the alarm of the system has a limit of its own.
struct LagThresholds {
    LagLimits timeMs{10'000, 60'000};
    LagLimits bytes{0, 0};
    LagLimits operations{0, 0};
    friend bool operator==(const LagThresholds&, const LagThresholds&) = default;

    /// The limits that count for a figure, in its unit; none for rates: no rate is too high by itself.
    [[nodiscard]] const LagLimits& of(LagFigure figure) const;
};

/// What was saved; the default where nothing or nonsense was.
[[nodiscard]] LagThresholds loadThresholds(const QSettings& settings);
void saveThresholds(QSettings& settings, const LagThresholds& thresholds);

}  // namespace tributary::desktop
