// Rows of one table, page by page, as a table model whose columns are the columns met so far. Knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/adapters/tabledata.h"
#include "app/desktop/live/worklane.h"

namespace tributary::desktop {

/// Reads and writes through a lane; what is shown is what the cluster answered, never what was wished. GUI thread.
class RowTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kPageRows = 200;
    static constexpr int kRowsMax = 20'000;  ///< shown at once; beyond, another start key must be asked for

    /// The lane outlives the model.
    explicit RowTable(WorkLane& lane, QObject* parent = nullptr) : QAbstractTableModel(parent), lane_(lane) {}

    /// Reads the first page of a table from `from` on; empty path = nothing.
    void show(const QString& path, const QString& from);
    void reload() { show(path_, from_); }
    [[nodiscard]] const QString& path() const { return path_; }
    [[nodiscard]] bool isBusy() const { return busy_ > 0; }
    /// Why nothing, or no more, could be read; empty when all went well.
    [[nodiscard]] const QString& problem() const { return problem_; }
    [[nodiscard]] QString keyText(int row) const;
    /// "family:column"; empty for the key's column.
    [[nodiscard]] QString columnName(int column) const;

    /// Writes one cell of a row, new or not: `name` is "family:column". done() follows.
    void put(const QString& key, const QString& name, const QString& value);
    void deleteRow(int row);
    void deleteCell(const QModelIndex& cell);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

signals:
    void changed();
    /// A write ended; empty problem = it is acknowledged.
    void written(const QString& what, const QString& problem);

private:
    void read(const Bytes& from);
    void take(app::ScanPage page);
    void putCell(const Bytes& key, const app::CellWrite& cell);
    void write(const QString& what, const char* verb, std::function<Status(app::TableData&)> act);
    [[nodiscard]] const app::CellRead* cellAt(const QModelIndex& index) const;

    WorkLane& lane_;
    QString path_;
    QString from_;
    std::vector<app::RowRead> rows_;
    std::vector<std::pair<std::string, Bytes>> columns_;  // family and qualifier, in the order met
    std::optional<Bytes> next_;
    QString problem_;
    int busy_ = 0;
    quint64 asked_ = 0;  // answers to older questions are dropped
};

}  // namespace tributary::desktop
