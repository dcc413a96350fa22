// Places and ticks.
#include "app/desktop/live/lagscale.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

bool isTime(LagFigure figure) {
    return figure == LagFigure::Lag || figure == LagFigure::TransportLag || figure == LagFigure::ApplyLag ||
           figure == LagFigure::Idle;
}

double niceStep(double wanted, LagFigure figure) {
    static const std::array<double, 12> kTimeMs{1'000,  2'000,   5'000,   10'000,  15'000,    30'000,
                                                60'000, 120'000, 300'000, 600'000, 1'800'000, 3'600'000};
    if (isTime(figure) && wanted > 500) {
        const auto at = std::lower_bound(kTimeMs.begin(), kTimeMs.end(), wanted);
        if (at != kTimeMs.end()) return *at;
        return std::ceil(wanted / kTimeMs.back()) * kTimeMs.back();
    }
    const double power = std::pow(10.0, std::floor(std::log10(std::max(wanted, 1e-9))));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (wanted <= factor * power) return std::max(1.0, factor * power);  // figures are whole numbers
    }
    return 10 * power;
}

}  // namespace

bool countsOperations(LagFigure figure) {
    return figure == LagFigure::PartsBehind || figure == LagFigure::OperationsPending ||
           figure == LagFigure::OperationsPerS;
}

double LagScale::place(double value) const {
    if (!symLog) return value;
    return value < 0 ? -std::log10(1 - value) : std::log10(1 + value);
}

double LagScale::value(double place) const {
    if (!symLog) return place;
    return place < 0 ? 1 - std::pow(10.0, -place) : std::pow(10.0, place) - 1;
}

std::vector<double> LagScale::ticks(double fromPlace, double toPlace, int most, LagFigure figure) const {
    std::vector<double> out;
    if (!(toPlace > fromPlace) || most < 1) return out;
    if (!symLog) {
        const double step = niceStep((toPlace - fromPlace) / most, figure);
        for (double at = std::ceil(fromPlace / step) * step; at <= toPlace && out.size() < 100; at += step) {
            out.push_back(std::abs(at) < step / 2 ? 0.0 : at);
        }
        return out;
    }
    const int decades = std::max(1, static_cast<int>(std::ceil(std::max(toPlace, -fromPlace))));
    const int stride = std::max(1, (decades + most - 1) / most);
    for (int power = decades; power >= 1; --power) {
        if (power % stride != 0) continue;
        const double value = -std::pow(10.0, power);
        if (place(value) >= fromPlace) out.push_back(value);
    }
    if (fromPlace <= 0 && toPlace >= 0) out.push_back(0);
    for (int power = 0; power <= decades; ++power) {
        if (power % stride != 0 || (power == 0 && stride > 1)) continue;
        const double value = std::pow(10.0, power);
        if (place(value) <= toPlace) out.push_back(value);
    }
    return out;
}

QString tickText(LagFigure figure, double value) {
    const double rounded = std::round(value);
    if (rounded == 0) return u"0"_s;
    const auto magnitude = static_cast<std::uint64_t>(std::abs(rounded));
    QString text;
    if (isTime(figure)) {
        text = toQt(humanDuration(static_cast<Millis>(magnitude)));
    } else {
        const bool bytes = figure == LagFigure::BytesPending || figure == LagFigure::BytesPerS;
        text = toQt(bytes ? humanBytes(magnitude) : humanCount(magnitude));
        if (figure == LagFigure::BytesPerS || figure == LagFigure::OperationsPerS) text += u"/s"_s;
    }
    text.replace(u".0 "_s, u" "_s);
    for (const QString& nothing : {u" 00 s"_s, u" 00 min"_s}) {
        if (text.endsWith(nothing)) text.chop(nothing.size());
    }
    return rounded < 0 ? u'−' + text : text;
}

}  // namespace tributary::desktop
