// Readers as rows.
#include "app/desktop/live/readertable.h"

#include <QDateTime>

#include "app/desktop/live/livetext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

QString countText(std::uint64_t count) {
    return QLocale().toString(static_cast<qulonglong>(count));
}

}  // namespace

void ReaderTable::set(std::vector<app::BrowseReader> readers, const QString& section) {
    const bool sameShape = readers.size() == readers_.size() && section == section_;
    if (sameShape) {
        readers_ = std::move(readers);
        if (!readers_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    readers_ = std::move(readers);
    section_ = section;
    endResetModel();
}

int ReaderTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(readers_.size());
}

int ReaderTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ReaderTable::textAt(const app::BrowseReader& reader, int column) {
    switch (column) {
        case ReaderColumn: return toQt(reader.reader);
        case SectionColumn: return toQt(reader.section);
        case CommittedColumn: return countText(reader.committed);
        case EndColumn: return reader.end ? countText(*reader.end) : tr("unknown");
        default: {
            const auto behind = reader.behind();
            return behind ? countText(*behind) : tr("unknown");
        }
    }
}

QVariant ReaderTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const app::BrowseReader& reader = readers_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return textAt(reader, index.column());
        case Qt::TextAlignmentRole:
            return index.column() == ReaderColumn ? QVariant() : QVariant(Qt::AlignRight | Qt::AlignVCenter);
        case Qt::ToolTipRole:
            return reader.committedMs == 0
                       ? tr("When it committed is unknown")
                       : tr("Committed %1")
                             .arg(
                                 QDateTime::fromMSecsSinceEpoch(reader.committedMs).toString(u"yyyy-MM-dd HH:mm:ss"_s));
        default: return {};
    }
}

QVariant ReaderTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section != ReaderColumn) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case ReaderColumn: return tr("Group");
        case SectionColumn: return section_;
        case CommittedColumn: return tr("Committed");
        case EndColumn: return tr("End");
        default: return tr("Behind");
    }
}

}  // namespace tributary::desktop
