// The links of the lag panel, worst first, with their newest figures. A table model; knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "app/desktop/live/laghistory.h"

namespace tributary::desktop {

/// GUI thread; reads the history, which outlives it.
class LagTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { LinkColumn, LagColumn, BacklogColumn, StateColumn, ColumnCount };
    enum Role { FromRole = Qt::UserRole + 1, ToRole, StaleRole, SlotRole };

    explicit LagTable(const LagHistory& history, QObject* parent = nullptr)
        : QAbstractTableModel(parent), history_(history) {}

    void setFigures(LagFigure behind, LagFigure backlog);
    void setCount(int worst);
    /// Reads the history again. The order changes only when another link is worse, so that rows do not dance.
    void refresh();
    /// Ids of the rows, in order.
    [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
    /// Which pen a link draws with: the same as long as it is seen, wherever it is ranked.
    [[nodiscard]] int penOf(const std::string& id) const;
    [[nodiscard]] bool isStale(const std::string& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString textAt(const LinkTrack& track, int column) const;
    /// With the parts of each link where those are what is shown.
    [[nodiscard]] std::vector<std::string> wantedIds() const;
    [[nodiscard]] QString explain(const LinkTrack& track) const;

    const LagHistory& history_;
    LagFigure behind_ = LagFigure::Lag;
    LagFigure backlog_ = LagFigure::BytesPending;
    int count_ = 8;
    std::vector<std::string> ids_;
    std::vector<std::string> pens_;  // link ids in the order in which they were first seen
};

}  // namespace tributary::desktop
