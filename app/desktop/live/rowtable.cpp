// Pages into rows, and edits into requests.
#include "app/desktop/live/rowtable.h"

#include <fmt/format.h>

#include <QDateTime>
#include <algorithm>
#include <iterator>

#include "app/desktop/live/livetext.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"
#include "core/base/escape.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

QString shownBytes(BytesView bytes) {
    return toQt(escapedBytes(bytes));
}

bool isEditable(BytesView bytes) {
    // What cannot be shown as it is cannot be typed back either.
    return toStd(shownBytes(bytes)) == bytes;
}

}  // namespace

void RowTable::show(const QString& path, const QString& from) {
    beginResetModel();
    if (path != path_) columns_.clear();
    path_ = path;
    from_ = from;
    rows_.clear();
    next_.reset();
    problem_.clear();
    endResetModel();
    ++asked_;
    if (!path_.isEmpty()) read(toStd(from_));
    emit changed();
}

void RowTable::read(const Bytes& from) {
    ++busy_;
    next_.reset();
    app::ScanRequest request;
    request.path = toStd(path_);
    request.from = from;
    request.limit = kPageRows;
    lane_.ask<app::ScanPage>(
        this,
        [request](app::Session& session) { return app::TableData(session.directory(), app::wallNowMs).scan(request); },
        [this, asked = asked_](Result<app::ScanPage> page) {
            --busy_;
            if (asked != asked_) return emit changed();
            problem_ = page ? QString() : toQt(page.error().full());
            if (page) take(std::move(page).value());
            emit changed();
        });
    emit changed();
}

void RowTable::take(app::ScanPage page) {
    std::vector<std::pair<std::string, Bytes>> fresh;
    for (const app::RowRead& row : page.rows) {
        for (const app::CellRead& cell : row.cells) {
            const std::pair<std::string, Bytes> name{cell.family, cell.qualifier};
            const bool known = std::find(columns_.begin(), columns_.end(), name) != columns_.end() ||
                               std::find(fresh.begin(), fresh.end(), name) != fresh.end();
            if (!known) fresh.push_back(name);
        }
    }
    if (!fresh.empty()) {
        const int first = columnCount();
        beginInsertColumns({}, first, first + static_cast<int>(fresh.size()) - 1);
        columns_.insert(columns_.end(), fresh.begin(), fresh.end());
        endInsertColumns();
    }
    if (!page.rows.empty()) {
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(page.rows.size()) - 1);
        std::move(page.rows.begin(), page.rows.end(), std::back_inserter(rows_));
        endInsertRows();
    }
    next_ = std::move(page.next);
}

bool RowTable::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && next_.has_value() && busy_ == 0 && rowCount() < kRowsMax;
}

void RowTable::fetchMore(const QModelIndex& parent) {
    if (canFetchMore(parent)) read(Bytes(*next_));
}

QString RowTable::keyText(int row) const {
    return shownBytes(rows_[static_cast<std::size_t>(row)].key);
}

QString RowTable::columnName(int column) const {
    if (column < 1 || column > static_cast<int>(columns_.size())) return {};
    const auto& [family, qualifier] = columns_[static_cast<std::size_t>(column) - 1];
    return toQt(family) + u':' + shownBytes(qualifier);
}

const app::CellRead* RowTable::cellAt(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= rowCount() || index.column() < 1) return nullptr;
    const auto& [family, qualifier] = columns_[static_cast<std::size_t>(index.column()) - 1];
    for (const app::CellRead& cell : rows_[static_cast<std::size_t>(index.row())].cells) {
        if (cell.family == family && cell.qualifier == qualifier) return &cell;
    }
    return nullptr;
}

int RowTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RowTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size()) + 1;
}

QVariant RowTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    if (index.column() == 0) {
        return role == Qt::DisplayRole || role == Qt::AccessibleTextRole ? QVariant(keyText(index.row())) : QVariant();
    }
    const app::CellRead* cell = cellAt(index);
    if (cell == nullptr) return {};
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
        case Qt::AccessibleTextRole: return shownBytes(cell->value);
        case Qt::ToolTipRole:
            return tr("%1\nwritten %2")
                .arg(shownBytes(cell->value),
                     QDateTime::fromMSecsSinceEpoch(cell->timestampMs).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s));
        default: return {};
    }
}

QVariant RowTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == 0 ? tr("Key") : columnName(section);
}

Qt::ItemFlags RowTable::flags(const QModelIndex& index) const {
    const Qt::ItemFlags plain = QAbstractTableModel::flags(index);
    if (index.column() < 1) return plain;
    const app::CellRead* cell = cellAt(index);
    return cell == nullptr || isEditable(cell->value) ? plain | Qt::ItemIsEditable : plain;
}

bool RowTable::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !index.isValid() || index.column() < 1) return false;
    if (value.toString() == index.data(Qt::EditRole).toString() && cellAt(index) != nullptr) return false;
    if (cellAt(index) == nullptr && value.toString().isEmpty()) return false;  // an empty cell left empty
    const auto& [family, qualifier] = columns_[static_cast<std::size_t>(index.column()) - 1];
    putCell(rows_[static_cast<std::size_t>(index.row())].key, {family, qualifier, toStd(value.toString()), {}});
    return false;  // shown when the cluster has acknowledged it and was read again
}

void RowTable::write(const QString& what, const char* verb, std::function<Status(app::TableData&)> act) {
    ++busy_;
    emit changed();
    lane_.ask<bool>(
        this,
        [act = std::move(act),
         line = fmt::format("tributary {} {} # 1 row", verb, toStd(path()))](app::Session& session) -> Result<bool> {
            app::TableData data(session.directory(), app::wallNowMs);
            const Status done = act(data);
            app::audit(session, line, app::auditError(done));
            if (!done) return done.error();
            return true;
        },
        [this, what](const Result<bool>& done) {
            --busy_;
            emit written(what, done ? QString() : toQt(done.error().text()));
            if (done) {
                reload();
            } else {
                emit changed();
            }
        });
}

void RowTable::put(const QString& key, const QString& name, const QString& value) {
    const auto cell = app::parseCellWrite(toStd(name + u'=' + value));
    if (!cell) return emit written(tr("Put %1").arg(key), toQt(cell.error().text()));
    putCell(toStd(key), *cell);
}

void RowTable::putCell(const Bytes& key, const app::CellWrite& cell) {
    write(tr("Put %1:%2 of %3").arg(toQt(cell.family), shownBytes(cell.qualifier), shownBytes(key)), "put",
          [path = toStd(path_), key, cell](app::TableData& data) { return data.put(path, key, {cell}); });
}

void RowTable::deleteRow(int row) {
    if (row < 0 || row >= rowCount()) return;
    const Bytes key = rows_[static_cast<std::size_t>(row)].key;
    write(tr("Delete row %1").arg(keyText(row)), "delete",
          [path = toStd(path_), key](app::TableData& data) { return data.deleteRow(path, key); });
}

void RowTable::deleteCell(const QModelIndex& cell) {
    const app::CellRead* there = cellAt(cell);
    if (there == nullptr) return;
    const Bytes key = rows_[static_cast<std::size_t>(cell.row())].key;
    write(tr("Delete %1 of %2").arg(columnName(cell.column()), keyText(cell.row())), "delete",
          [path = toStd(path_), key, family = there->family, qualifier = there->qualifier](app::TableData& data) {
              return data.deleteColumn(path, key, family, qualifier);
          });
}

}  // namespace tributary::desktop
