// Two tables side by side: whether they show the same rows, and the rows that differ with both contents.
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <memory>
#include <vector>

#include "app/desktop/live/liveworkspace.h"

class QComboBox;
class QPushButton;

namespace tributary::desktop {

class WrappedLabel;

/// One row that differs, as both tables show it.
struct ComparedRow {
    QString key;
    QString kind;  ///< "only in A", "only in B", "different"
    QString a;     ///< cells of A, "family:column=value", one per line; empty = no such row
    QString b;
};

struct Comparison {
    bool identical = false;
    std::uint64_t rowsA = 0;
    std::uint64_t rowsB = 0;
    std::uint64_t different = 0;    ///< all of them, by the same difference at several looks
    std::uint64_t changing = 0;     ///< differ, each time in another way
    std::uint64_t onlyDeletes = 0;  ///< show the same and differ in deletes
    std::vector<ComparedRow> rows;  ///< the first of them
};

/// Compares; blocks. What differs is read again a few times (engine/admin/difftables.h). Errors: then nothing
/// is known.
Result<Comparison> compareTables(app::Session& session, const std::string& a, const std::string& b);

/// The comparison in a sentence that begins with a mark: a tick only for tables that are the same in all.
[[nodiscard]] QString verdictOf(const Comparison& result);

/// GUI thread; knows no widget.
class CompareTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { KeyColumn, KindColumn, AColumn, BColumn, ColumnCount };
    explicit CompareTable(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void show(std::vector<ComparedRow> rows, const QString& a, const QString& b);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ComparedRow> rows_;
    QString a_;
    QString b_;
};

/// The page of the data dock.
class DataCompare final : public QWidget {
    Q_OBJECT
public:
    explicit DataCompare(LiveWorkspace& live, QWidget* parent = nullptr);
    void setTables(const QStringList& paths);
    /// Chooses the two tables to compare.
    void choose(const QString& a, const QString& b);
    void compare();
    [[nodiscard]] QString verdict() const;

signals:
    void compared(bool identical);

private:
    LiveWorkspace& live_;
    std::unique_ptr<WorkLane> lane_;
    CompareTable table_;
    QComboBox* a_ = nullptr;
    QComboBox* b_ = nullptr;
    QPushButton* go_ = nullptr;
    WrappedLabel* verdict_ = nullptr;
};

}  // namespace tributary::desktop
