// The faults in force as a table model. Knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "app/desktop/live/faultorders.h"
#include "app/desktop/live/livevalues.h"

namespace tributary::desktop {

/// GUI thread.
class FaultTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { WhatColumn, WhereColumn, ColumnCount };

    explicit FaultTable(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void observe(const LiveSnapshot& snapshot);
    [[nodiscard]] const app::FaultRow& at(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// The order that ends one fault.
    [[nodiscard]] static FaultOrder endingOf(const app::FaultRow& row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<app::FaultRow> rows_;
};

}  // namespace tributary::desktop
