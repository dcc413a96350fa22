// A page of the data dock: what a dataset holds, by its parts and sections, from either end, page by page.
#pragma once

#include <QWidget>
#include <memory>

#include "app/desktop/live/browsetable.h"
#include "app/desktop/live/liveworkspace.h"
#include "app/desktop/live/readertable.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTableView;

namespace tributary::desktop {

/// Words, parts and texts come from the dataset's browser: no system is known here. GUI thread.
class BrowseView final : public QWidget {
    Q_OBJECT
public:
    explicit BrowseView(LiveWorkspace& live, QWidget* parent = nullptr);
    ~BrowseView() override;

    /// Shows a dataset from `from` on (as the browser's words call it; empty: from the end where it can be).
    void show(const app::DataBrowser& browser, const QString& dataset, const QString& from);
    /// Reads again, parts too.
    void reload();
    /// Small: a narrow dock shows less of each word, and is not made wider by it.
    [[nodiscard]] QSize minimumSizeHint() const override { return {220, 90}; }
    [[nodiscard]] const QString& dataset() const { return dataset_; }
    [[nodiscard]] BrowseTable& rows() { return *rows_; }
    [[nodiscard]] ReaderTable& readers() { return readers_; }

signals:
    /// What a person should read: how a write ended, why nothing is shown.
    void said(const QString& text, bool alert);

private:
    QWidget* makeHead();
    QWidget* makeBody();
    QWidget* makeWrite();
    void takeWords();
    void takeParts(std::vector<app::BrowsePart> parts);
    void fillSections();
    void read();
    void readReaders();
    void write();
    void refresh();
    void fitColumns();
    void showDetail();

    LiveWorkspace& live_;
    std::unique_ptr<WorkLane> lane_;
    std::unique_ptr<BrowseTable> rows_;
    ReaderTable readers_;
    const app::DataBrowser* browser_ = nullptr;
    app::BrowseWords words_;
    QString dataset_;
    QString from_;
    std::vector<app::BrowsePart> parts_;
    bool arePartsKnown_ = false;
    bool isWriting_ = false;
    bool isProblemSaid_ = false;
    QString problem_;  ///< why the parts could not be read
    QLabel* partLabel_ = nullptr;
    QComboBox* part_ = nullptr;
    QLabel* sectionLabel_ = nullptr;
    QComboBox* section_ = nullptr;
    QComboBox* order_ = nullptr;
    QLabel* note_ = nullptr;
    QTableView* list_ = nullptr;
    QPlainTextEdit* detail_ = nullptr;
    QWidget* side_ = nullptr;
    QLabel* readersTitle_ = nullptr;
    QTableView* readerList_ = nullptr;
    QSplitter* splitter_ = nullptr;
    QWidget* writeBar_ = nullptr;
    QLineEdit* key_ = nullptr;
    QLineEdit* value_ = nullptr;
    QPushButton* write_ = nullptr;
};

}  // namespace tributary::desktop
