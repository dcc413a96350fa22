// A plan as a tree: elements, under each the steps that change it, and what no step closes. Knows no widget.
#pragma once

#include <QAbstractItemModel>
#include <QString>
#include <vector>

#include "runbooks/planner/plan.h"

namespace tributary::desktop {

/// GUI thread.
class PlanTree final : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { TextColumn, CostColumn, ColumnCount };
    /// Place: where the window jumps to.
    enum Role { PlaceRole = Qt::UserRole + 1 };

    explicit PlanTree(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

    /// nullptr: nothing is shown.
    void show(const runbooks::Plan* plan);
    /// Some line has a cost, a loss or a command.
    [[nodiscard]] bool hasCosts() const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        QString mark;
        QString text;
        QString cost;
        QString why;
    };
    struct Group {
        QString title;
        QString place;
        std::vector<Line> lines;
    };
    [[nodiscard]] static Line lineOf(const runbooks::Plan& plan, std::size_t step);
    [[nodiscard]] Group& groupOf(const QString& place);

    std::vector<Group> groups_;
};

/// "1.2 M rows, 40 s"; what is not known is said so. Empty without a cost.
[[nodiscard]] QString costText(const runbooks::PlannedStep& step);

}  // namespace tributary::desktop
