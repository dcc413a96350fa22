// The log dock's widgets.
#include "app/desktop/live/logpanel.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "app/desktop/live/plaintable.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

void LogFilter::setKind(int kind) {
    kind_ = kind;
    invalidateFilter();
}

void LogFilter::setWords(const QString& words) {
    words_ = words.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const QModelIndex line = sourceModel()->index(row, EventLog::TextColumn, parent);
    if (kind_ >= 0 && line.data(EventLog::KindRole).toInt() != kind_) return false;
    const QString text = line.data(Qt::DisplayRole).toString() + u'\n' + line.data(EventLog::DetailRole).toString();
    return std::all_of(words_.begin(), words_.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

LogPanel::LogPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live) {
    filter_.setSourceModel(&live_.log());
    kind_ = new QComboBox(this);
    kind_->setAccessibleName(tr("Kind of lines"));
    kind_->addItem(tr("Everything"), -1);
    for (const auto kind : {LogEntry::Kind::Engine, LogEntry::Kind::Run, LogEntry::Kind::Fault, LogEntry::Kind::Alarm,
                            LogEntry::Kind::Data}) {
        kind_->addItem(EventLog::kindName(kind), static_cast<int>(kind));
    }
    words_ = new QLineEdit(this);
    words_->setAccessibleName(tr("Filter the log"));
    words_->setPlaceholderText(tr("Filter"));
    words_->setClearButtonEnabled(true);
    list_ = makePlainTable(&filter_, tr("Log"), EventLog::TextColumn, this);
    detail_ = new QPlainTextEdit(this);
    detail_->setReadOnly(true);
    detail_->setTabChangesFocus(true);
    detail_->setFrameShape(QFrame::NoFrame);
    detail_->setAccessibleName(tr("Details of the selected line"));
    detail_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    detail_->hide();
    auto* top = new QHBoxLayout;
    top->setContentsMargins(8, 6, 8, 0);
    top->addWidget(kind_);
    top->addWidget(words_, 1);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(list_);
    splitter->addWidget(detail_);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(splitter, 1);
    setFocusProxy(list_);
    connect(kind_, qOverload<int>(&QComboBox::currentIndexChanged), this,
            [this] { filter_.setKind(kind_->currentData().toInt()); });
    connect(words_, &QLineEdit::textChanged, &filter_, &LogFilter::setWords);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &LogPanel::showDetail);
    connect(&filter_, &QAbstractItemModel::rowsInserted, this, [this] {
        const QScrollBar* bar = list_->verticalScrollBar();
        if (bar->value() >= bar->maximum() - 1) list_->scrollToBottom();
    });
    connect(list_, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString path = index.data(EventLog::PathRole).toString();
        if (!path.isEmpty()) emit live_.jumpRequested(path);
    });
    connect(&live_, &LiveWorkspace::logRequested, this, &LogPanel::showTime);
}

void LogPanel::showDetail() {
    const QString detail = list_->currentIndex().data(EventLog::DetailRole).toString();
    detail_->setPlainText(detail);
    detail_->setVisible(!detail.isEmpty());
}

void LogPanel::showTime(qint64 atMs) {
    const int row = live_.log().rowNear(atMs);
    if (row < 0) return;
    const QModelIndex line = filter_.mapFromSource(live_.log().index(row, EventLog::TextColumn));
    if (!line.isValid()) {
        words_->clear();
        kind_->setCurrentIndex(0);
    }
    list_->setCurrentIndex(filter_.mapFromSource(live_.log().index(row, EventLog::TextColumn)));
}

}  // namespace tributary::desktop
