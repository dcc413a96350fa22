// Ranking and texts of links.
#include "app/desktop/live/lagtable.h"

#include <algorithm>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr Millis kStaleMs = 3'000;
constexpr std::size_t kPartsShown = 16;  ///< of each link

}  // namespace

void LagTable::setFigures(LagFigure behind, LagFigure backlog) {
    behind_ = behind;
    backlog_ = backlog;
    refresh();
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

void LagTable::setCount(int worst) {
    count_ = worst;
    refresh();
}

void LagTable::refresh() {
    for (const auto& [id, track] : history_.links()) {
        if (std::find(pens_.begin(), pens_.end(), id) == pens_.end()) pens_.push_back(id);
    }
    auto fresh = wantedIds();
    for (const std::string& id : fresh) {
        if (std::find(pens_.begin(), pens_.end(), id) == pens_.end()) pens_.push_back(id);
    }
    auto sameSet = ids_;
    auto freshSet = fresh;
    std::sort(sameSet.begin(), sameSet.end());
    std::sort(freshSet.begin(), freshSet.end());
    if (sameSet != freshSet) {
        beginResetModel();
        // All links fit: they keep the order of their names, and nothing moves under the eye.
        const bool fits = history_.links().size() <= static_cast<std::size_t>(count_);
        ids_ = fits && backlog_ != LagFigure::PartsBehind ? freshSet : fresh;
        endResetModel();
    } else if (!ids_.empty()) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

std::vector<std::string> LagTable::wantedIds() const {
    std::vector<std::string> links = history_.worst(behind_, static_cast<std::size_t>(count_));
    if (backlog_ != LagFigure::PartsBehind) return links;
    if (history_.links().size() <= static_cast<std::size_t>(count_)) std::sort(links.begin(), links.end());
    std::vector<std::string> out;
    for (const std::string& link : links) {
        out.push_back(link);
        std::vector<std::string> parts = history_.partsOf(link, kPartsShown);
        std::move(parts.begin(), parts.end(), std::back_inserter(out));
    }
    return out;
}

int LagTable::penOf(const std::string& id) const {
    return static_cast<int>(std::find(pens_.begin(), pens_.end(), id) - pens_.begin());
}

bool LagTable::isStale(const std::string& id) const {
    const LinkTrack* track = history_.link(id);
    if (track == nullptr || history_.latestMs() - track->seenMs > kStaleMs) return true;
    if (!track->part.empty()) return !newestFigure(*track, LagFigure::PartsBehind, history_.latestMs());
    return !track->last.lagMs;
}

int LagTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(ids_.size());
}

int LagTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString LagTable::textAt(const LinkTrack& track, int column) const {
    switch (column) {
        case LinkColumn: return track.part.empty() ? linkTitle(track.from, track.to) : u"    "_s + toQt(track.part);
        case LagColumn:
            if (!track.part.empty()) return {};  // nobody measures it
            [[fallthrough]];
        case BacklogColumn: {
            const LagFigure figure = column == LagColumn ? behind_ : backlog_;
            const auto value = newestFigure(track, figure, history_.latestMs());
            return value ? toQt(figureText(figure, value)) : tr("unknown");
        }
        default: break;
    }
    if (history_.latestMs() - track.seenMs > kStaleMs) return tr("gone");
    if (track.last.state == "?") return tr("not answering");
    if (track.last.state == "stalled") return tr("copy stalled, %1 %").arg(track.last.copyPercent.value_or(0));
    if (track.last.copyPercent) return tr("copying, %1 %").arg(*track.last.copyPercent);
    if (track.last.fellBack) return tr("%1, fell back").arg(toQt(track.last.state));
    if (!track.last.fault.empty()) return tr("%1, %2").arg(toQt(track.last.state), toQt(track.last.fault));
    return toQt(track.last.state);
}

QString LagTable::explain(const LinkTrack& track) const {
    QStringList lines{u"%1\n→ %2"_s.arg(toQt(track.from), toQt(track.to))};
    if (!track.part.empty()) lines << toQt(track.part);
    for (const LagFigure figure : kAllLagFigures) {
        const auto value = newestFigure(track, figure, history_.latestMs());
        // What a link of this kind never tells is not worth a line.
        const bool isRare = figure == LagFigure::Idle || figure == LagFigure::PartsBehind;
        if (!value && (isRare || !track.part.empty())) continue;
        lines << u"%1: %2"_s.arg(toQt(figureName(figure)), value ? toQt(figureText(figure, value)) : tr("unknown"));
    }
    if (const std::string note = app::linkNote(track.last); !note.empty()) lines << toQt(note);
    if (!track.last.error.empty()) lines << toQt(track.last.error);
    if (track.knownMs > 0 && isStale(track.id())) {
        lines << tr("Last known %1 ago").arg(toQt(humanDuration(history_.latestMs() - track.knownMs)));
    }
    return lines.join(u'\n');
}

QVariant LagTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const std::string& id = ids_[static_cast<std::size_t>(index.row())];
    const LinkTrack* track = history_.link(id);
    if (track == nullptr) return {};
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return textAt(*track, index.column());
        case Qt::ToolTipRole: return explain(*track);
        case Qt::TextAlignmentRole:
            return index.column() == LagColumn || index.column() == BacklogColumn
                       ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                       : QVariant();
        case FromRole: return toQt(track->from);
        case ToRole: return toQt(track->to);
        case StaleRole: return isStale(id);
        case SlotRole: return penOf(id);
        default: return {};
    }
}

QVariant LagTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case LinkColumn: return tr("Link");
        case LagColumn:
            return behind_ == LagFigure::Lag            ? tr("Behind")
                   : behind_ == LagFigure::TransportLag ? tr("Transport")
                   : behind_ == LagFigure::Idle         ? tr("Idle")
                                                        : tr("Apply");
        case BacklogColumn:
            return backlog_ == LagFigure::BytesPending        ? tr("Bytes")
                   : backlog_ == LagFigure::OperationsPending ? tr("Operations")
                   : backlog_ == LagFigure::PartsBehind       ? tr("Offsets")
                   : backlog_ == LagFigure::BytesPerS         ? tr("Bytes/s")
                                                              : tr("Ops/s");
        default: return tr("State");
    }
}

}  // namespace tributary::desktop
