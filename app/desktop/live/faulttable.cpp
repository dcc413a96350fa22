// Faults as rows, and what ends each.
#include "app/desktop/live/faulttable.h"

#include <algorithm>

#include "app/desktop/live/livetext.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

void FaultTable::observe(const LiveSnapshot& snapshot) {
    const auto& fresh = snapshot.status.faults;
    const bool same = std::equal(fresh.begin(), fresh.end(), rows_.begin(), rows_.end(),
                                 [](const app::FaultRow& a, const app::FaultRow& b) { return a.text == b.text; });
    if (same) return;
    beginResetModel();
    rows_ = fresh;
    endResetModel();
}

FaultOrder FaultTable::endingOf(const app::FaultRow& row) {
    if (row.what == "gateway stopped") return {FaultKind::GatewayStart, row.to, {}, {}, false};
    if (row.what == "kill") return {FaultKind::Start, row.cluster, {}, {}, false};
    if (row.what == "freeze") return {FaultKind::Thaw, row.cluster, {}, {}, false};
    if (row.what.starts_with("disk")) return {FaultKind::DiskOk, row.cluster, {}, {}, false};
    return {FaultKind::Heal, row.cluster, row.to, {}, true};
}

int FaultTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int FaultTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FaultTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const app::FaultRow& row = at(index.row());
    if (role == Qt::ToolTipRole) return toQt(row.text).simplified();
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    if (index.column() == WhatColumn) {
        if (row.what == "delay" || row.what == "disk slow") {
            return tr("%1, %2").arg(toQt(row.what), toQt(humanDuration(row.value)));
        }
        if (row.what == "bandwidth") {
            return tr("%1, %2/s").arg(toQt(row.what), toQt(humanBytes(static_cast<std::uint64_t>(row.value))));
        }
        return toQt(row.what);
    }
    if (row.to.empty()) return toQt(row.cluster);
    return row.what == "gateway stopped" ? u"%1 · %2"_s.arg(toQt(row.cluster), toQt(row.to))
                                         : u"%1 → %2"_s.arg(toQt(row.cluster), toQt(row.to));
}

QVariant FaultTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == WhatColumn ? tr("Fault") : tr("Where");
}

}  // namespace tributary::desktop
