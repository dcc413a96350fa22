// Pages into rows.
#include "app/desktop/live/browsetable.h"

#include <algorithm>

#include "app/desktop/live/livetext.h"

namespace tributary::desktop {

void BrowseTable::show(const app::DataBrowser* browser, const app::BrowseRequest& request) {
    beginResetModel();
    browser_ = browser;
    request_ = request;
    request_.rowsMost = kPageRows;
    columns_.clear();
    rows_.clear();
    details_.clear();
    next_.reset();
    problem_.clear();
    note_.clear();
    endResetModel();
    ++asked_;
    if (browser_ != nullptr) read({});
    emit changed();
}

void BrowseTable::read(Bytes after) {
    ++busy_;
    next_.reset();
    app::BrowseRequest request = request_;
    request.after = std::move(after);
    lane_.ask<app::BrowsePage>(
        this, [browser = browser_, request](app::Session& session) { return browser->read(session, request); },
        [this, asked = asked_](Result<app::BrowsePage> page) {
            --busy_;
            if (asked != asked_) return emit changed();
            problem_ = page ? QString() : toQt(page.error().full());
            if (page) take(std::move(page).value());
            emit changed();
        });
    emit changed();
}

void BrowseTable::take(app::BrowsePage page) {
    note_ = toQt(page.note);
    // Where each column of the page stands in the table: a later page may know others, in another order.
    std::vector<std::size_t> places;
    places.reserve(page.columns.size());
    std::vector<app::BrowseColumn> columns = columns_;
    for (const app::BrowseColumn& column : page.columns) {
        const auto at = std::find_if(columns.begin(), columns.end(),
                                     [&](const app::BrowseColumn& known) { return known.title == column.title; });
        places.push_back(static_cast<std::size_t>(at - columns.begin()));
        if (at == columns.end()) columns.push_back(column);
    }
    if (columns.size() > columns_.size()) {
        beginInsertColumns({}, columnCount(), static_cast<int>(columns.size()) - 1);
        columns_ = std::move(columns);
        endInsertColumns();
    }
    if (!page.rows.empty()) {
        const int first = rowCount();
        beginInsertRows({}, first, first + static_cast<int>(page.rows.size()) - 1);
        rows_.reserve(rows_.size() + page.rows.size());
        for (std::vector<app::BrowseCell>& cells : page.rows) {
            std::vector<app::BrowseCell> row(columns_.size(), app::BrowseCell{{}, false});
            for (std::size_t i = 0; i < cells.size() && i < places.size(); ++i) row[places[i]] = std::move(cells[i]);
            rows_.push_back(std::move(row));
        }
        page.details.resize(page.rows.size());
        std::move(page.details.begin(), page.details.end(), std::back_inserter(details_));
        endInsertRows();
    }
    next_ = std::move(page.next);
}

QString BrowseTable::detail(int row) const {
    return row >= 0 && row < rowCount() ? toQt(details_[static_cast<std::size_t>(row)]) : QString();
}

int BrowseTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int BrowseTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

const app::BrowseCell* BrowseTable::cellAt(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= rowCount()) return nullptr;
    const auto& row = rows_[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<std::size_t>(index.column());
    return column < row.size() && row[column].isThere ? &row[column] : nullptr;
}

QVariant BrowseTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const app::BrowseCell* cell = cellAt(index);
    switch (role) {
        case Qt::DisplayRole: return cell == nullptr ? QVariant() : QVariant(toQt(cell->text));
        case Qt::AccessibleTextRole: return cell == nullptr ? tr("nothing") : toQt(cell->text);
        case Qt::ToolTipRole: return cell == nullptr ? tr("It has no such value") : toQt(cell->text).left(2'000);
        case Qt::TextAlignmentRole:
            return columns_[static_cast<std::size_t>(index.column())].isNumber
                       ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                       : QVariant();
        default: return {};
    }
}

QVariant BrowseTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    const app::BrowseColumn& column = columns_[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return toQt(column.title);
    if (role == Qt::TextAlignmentRole && column.isNumber) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

bool BrowseTable::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && next_.has_value() && busy_ == 0 && rowCount() < kRowsMax;
}

void BrowseTable::fetchMore(const QModelIndex& parent) {
    if (canFetchMore(parent)) read(Bytes(*next_));
}

}  // namespace tributary::desktop
