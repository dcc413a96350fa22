// Pages of a dataset as a table model: columns by the titles met so far, cells as texts. Knows no widget, no system.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "app/desktop/live/worklane.h"
#include "app/systems/databrowser.h"

namespace tributary::desktop {

/// Reads through a lane, a page more when a view wants it. GUI thread.
class BrowseTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr std::size_t kPageRows = 200;
    static constexpr int kRowsMax = 20'000;  ///< shown at once; beyond, another beginning must be asked for

    /// The lane outlives the model.
    explicit BrowseTable(WorkLane& lane, QObject* parent = nullptr) : QAbstractTableModel(parent), lane_(lane) {}

    /// Reads the first page; nullptr = shows nothing. The browser lives for ever.
    void show(const app::DataBrowser* browser, const app::BrowseRequest& request);
    [[nodiscard]] bool isBusy() const { return busy_ > 0; }
    /// Why nothing, or no more, could be read; empty when all went well.
    [[nodiscard]] const QString& problem() const { return problem_; }
    /// What was read of how much; may be empty.
    [[nodiscard]] const QString& note() const { return note_; }
    /// All of a row, for a closer look.
    [[nodiscard]] QString detail(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

signals:
    void changed();

private:
    void read(Bytes after);
    void take(app::BrowsePage page);
    [[nodiscard]] const app::BrowseCell* cellAt(const QModelIndex& index) const;

    WorkLane& lane_;
    const app::DataBrowser* browser_ = nullptr;
    app::BrowseRequest request_;
    std::vector<app::BrowseColumn> columns_;
    std::vector<std::vector<app::BrowseCell>> rows_;
    std::vector<std::string> details_;
    std::optional<Bytes> next_;
    QString problem_;
    QString note_;
    int busy_ = 0;
    quint64 asked_ = 0;  // answers to older questions are dropped
};

}  // namespace tributary::desktop
