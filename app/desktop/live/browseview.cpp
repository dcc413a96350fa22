// The page's widgets.
#include "app/desktop/live/browseview.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plaintable.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr int kColumnLettersMost = 40;
constexpr int kColumnRoom = 8;

QComboBox* narrowCombo(const QString& objectName, int letters, QWidget* parent) {
    auto* box = new QComboBox(parent);
    box->setObjectName(objectName);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(letters);
    return box;
}

}  // namespace

BrowseView::BrowseView(LiveWorkspace& live, QWidget* parent)
    : QWidget(parent), live_(live), lane_(live.makeLane()), rows_(std::make_unique<BrowseTable>(*lane_)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(makeHead());
    layout->addWidget(makeBody(), 1);
    layout->addWidget(makeWrite());
    connect(rows_.get(), &BrowseTable::changed, this, &BrowseView::refresh);
    connect(&live_, &LiveWorkspace::engineChanged, this, &BrowseView::refresh);
    connect(part_, &QComboBox::activated, this, [this] {
        fillSections();
        read();
    });
    connect(section_, &QComboBox::activated, this, &BrowseView::read);
    connect(order_, &QComboBox::activated, this, &BrowseView::read);
    refresh();
}

BrowseView::~BrowseView() {
    rows_.reset();  // before its lane
}

QWidget* BrowseView::makeHead() {
    auto* bar = new QWidget(this);
    partLabel_ = new QLabel(bar);
    part_ = narrowCombo(u"browse-part"_s, 5, bar);
    partLabel_->setBuddy(part_);
    sectionLabel_ = new QLabel(bar);
    section_ = narrowCombo(u"browse-section"_s, 2, bar);
    sectionLabel_->setBuddy(section_);
    order_ = narrowCombo(u"browse-order"_s, 5, bar);
    order_->addItem(tr("Newest first"), true);
    order_->addItem(tr("Oldest first"), false);
    order_->setAccessibleName(tr("Order"));
    note_ = new QLabel(bar);
    note_->setObjectName(u"browse-note"_s);
    note_->setForegroundRole(QPalette::PlaceholderText);
    note_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 4, 8, 0);
    layout->setSpacing(4);
    layout->addWidget(partLabel_);
    layout->addWidget(part_, 3);
    layout->addWidget(sectionLabel_);
    layout->addWidget(section_, 1);
    layout->addWidget(order_, 1);
    layout->addWidget(note_, 4);
    return bar;
}

QWidget* BrowseView::makeBody() {
    splitter_ = new QSplitter(Qt::Horizontal, this);
    splitter_->setChildrenCollapsible(false);
    list_ = makePlainTable(rows_.get(), tr("Rows"), 0, splitter_);
    list_->setObjectName(u"browse-rows"_s);
    list_->setAlternatingRowColors(true);
    list_->horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    list_->horizontalHeader()->setDefaultSectionSize(fontMetrics().averageCharWidth() * 16);
    list_->horizontalHeader()->setStretchLastSection(true);
    side_ = new QWidget(splitter_);
    readersTitle_ = new QLabel(side_);
    readersTitle_->setContentsMargins(6, 0, 6, 0);
    readerList_ = makePlainTable(&readers_, tr("Readers"), ReaderTable::ReaderColumn, side_);
    readerList_->setObjectName(u"browse-readers"_s);
    detail_ = new QPlainTextEdit(side_);
    detail_->setObjectName(u"browse-detail"_s);
    detail_->setReadOnly(true);
    detail_->setFrameShape(QFrame::NoFrame);
    detail_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    detail_->setAccessibleName(tr("The selected row"));
    detail_->setPlaceholderText(tr("Select a row to see all of it"));
    detail_->setTabChangesFocus(true);
    auto* layout = new QVBoxLayout(side_);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(readersTitle_);
    layout->addWidget(readerList_, 1);
    layout->addWidget(detail_, 1);
    splitter_->addWidget(list_);
    splitter_->addWidget(side_);
    splitter_->setStretchFactor(0, 3);
    splitter_->setStretchFactor(1, 2);
    connect(list_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &BrowseView::showDetail);
    connect(rows_.get(), &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first) {
        if (first == 0) fitColumns();
    });
    connect(rows_.get(), &QAbstractItemModel::modelReset, this, &BrowseView::showDetail);
    return splitter_;
}

QWidget* BrowseView::makeWrite() {
    writeBar_ = new QWidget(this);
    key_ = new QLineEdit(writeBar_);
    key_->setObjectName(u"browse-key"_s);
    key_->setPlaceholderText(tr("Key (may be left out)"));
    key_->setAccessibleName(tr("Key"));
    value_ = new QLineEdit(writeBar_);
    value_->setObjectName(u"browse-value"_s);
    value_->setPlaceholderText(tr("Value"));
    value_->setAccessibleName(tr("Value"));
    write_ = new QPushButton(writeBar_);
    write_->setObjectName(u"browse-write"_s);
    write_->setAutoDefault(false);
    auto* layout = new QHBoxLayout(writeBar_);
    layout->setContentsMargins(8, 0, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(key_, 2);
    layout->addWidget(value_, 4);
    layout->addWidget(write_);
    connect(write_, &QPushButton::clicked, this, &BrowseView::write);
    connect(value_, &QLineEdit::returnPressed, this, &BrowseView::write);
    return writeBar_;
}

void BrowseView::show(const app::DataBrowser& browser, const QString& dataset, const QString& from) {
    const bool isAnother = browser_ != &browser || dataset != dataset_;
    browser_ = &browser;
    dataset_ = dataset;
    from_ = from;
    if (isAnother) {
        takeWords();
        parts_.clear();
        arePartsKnown_ = false;
        part_->clear();
        section_->clear();
        rows_->show(nullptr, {});
        readers_.set({}, {});
    }
    reload();
}

void BrowseView::takeWords() {
    words_ = browser_->words();
    partLabel_->setText(toQt(words_.part));
    part_->setPlaceholderText(toQt(words_.emptyPart));
    part_->setAccessibleName(toQt(words_.part));
    sectionLabel_->setText(toQt(words_.section));
    section_->setAccessibleName(toQt(words_.section));
    partLabel_->setVisible(!words_.part.empty());
    part_->setVisible(!words_.part.empty());
    sectionLabel_->setVisible(!words_.section.empty());
    section_->setVisible(!words_.section.empty());
    order_->setVisible(words_.newestFirst);
    // Of what has a time the newest are what people look for; of what has a key, the first.
    order_->setItemText(0, words_.section.empty() ? tr("From the last") : tr("Newest first"));
    order_->setItemText(1, words_.section.empty() ? tr("From the first") : tr("Oldest first"));
    order_->setCurrentIndex(words_.newestFirst && !words_.section.empty() ? 0 : 1);
    readersTitle_->setText(toQt(words_.readers));
    readersTitle_->setVisible(!words_.readers.empty());
    readerList_->setVisible(!words_.readers.empty());
    readerList_->setAccessibleName(toQt(words_.readers));
    list_->setAccessibleName(toQt(words_.page));
    writeBar_->setVisible(!words_.write.empty());
    write_->setText(toQt(words_.write));
}

void BrowseView::reload() {
    if (browser_ == nullptr) return;
    if (words_.part.empty()) return read();
    lane_->ask<std::vector<app::BrowsePart>>(
        this,
        [browser = browser_, dataset = toStd(dataset_)](app::Session& session) {
            return browser->parts(session, dataset);
        },
        [this, dataset = dataset_](Result<std::vector<app::BrowsePart>> parts) {
            if (dataset != dataset_) return;
            problem_ = parts ? QString() : toQt(parts.error().full());
            if (parts) takeParts(std::move(parts).value());
            refresh();
        });
}

void BrowseView::takeParts(std::vector<app::BrowsePart> parts) {
    const QString present = part_->currentText();
    parts_ = std::move(parts);
    arePartsKnown_ = true;
    part_->clear();
    for (const app::BrowsePart& each : parts_) {
        part_->addItem(toQt(each.name));
        part_->setItemData(part_->count() - 1, toQt(each.note), Qt::ToolTipRole);
    }
    const int at = part_->findText(present);
    part_->setCurrentIndex(at >= 0 ? at : parts_.empty() ? -1 : 0);
    fillSections();
    read();
}

void BrowseView::fillSections() {
    const QString present = section_->currentData().toString();
    section_->clear();
    section_->addItem(tr("All"), QString());
    const int at = part_->currentIndex();
    if (at >= 0 && at < static_cast<int>(parts_.size())) {
        for (const std::string& each : parts_[static_cast<std::size_t>(at)].sections) {
            section_->addItem(toQt(each), toQt(each));
        }
    }
    section_->setCurrentIndex(std::max(0, section_->findData(present)));
}

void BrowseView::read() {
    if (browser_ == nullptr) return;
    if (!words_.part.empty() && part_->currentIndex() < 0) {
        rows_->show(nullptr, {});
        readers_.set({}, toQt(words_.section));
        return;
    }
    app::BrowseRequest request;
    request.dataset = toStd(dataset_);
    request.part = toStd(part_->currentText());
    request.section = toStd(section_->currentData().toString());
    request.from = toStd(from_);
    request.newestFirst = words_.newestFirst && order_->currentData().toBool();
    rows_->show(browser_, request);
    if (!words_.readers.empty()) readReaders();
}

void BrowseView::readReaders() {
    lane_->ask<std::vector<app::BrowseReader>>(
        this,
        [browser = browser_, dataset = toStd(dataset_), part = toStd(part_->currentText())](app::Session& session) {
            return browser->readers(session, dataset, part);
        },
        [this, dataset = dataset_, part = part_->currentText()](Result<std::vector<app::BrowseReader>> readers) {
            if (dataset != dataset_ || part != part_->currentText()) return;
            if (!readers) {
                readersTitle_->setText(tr("%1: unknown").arg(toQt(words_.readers)));
                readersTitle_->setToolTip(toQt(readers.error().full()));
                readers_.set({}, toQt(words_.section));
                return;
            }
            readersTitle_->setText(readers->empty() ? tr("%1: none has committed an offset").arg(toQt(words_.readers))
                                                    : toQt(words_.readers));
            readersTitle_->setToolTip({});
            readers_.set(std::move(readers).value(), toQt(words_.section));
        });
}

void BrowseView::write() {
    if (browser_ == nullptr || words_.write.empty() || isWriting_) return;
    if (part_->currentIndex() < 0) {
        emit said(tr("✗ %1").arg(toQt(words_.emptyPart)), true);
        return;
    }
    app::BrowseWrite order;
    order.dataset = toStd(dataset_);
    order.part = toStd(part_->currentText());
    order.section = toStd(section_->currentData().toString());
    if (!key_->text().isEmpty()) order.key = toStd(key_->text());
    order.value = toStd(value_->text());
    isWriting_ = true;
    refresh();
    lane_->ask<std::string>(
        this, [browser = browser_, order](app::Session& session) { return browser->write(session, order); },
        [this, dataset = dataset_](const Result<std::string>& done) {
            isWriting_ = false;
            emit said(done ? tr("✓ %1: %2").arg(toQt(words_.write), toQt(done.value()))
                           : tr("✗ %1").arg(toQt(done.error().full())),
                      !done);
            if (done && dataset == dataset_) {
                value_->clear();
                reload();
            }
            refresh();
        });
}

void BrowseView::refresh() {
    const bool usable = live_.engine().usable() && browser_ != nullptr;
    write_->setEnabled(usable && !isWriting_ && part_->currentIndex() >= 0);
    const QString problem = problem_.isEmpty() ? rows_->problem() : problem_;
    // Said until it is no longer true.
    if (!problem.isEmpty() || isProblemSaid_) emit said(problem, !problem.isEmpty());
    isProblemSaid_ = !problem.isEmpty();
    QString note = rows_->note();
    if (arePartsKnown_ && parts_.empty()) note = toQt(words_.emptyPart);
    if (note.isEmpty() && rows_->isBusy()) note = tr("Reading…");
    note_->setText(note);
    note_->setToolTip(note);
}

/// As wide as the first page needs, so that times and keys are not cut; a long value leaves room for the others.
void BrowseView::fitColumns() {
    const int most = fontMetrics().averageCharWidth() * kColumnLettersMost;
    for (int i = 0; i + 1 < rows_->columnCount(); ++i) {
        list_->resizeColumnToContents(i);
        list_->setColumnWidth(i, std::min(most, list_->columnWidth(i) + kColumnRoom));
    }
}

void BrowseView::showDetail() {
    const QModelIndex at = list_->currentIndex();
    detail_->setPlainText(at.isValid() ? rows_->detail(at.row()) : QString());
}

}  // namespace tributary::desktop
