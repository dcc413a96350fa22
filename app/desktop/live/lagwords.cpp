// Highest and newest values of the columns on show.
#include "app/desktop/live/lagwords.h"

#include <QCoreApplication>
#include <algorithm>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr std::size_t kWordColumns = 600;

QString trWords(const char* text) {
    return QCoreApplication::translate("LagWords", text);
}

QString figureWords(const LinkTrack& track, LagFigure figure, Millis latestMs, Millis fromMs, Millis toMs) {
    std::optional<std::int64_t> highest;
    for (const LagColumn& column : columnsOf(track, figure, fromMs, toMs, kWordColumns)) {
        if (column.max) highest = std::max(highest.value_or(*column.max), *column.max);
    }
    const auto now = newestFigure(track, figure, latestMs);
    const auto said = [&](const std::optional<std::int64_t>& value) {
        return value ? toQt(figureText(figure, value)) : trWords("unknown");
    };
    return trWords("%1 now %2, highest %3").arg(toQt(figureName(figure)), said(now), said(highest));
}

}  // namespace

QString lagInWords(const LagHistory& history, const std::vector<std::string>& ids, const LagView& view, Millis fromMs,
                   Millis toMs) {
    QStringList lines;
    for (const std::string& id : ids) {
        const LinkTrack* track = history.link(id);
        if (track == nullptr) continue;
        lines << u"%1: %2; %3"_s.arg(linkTitle(track->from, track->to),
                                     figureWords(*track, view.behind, history.latestMs(), fromMs, toMs),
                                     figureWords(*track, view.backlog, history.latestMs(), fromMs, toMs));
        if (const std::string note = app::linkNote(track->last); !note.empty()) lines.back() += u"; "_s + toQt(note);
    }
    if (lines.isEmpty()) lines << trWords("No link has told its lag yet.");
    QStringList steps;
    for (const TimeMark& mark : history.marks()) {
        if (mark.atMs >= fromMs && mark.atMs < toMs && mark.state == u"started") steps << mark.id;
    }
    if (!steps.isEmpty()) lines << trWords("Steps begun: %1").arg(steps.join(u", "_s));
    for (const FaultInterval& fault : history.faults()) {
        if (fault.fromMs >= toMs || (fault.toMs != 0 && fault.toMs < fromMs)) continue;
        const QString length = toQt(humanDuration((fault.toMs == 0 ? toMs : fault.toMs) - fault.fromMs));
        lines << (fault.toMs == 0 ? trWords("Fault in force: %1, for %2") : trWords("Fault over: %1, lasted %2"))
                     .arg(fault.text, length);
    }
    return lines.join(u'\n');
}

}  // namespace tributary::desktop
