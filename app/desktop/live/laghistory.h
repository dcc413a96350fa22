// The recent past of every link, with what happened meanwhile: what the lag chart draws.
#pragma once

#include <QString>
#include <map>
#include <string>
#include <vector>

#include "app/desktop/live/livevalues.h"
#include "core/telemetry/lagseries.h"

namespace tributary::desktop {

/// One link's past. The series keeps min and max in tiers: memory is bounded however long it runs.
struct LinkTrack {
    std::string from;
    std::string to;
    std::string part = {};  ///< "web · 0": a part of its link's dataset; empty: the link itself
    app::LinkRow last;      ///< as last seen
    Millis firstMs = 0;     ///< when a look first listed it
    Millis seenMs = 0;      ///< when a look last listed the link at all
    Millis knownMs = 0;     ///< when its lag was last known; 0 = never
    LagSeries series;

    [[nodiscard]] std::string linkId() const { return from + " -> " + to; }
    [[nodiscard]] std::string id() const { return part.empty() ? linkId() : linkId() + " # " + part; }
};

/// An instant worth a line on the time axis.
struct TimeMark {
    Millis atMs = 0;
    QString id;     ///< step id; short enough to stand at the line
    QString text;   ///< what happened, one line
    QString state;  ///< of a step: "started", "done", "failed", ...
};

/// Time during which a fault was in force.
struct FaultInterval {
    Millis fromMs = 0;
    Millis toMs = 0;  ///< 0 = still in force
    QString kind;     ///< "cut", "delay", ...
    QString text;
};

/// Fed by snapshots; plain data of the GUI thread. No widget, no clock of its own.
class LagHistory {
public:
    static constexpr std::size_t kMarksMax = 2'000;
    static constexpr std::size_t kFaultsMax = 500;
    static constexpr std::size_t kPartTracksMax = 256;  ///< of all links; a track takes up to half a megabyte

    void observe(const LiveSnapshot& snapshot);
    void mark(TimeMark mark);
    /// Forgets links, marks and faults: the workspace's engine was replaced.
    void clear();

    [[nodiscard]] const std::map<std::string, LinkTrack>& links() const { return links_; }
    /// Of a link, or of a part.
    [[nodiscard]] const LinkTrack* link(const std::string& id) const;
    /// Ids of a link's parts, those that lack most first; at most so many.
    [[nodiscard]] std::vector<std::string> partsOf(const std::string& linkId, std::size_t most) const;
    /// Ids of the `count` links that are worst in `figure` now: unknown before the largest value, ties by name.
    [[nodiscard]] std::vector<std::string> worst(LagFigure figure, std::size_t count) const;
    [[nodiscard]] const std::vector<TimeMark>& marks() const { return marks_; }
    [[nodiscard]] const std::vector<FaultInterval>& faults() const { return faults_; }
    /// When the last snapshot was taken; 0 = none yet.
    [[nodiscard]] Millis latestMs() const { return latestMs_; }
    /// The earliest time that any link knows about; 0 = none.
    [[nodiscard]] Millis oldestMs() const;

private:
    void observeLinks(const LiveSnapshot& snapshot);
    void observeParts(const LiveSnapshot& snapshot);
    void observeFaults(const LiveSnapshot& snapshot);

    std::map<std::string, LinkTrack> links_;
    std::map<std::string, LinkTrack> parts_;
    std::vector<TimeMark> marks_;
    std::vector<FaultInterval> faults_;
    Millis latestMs_ = 0;
};

/// The series' columns, with nothing known before the link was first seen: a coarse tier's bucket begins earlier than
/// the samples in it.
[[nodiscard]] std::vector<LagColumn> columnsOf(const LinkTrack& track, LagFigure figure, Millis fromMs, Millis toMs,
                                               std::size_t columnsMax);
/// The value of a figure in the newest look at a link; empty = unknown.
[[nodiscard]] std::optional<std::int64_t> newestFigure(const LinkTrack& track, LagFigure figure, Millis latestMs);

/// Where a backlog goes if it goes on like now: from `fromValue` at `fromMs` to nothing `forMs` later.
struct DrainForecast {
    Millis fromMs = 0;
    Millis forMs = 0;
    std::int64_t fromValue = 0;
};
/// Of what waits, for a figure that counts that; empty = nothing waits, no end is in sight, or what is known is old.
[[nodiscard]] std::optional<DrainForecast> drainForecast(const LinkTrack& track, LagFigure figure, Millis latestMs);

}  // namespace tributary::desktop
