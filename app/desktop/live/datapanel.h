// The data dock: rows of a table at any cluster, edits, CSV import, a paced writer, the comparison; and what other
// datasets hold, through their browsers.
#pragma once

#include <QWidget>
#include <atomic>
#include <memory>

#include "app/desktop/live/liveworkspace.h"
#include "app/desktop/live/pacedwriter.h"
#include "app/desktop/live/rowtable.h"
#include "app/systems/databrowser.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace tributary::desktop {

class BrowseView;
class DataCompare;
class WrappedLabel;

/// F2 or typing edits a cell, Delete deletes what is selected (a cell, or the row from its key), F5 reads again.
class DataPanel final : public QWidget {
    Q_OBJECT
public:
    explicit DataPanel(LiveWorkspace& live, QWidget* parent = nullptr);
    ~DataPanel() override;

    /// Shows a dataset, e.g. from its menu on the canvas.
    void showTable(const QString& path);
    /// Opens the page that compares, and compares the two tables.
    void compareTables(const QString& a, const QString& b);
    /// Loads a CSV file into the table on show.
    void importFile(const QString& file);
    [[nodiscard]] RowTable& rows() { return rows_; }
    [[nodiscard]] BrowseView& browse() { return *browse_; }
    [[nodiscard]] bool isWriting() const { return writer_ != nullptr; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeRows();
    QWidget* makeInsert();
    QWidget* makeWriter();
    void fillTables();
    /// Reads what is chosen, in the way of its kind.
    void read();
    /// The chosen dataset's browser; nullptr: its rows are read and edited here.
    [[nodiscard]] const app::DataBrowser* browser() const;
    void refresh();
    void insert();
    void deleteSelected();
    void askImport();
    void toggleWriter();
    void onFigures(const PacedFigures& figures);
    void say(const QString& text, bool alert);

    LiveWorkspace& live_;
    std::unique_ptr<WorkLane> lane_;
    std::unique_ptr<WorkLane> importLane_;
    std::shared_ptr<std::atomic<bool>> stopImport_;
    RowTable rows_;
    std::unique_ptr<PacedWriter> writer_;
    QComboBox* table_ = nullptr;
    QLineEdit* from_ = nullptr;
    QTableView* list_ = nullptr;
    QLineEdit* key_ = nullptr;
    QComboBox* column_ = nullptr;
    QLineEdit* value_ = nullptr;
    QPushButton* put_ = nullptr;
    QPushButton* delete_ = nullptr;
    QPushButton* import_ = nullptr;
    QPushButton* write_ = nullptr;
    QSpinBox* rate_ = nullptr;
    QSpinBox* overwrite_ = nullptr;
    QComboBox* skew_ = nullptr;
    QLabel* written_ = nullptr;
    WrappedLabel* said_ = nullptr;
    DataCompare* compare_ = nullptr;
    BrowseView* browse_ = nullptr;
    QStackedWidget* contents_ = nullptr;  ///< rows, or what a browser reads
    QWidget* writerBar_ = nullptr;
    QTabBar* pages_ = nullptr;
};

}  // namespace tributary::desktop
