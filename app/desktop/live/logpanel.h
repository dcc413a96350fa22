// The log dock: what happened, filterable, with the details of the selected line.
#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

#include "app/desktop/live/liveworkspace.h"

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QTableView;

namespace tributary::desktop {

/// Lines of one kind, or of all, whose text or details hold some words.
class LogFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    /// -1: every kind.
    void setKind(int kind);
    void setWords(const QString& words);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    int kind_ = -1;
    QStringList words_;
};

/// Stays at the newest line until somebody scrolls away from it.
class LogPanel final : public QWidget {
    Q_OBJECT
public:
    explicit LogPanel(LiveWorkspace& live, QWidget* parent = nullptr);

    /// Selects the line nearest to a time.
    void showTime(qint64 atMs);

private:
    void showDetail();

    LiveWorkspace& live_;
    LogFilter filter_;
    QComboBox* kind_ = nullptr;
    QLineEdit* words_ = nullptr;
    QTableView* list_ = nullptr;
    QPlainTextEdit* detail_ = nullptr;
};

}  // namespace tributary::desktop
