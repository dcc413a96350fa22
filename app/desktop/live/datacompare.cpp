// Comparing, and showing what differs.
#include "app/desktop/live/datacompare.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/adapters/tabledata.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plaintable.h"
#include "app/desktop/live/wrappedlabel.h"
#include "app/observe/clocks.h"
#include "core/base/escape.h"
#include "core/systems/naming.h"
#include "engine/admin/difftables.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr std::size_t kRowsShownMax = 200;

QString cellsOf(const Result<app::RowRead>& row) {
    if (!row) return DataCompare::tr("unknown: %1").arg(toQt(row.error().what));
    QStringList lines;
    for (const app::CellRead& cell : row->cells) {
        lines << u"%1:%2=%3"_s.arg(toQt(cell.family), toQt(escapedBytes(cell.qualifier)),
                                   toQt(escapedBytes(cell.value)));
    }
    return lines.join(u'\n');
}

QString kindText(engine::maprdb::DifferenceKind kind) {
    using engine::maprdb::DifferenceKind;
    if (kind == DifferenceKind::MissingAtB) return DataCompare::tr("only left");
    if (kind == DifferenceKind::MissingAtA) return DataCompare::tr("only right");
    return DataCompare::tr("different");
}

}  // namespace

Result<Comparison> compareTables(app::Session& session, const std::string& a, const std::string& b) {
    engine::maprdb::ClusterCalls calls(session.directory(), app::wallNowMs);
    calls.standAt(clusterOf(a));
    calls.setPause(app::pauseFor);
    engine::maprdb::DiffRequest request;
    request.a = a;
    request.b = b;
    request.samplesMax = kRowsShownMax;
    const auto result = engine::maprdb::diffTables(calls, request);
    if (!result) return result.error();
    Comparison out{result->identical,
                   result->rowsSource,
                   result->rowsReplica,
                   result->rowsDifferent,
                   result->rowsChanging,
                   result->rowsOnlyDeletes,
                   {}};
    app::TableData data(session.directory(), app::wallNowMs);
    for (const auto& difference : result->differences) {
        const QString kind = difference.changing ? DataCompare::tr("%1, still changing").arg(kindText(difference.kind))
                                                 : kindText(difference.kind);
        out.rows.push_back({toQt(escapedBytes(difference.key)), kind, cellsOf(data.get(a, difference.key)),
                            cellsOf(data.get(b, difference.key))});
    }
    return out;
}

QString verdictOf(const Comparison& result) {
    if (result.identical && result.onlyDeletes > 0) {
        return DataCompare::tr(
                   "✗ %1 rows show the same, %2 differ in their deletes: a late write would show on one side")
            .arg(result.rowsA)
            .arg(result.onlyDeletes);
    }
    if (result.identical) return DataCompare::tr("✓ Identical: %1 rows").arg(result.rowsA);
    const QString sizes = DataCompare::tr("(%1 left, %2 right)").arg(result.rowsA).arg(result.rowsB);
    QStringList parts;
    if (result.different > 0) {
        const QString rows = result.different == 1 ? DataCompare::tr("1 row differs")
                                                   : DataCompare::tr("%1 rows differ").arg(result.different);
        parts << u"✗ %1 %2"_s.arg(rows, sizes);
    }
    if (result.changing > 0) {
        parts << DataCompare::tr("? %1 rows still change %2: ask again when fewer writes go on")
                     .arg(result.changing)
                     .arg(sizes);
    }
    return parts.join(u"; "_s);
}

void CompareTable::show(std::vector<ComparedRow> rows, const QString& a, const QString& b) {
    beginResetModel();
    rows_ = std::move(rows);
    a_ = a;
    b_ = b;
    endResetModel();
}

int CompareTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int CompareTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CompareTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const ComparedRow& row = rows_[static_cast<std::size_t>(index.row())];
    const bool shown = role == Qt::DisplayRole || role == Qt::AccessibleTextRole;
    if (!shown && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
        case KeyColumn: return row.key;
        case KindColumn: return row.kind;
        default: break;
    }
    const QString& cells = index.column() == AColumn ? row.a : row.b;
    if (cells.isEmpty()) return tr("no such row");
    return role == Qt::ToolTipRole ? cells : QString(cells).replace(u'\n', u"  "_s);
}

QVariant CompareTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case KeyColumn: return tr("Key");
        case KindColumn: return tr("Row is");
        case AColumn: return a_;
        default: return b_;
    }
}

DataCompare::DataCompare(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live), lane_(live.makeLane()) {
    a_ = new QComboBox(this);
    a_->setAccessibleName(tr("Left table"));
    b_ = new QComboBox(this);
    b_->setAccessibleName(tr("Right table"));
    for (QComboBox* box : {a_, b_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(10);
    }
    go_ = new QPushButton(tr("&Compare"), this);
    go_->setObjectName(u"data-compare"_s);
    verdict_ = new WrappedLabel(this);
    auto* list = makePlainTable(&table_, tr("Rows that differ"), CompareTable::AColumn, this);
    list->horizontalHeader()->setSectionResizeMode(CompareTable::BColumn, QHeaderView::Stretch);
    auto* top = new QHBoxLayout;
    top->addWidget(a_, 1);
    top->addWidget(b_, 1);
    top->addWidget(go_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(verdict_);
    layout->addWidget(list, 1);
    connect(go_, &QPushButton::clicked, this, &DataCompare::compare);
}

void DataCompare::setTables(const QStringList& paths) {
    for (QComboBox* box : {a_, b_}) {
        const QString present = box->currentText();
        QStringList shown;
        for (int i = 0; i < box->count(); ++i) shown << box->itemText(i);
        if (shown == paths) continue;
        box->clear();
        box->addItems(paths);
        if (paths.contains(present)) box->setCurrentText(present);
    }
    if (b_->count() > 1 && a_->currentIndex() == b_->currentIndex()) b_->setCurrentIndex(1 - a_->currentIndex());
    go_->setEnabled(b_->count() > 1);
}

void DataCompare::choose(const QString& a, const QString& b) {
    for (const auto& [box, path] : {std::pair(a_, a), std::pair(b_, b)}) {
        if (box->findText(path) < 0) box->addItem(path);
        box->setCurrentText(path);
    }
}

QString DataCompare::verdict() const {
    return verdict_->text();
}

void DataCompare::compare() {
    const QString a = a_->currentText();
    const QString b = b_->currentText();
    go_->setEnabled(false);
    verdict_->setPalette(palette());
    verdict_->setText(tr("Comparing…"));
    lane_->ask<Comparison>(
        this, [a = toStd(a), b = toStd(b)](app::Session& session) { return compareTables(session, a, b); },
        [this, a, b](Result<Comparison> result) {
            go_->setEnabled(true);
            QPalette colours = palette();
            const bool good = result && result->identical && result->onlyDeletes == 0;
            if (!good) colours.setColor(QPalette::WindowText, alertColour(palette()));
            verdict_->setPalette(colours);
            if (!result) {
                verdict_->setText(tr("? Could not tell: %1").arg(toQt(result.error().full())));
                table_.show({}, a, b);
            } else {
                verdict_->setText(verdictOf(*result));
                table_.show(std::move(result->rows), a, b);
            }
            emit compared(good);
        });
}

}  // namespace tributary::desktop
