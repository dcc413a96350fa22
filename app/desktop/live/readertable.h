// Who reads a dataset on its own, and how much each has not read: consumer groups. A table model; knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "app/systems/databrowser.h"

namespace tributary::desktop {

/// GUI thread. What is unknown is shown as unknown, never as 0.
class ReaderTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { ReaderColumn, SectionColumn, CommittedColumn, EndColumn, BehindColumn, ColumnCount };

    explicit ReaderTable(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// `section` is what the second column is called.
    void set(std::vector<app::BrowseReader> readers, const QString& section);
    [[nodiscard]] const std::vector<app::BrowseReader>& readers() const { return readers_; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString textAt(const app::BrowseReader& reader, int column);

    std::vector<app::BrowseReader> readers_;
    QString section_;
};

}  // namespace tributary::desktop
