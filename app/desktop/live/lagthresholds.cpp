// Keeping the chart's limits.
#include "app/desktop/live/lagthresholds.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

LagLimits loadLimits(const QSettings& settings, const QString& unit, const LagLimits& otherwise) {
    const auto read = [&](const QString& name, std::int64_t fallback) {
        bool ok = false;
        const qint64 value = settings.value(u"lag/%1-%2"_s.arg(name, unit)).toLongLong(&ok);
        return ok && value >= 0 ? value : fallback;
    };
    return {read(u"warning"_s, otherwise.warning), read(u"critical"_s, otherwise.critical)};
}

void saveLimits(QSettings& settings, const QString& unit, const LagLimits& limits) {
    settings.setValue(u"lag/warning-%1"_s.arg(unit), static_cast<qlonglong>(limits.warning));
    settings.setValue(u"lag/critical-%1"_s.arg(unit), static_cast<qlonglong>(limits.critical));
}

}  // namespace

const LagLimits& LagThresholds::of(LagFigure figure) const {
    static const LagLimits kNone;
    if (figure == LagFigure::Idle || figure == LagFigure::PartsBehind) return kNone;
    if (figure == LagFigure::BytesPerS || figure == LagFigure::OperationsPerS) return kNone;
    if (figure == LagFigure::BytesPending) return bytes;
    return figure == LagFigure::OperationsPending ? operations : timeMs;
}

LagThresholds loadThresholds(const QSettings& settings) {
    const LagThresholds otherwise;
    return {loadLimits(settings, u"ms"_s, otherwise.timeMs), loadLimits(settings, u"bytes"_s, otherwise.bytes),
            loadLimits(settings, u"operations"_s, otherwise.operations)};
}

void saveThresholds(QSettings& settings, const LagThresholds& thresholds) {
    saveLimits(settings, u"ms"_s, thresholds.timeMs);
    saveLimits(settings, u"bytes"_s, thresholds.bytes);
    saveLimits(settings, u"operations"_s, thresholds.operations);
}

}  // namespace tributary::desktop
