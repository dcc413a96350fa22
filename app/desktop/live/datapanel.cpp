// The data dock's widgets.
#include "app/desktop/live/datapanel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/desktop/live/browseview.h"
#include "app/desktop/live/csvimport.h"
#include "app/desktop/live/datacompare.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plaintable.h"
#include "app/desktop/live/wrappedlabel.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

DataPanel::DataPanel(LiveWorkspace& live, QWidget* parent)
    : QWidget(parent),
      live_(live),
      lane_(live.makeLane()),
      importLane_(live.makeLane()),
      stopImport_(std::make_shared<std::atomic<bool>>(false)),
      rows_(*lane_) {
    // Made in the order in which Tab goes through them.
    auto* tabs = new QTabBar(this);
    pages_ = tabs;
    tabs->setDrawBase(false);
    tabs->setAccessibleName(tr("Pages of the data"));
    table_ = new QComboBox(this);
    table_->setObjectName(u"data-table"_s);
    table_->setAccessibleName(tr("Dataset"));
    table_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    table_->setMinimumContentsLength(16);
    table_->setPlaceholderText(tr("No data is there yet"));
    from_ = new QLineEdit(this);
    from_->setAccessibleName(tr("First key"));
    from_->setPlaceholderText(tr("From key"));
    from_->setClearButtonEnabled(true);
    auto* again = new QToolButton(this);
    again->setText(tr("Read"));
    again->setToolTip(tr("Read the rows again (F5)"));
    auto* pages = new QStackedWidget(this);
    QWidget* rows = makeRows();
    compare_ = new DataCompare(live, this);
    browse_ = new BrowseView(live, this);
    contents_ = new QStackedWidget(this);
    contents_->addWidget(rows);
    contents_->addWidget(browse_);
    for (QWidget* page : {static_cast<QWidget*>(contents_), static_cast<QWidget*>(compare_)}) pages->addWidget(page);
    for (const QString& title : {tr("Rows"), tr("Compare")}) tabs->addTab(title);
    connect(tabs, &QTabBar::currentChanged, pages, &QStackedWidget::setCurrentIndex);
    // Beside the tabs: a low dock has its height for rows.
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 8, 0);
    top->addWidget(tabs);
    top->addStretch(1);
    top->addWidget(table_, 6);
    top->addWidget(from_, 4);
    top->addWidget(again);
    said_ = new WrappedLabel(this);
    said_->setContentsMargins(8, 0, 8, 0);
    said_->setVisible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(pages, 1);
    layout->addWidget(said_);
    writerBar_ = makeWriter();
    layout->addWidget(writerBar_);
    connect(table_, &QComboBox::activated, this, &DataPanel::read);
    connect(from_, &QLineEdit::returnPressed, this, &DataPanel::read);
    connect(again, &QToolButton::clicked, this, &DataPanel::read);
    connect(browse_, &BrowseView::said, this, &DataPanel::say);
    auto* f5 = new QShortcut(Qt::Key_F5, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(f5, &QShortcut::activated, this, &DataPanel::read);
    connect(&rows_, &RowTable::changed, this, &DataPanel::refresh);
    connect(&rows_, &RowTable::written, this, [this](const QString& what, const QString& problem) {
        say(problem.isEmpty() ? tr("✓ %1").arg(what) : tr("✗ %1: %2").arg(what, problem), !problem.isEmpty());
    });
    connect(&live_, &LiveWorkspace::observed, this, &DataPanel::fillTables);
    connect(&live_, &LiveWorkspace::engineChanged, this, &DataPanel::refresh);
    fillTables();
    refresh();
}

DataPanel::~DataPanel() {
    stopImport_->store(true);
    writer_.reset();
}

QWidget* DataPanel::makeRows() {
    auto* page = new QWidget(this);
    list_ = makePlainTable(&rows_, tr("Rows"), 0, page);
    list_->setObjectName(u"data-rows"_s);
    list_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked |
                           QAbstractItemView::AnyKeyPressed);
    list_->setSelectionBehavior(QAbstractItemView::SelectItems);
    list_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    list_->horizontalHeader()->setDefaultSectionSize(fontMetrics().averageCharWidth() * 20);
    list_->setAlternatingRowColors(true);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(list_, 1);
    layout->addWidget(makeInsert());
    auto* remove = new QShortcut(Qt::Key_Delete, list_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &DataPanel::deleteSelected);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &DataPanel::refresh);
    return page;
}

QWidget* DataPanel::makeInsert() {
    auto* bar = new QWidget(this);
    key_ = new QLineEdit(bar);
    key_->setObjectName(u"data-key"_s);
    key_->setPlaceholderText(tr("Key"));
    key_->setAccessibleName(tr("Key of the row to write"));
    column_ = new QComboBox(bar);
    column_->setObjectName(u"data-column"_s);
    column_->setEditable(true);
    column_->setInsertPolicy(QComboBox::NoInsert);
    column_->lineEdit()->setPlaceholderText(tr("family:column"));
    column_->setAccessibleName(tr("Family and column"));
    column_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    column_->setMinimumContentsLength(8);
    value_ = new QLineEdit(bar);
    value_->setObjectName(u"data-value"_s);
    value_->setPlaceholderText(tr("Value"));
    value_->setAccessibleName(tr("Value"));
    put_ = new QPushButton(tr("&Put"), bar);
    put_->setObjectName(u"data-put"_s);
    put_->setToolTip(tr("Write the cell; a key that is not there makes a new row"));
    delete_ = new QPushButton(tr("De&lete"), bar);
    delete_->setToolTip(tr("Delete the selected cell, or the row when its key is selected (Delete)"));
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 0, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(key_, 2);
    layout->addWidget(column_, 2);
    layout->addWidget(value_, 2);
    layout->addWidget(put_);
    layout->addWidget(delete_);
    for (QPushButton* button : {put_, delete_}) {
        button->setMaximumWidth(button->fontMetrics().horizontalAdvance(button->text()) + 24);
        button->setAutoDefault(false);
    }
    connect(put_, &QPushButton::clicked, this, &DataPanel::insert);
    connect(value_, &QLineEdit::returnPressed, this, &DataPanel::insert);
    connect(delete_, &QPushButton::clicked, this, &DataPanel::deleteSelected);
    return bar;
}

QWidget* DataPanel::makeWriter() {
    auto* bar = new QWidget(this);
    rate_ = new QSpinBox(bar);
    rate_->setRange(1, 1'000'000);
    rate_->setValue(200);
    rate_->setSuffix(tr("/s"));
    rate_->setAccessibleName(tr("Writes per second"));
    overwrite_ = new QSpinBox(bar);
    overwrite_->setRange(0, 100);
    overwrite_->setSuffix(u" %"_s);
    overwrite_->setPrefix(tr("again "));
    overwrite_->setAccessibleName(tr("Share of writes to keys written before"));
    overwrite_->setToolTip(tr("How many writes go to a key that was written before"));
    skew_ = new QComboBox(bar);
    skew_->setObjectName(u"data-skew"_s);
    skew_->addItem(tr("evenly"), 0.0);
    skew_->addItem(tr("hot keys"), 0.8);
    skew_->addItem(tr("few hot keys"), 0.95);
    skew_->setAccessibleName(tr("How writes to old keys are spread"));
    skew_->setToolTip(
        tr("Which old keys are written again: all alike, or some far oftener than others "
           "(63 % or 89 % of such writes go to a tenth of the keys)"));
    skew_->setEnabled(false);  // until there are such writes
    // All of it stands in one line of a narrow dock.
    skew_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    skew_->setMinimumContentsLength(3);
    rate_->setMinimumWidth(64);
    overwrite_->setMinimumWidth(64);
    connect(overwrite_, &QSpinBox::valueChanged, skew_, [this](int share) { skew_->setEnabled(share > 0); });
    write_ = new QPushButton(tr("&Write"), bar);
    write_->setObjectName(u"data-write"_s);
    write_->setToolTip(tr("Write made-up rows at this rate until stopped"));
    import_ = new QPushButton(tr("&Import…"), bar);
    import_->setToolTip(tr("Load rows from a CSV file with a header of family:column names"));
    written_ = new QLabel(bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 0, 8, 6);
    layout->setSpacing(4);
    layout->addWidget(write_);
    layout->addWidget(rate_);
    layout->addWidget(overwrite_);
    layout->addWidget(skew_);
    layout->addWidget(written_, 1);
    layout->addWidget(import_);
    setTabOrder(write_, rate_);
    setTabOrder(rate_, overwrite_);
    setTabOrder(overwrite_, import_);
    connect(write_, &QPushButton::clicked, this, &DataPanel::toggleWriter);
    connect(import_, &QPushButton::clicked, this, &DataPanel::askImport);
    return bar;
}

void DataPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (rows_.path().isEmpty() && browse_->dataset().isEmpty() && table_->currentIndex() >= 0) read();
}

namespace {

constexpr int kSystemRole = Qt::UserRole + 1;
constexpr int kKindRole = Qt::UserRole + 2;

/// What can be looked into.
struct Shown {
    QString path;
    QString system;
    QString kind;
    friend bool operator==(const Shown&, const Shown&) = default;
};

}  // namespace

void DataPanel::fillTables() {
    std::vector<Shown> all;
    QStringList comparable;
    for (const app::ClusterRow& cluster : live_.snapshot().status.clusters) {
        for (const app::TableRow& table : cluster.tables) {
            const bool isBrowsed = app::dataBrowser(cluster.system, table.kind) != nullptr;
            if (isBrowsed || !cluster.ofMembers)
                all.push_back({toQt(table.path), toQt(cluster.system), toQt(table.kind)});
            if (table.kind != "stream" && !cluster.ofMembers) comparable << toQt(table.path);
        }
    }
    // Clusters that do not answer now keep their tables in the list.
    if (all.empty() && live_.engine().usable()) return;
    compare_->setTables(comparable);
    std::vector<Shown> shown;
    shown.reserve(static_cast<std::size_t>(table_->count()));
    for (int i = 0; i < table_->count(); ++i) {
        shown.push_back({table_->itemText(i), table_->itemData(i, kSystemRole).toString(),
                         table_->itemData(i, kKindRole).toString()});
    }
    if (shown == all) return;
    const QString present = table_->currentText();
    table_->clear();
    for (const Shown& each : all) {
        table_->addItem(each.path);
        table_->setItemData(table_->count() - 1, each.system, kSystemRole);
        table_->setItemData(table_->count() - 1, each.kind, kKindRole);
    }
    const int at = table_->findText(present);
    table_->setCurrentIndex(at >= 0 ? at : all.empty() ? -1 : 0);
    const QString& onShow = contents_->currentIndex() == 0 ? rows_.path() : browse_->dataset();
    const bool isOther = onShow != table_->currentText() || (contents_->currentIndex() == 1) != (browser() != nullptr);
    if (isVisible() && isOther) read();
    refresh();
}

const app::DataBrowser* DataPanel::browser() const {
    return app::dataBrowser(toStd(table_->currentData(kSystemRole).toString()),
                            toStd(table_->currentData(kKindRole).toString()));
}

void DataPanel::read() {
    say({}, false);
    const app::DataBrowser* browsed = browser();
    contents_->setCurrentIndex(browsed == nullptr ? 0 : 1);
    // What is written at a rate is rows.
    writerBar_->setVisible(browsed == nullptr || writer_ != nullptr);
    const app::BrowseWords words = browsed == nullptr ? app::BrowseWords{} : browsed->words();
    pages_->setTabText(0, browsed == nullptr ? tr("Rows") : toQt(words.page));
    from_->setPlaceholderText(browsed == nullptr ? tr("From key") : toQt(words.from));
    if (browsed == nullptr) {
        rows_.show(table_->currentText(), from_->text());
    } else {
        browse_->show(*browsed, table_->currentText(), from_->text());
    }
    refresh();
}

void DataPanel::showTable(const QString& path) {
    if (table_->findText(path) < 0) table_->addItem(path);
    if (table_->currentText() != path) from_->clear();  // a key of another dataset
    table_->setCurrentText(path);
    read();
}

void DataPanel::compareTables(const QString& a, const QString& b) {
    pages_->setCurrentIndex(1);
    compare_->choose(a, b);
    compare_->compare();
}

void DataPanel::refresh() {
    const bool usable = live_.engine().usable() && !table_->currentText().isEmpty();
    put_->setEnabled(usable && !rows_.isBusy());
    delete_->setEnabled(usable && list_->currentIndex().isValid() && !rows_.isBusy());
    import_->setEnabled(usable);
    write_->setEnabled(usable || writer_ != nullptr);
    if (contents_->currentIndex() == 0 && !rows_.problem().isEmpty()) say(rows_.problem(), true);
    QStringList names;
    for (int i = 1; i < rows_.columnCount(); ++i) names << rows_.columnName(i);
    QStringList known;
    for (int i = 0; i < column_->count(); ++i) known << column_->itemText(i);
    if (known == names) return;
    const QString typed = column_->currentText();
    column_->clear();
    column_->addItems(names);
    column_->setCurrentIndex(-1);
    column_->setEditText(typed);
}

void DataPanel::insert() {
    if (key_->text().isEmpty() || !column_->currentText().contains(u':')) {
        say(tr("✗ Give a key and a column, as c1 and profile:name"), true);
        return;
    }
    rows_.put(key_->text(), column_->currentText(), value_->text());
}

void DataPanel::deleteSelected() {
    const QModelIndex index = list_->currentIndex();
    if (!index.isValid()) return;
    if (index.column() == 0) {
        rows_.deleteRow(index.row());
    } else {
        rows_.deleteCell(index);
    }
}

void DataPanel::askImport() {
    auto* dialog = new QFileDialog(this, tr("Import rows into %1").arg(table_->currentText()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Comma-separated values (*.csv)"));
    connect(dialog, &QFileDialog::fileSelected, this, &DataPanel::importFile);
    dialog->open();
}

void DataPanel::importFile(const QString& file) {
    const QString path = table_->currentText();
    say(tr("Importing %1…").arg(file), false);
    import_->setEnabled(false);
    importLane_->ask<CsvImported>(
        this,
        [path = toStd(path), file = toStd(file), stop = stopImport_](app::Session& session) {
            return importCsv(session, path, file, [stop](std::uint64_t) { return !stop->load(); });
        },
        [this, file](const Result<CsvImported>& loaded) {
            QString text = loaded ? tr("✓ %1 rows imported from %2").arg(loaded->rows).arg(file)
                                  : tr("✗ %1").arg(toQt(loaded.error().full()));
            if (loaded && loaded->leftOut.records > 0) text += u". "_s + toQt(loaded->leftOut.text());
            say(text, !loaded);
            rows_.reload();
        });
}

void DataPanel::toggleWriter() {
    if (writer_ != nullptr) {
        writer_->stop();
        write_->setEnabled(false);  // until its last figures are in
        return;
    }
    PacedOrder order{toStd(table_->currentText()), static_cast<double>(rate_->value()), overwrite_->value() / 100.0,
                     skew_->currentData().toDouble()};
    const QPointer<DataPanel> self(this);
    writer_ = std::make_unique<PacedWriter>(live_.relay(), live_.access(), std::move(order),
                                            [self](const PacedFigures& figures) {
                                                if (self) self->onFigures(figures);
                                            });
    write_->setText(tr("&Stop"));
    rate_->setEnabled(false);
    overwrite_->setEnabled(false);
    skew_->setEnabled(false);
}

void DataPanel::onFigures(const PacedFigures& figures) {
    written_->setText(tr("%1 written").arg(locale().toString(static_cast<qulonglong>(figures.acknowledged))));
    if (!figures.ended) return;
    writer_.reset();
    write_->setText(tr("&Write"));
    rate_->setEnabled(true);
    overwrite_->setEnabled(true);
    skew_->setEnabled(overwrite_->value() > 0);
    if (!figures.trouble.isEmpty()) say(tr("✗ The writer ended: %1").arg(figures.trouble), true);
    refresh();
}

void DataPanel::say(const QString& text, bool alert) {
    QPalette colours = palette();
    if (alert) colours.setColor(QPalette::WindowText, alertColour(palette()));
    said_->setPalette(colours);
    said_->setText(text);
    said_->setVisible(!text.isEmpty());
}

}  // namespace tributary::desktop
