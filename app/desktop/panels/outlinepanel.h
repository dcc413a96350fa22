// The drawing as a tree: everything the canvas can do, by keyboard and for screen readers.
#pragma once

#include <QLineEdit>
#include <QTreeWidget>
#include <QWidget>
#include <map>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class OutlinePanel final : public QWidget {
    Q_OBJECT
public:
    OutlinePanel(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QWidget* parent = nullptr);
    [[nodiscard]] QTreeWidget& tree() { return *tree_; }
    /// Opens the editor on the selected item's name.
    void editName();

signals:
    void nameEdited(const tributary::desktop::ItemRef& ref, const QString& name);
    void contextMenuRequested(const tributary::desktop::ItemRef& ref, const QPoint& screenPos);

private:
    struct Row;

    void rebuild();
    void refreshMarks();
    void takeSelection();
    void giveSelection();
    void filter(const QString& text);
    QTreeWidgetItem* addRow(QTreeWidgetItem* parent, const ItemRef& ref, const QString& icon, const QString& text,
                            const QString& detail);
    void addLinks(QTreeWidgetItem& dataset, const std::string& path);

    DesktopDocument& document_;
    Selection& selection_;
    const ThemeHolder& themes_;
    QLineEdit* filter_;
    QTreeWidget* tree_;
    std::map<ItemRef, QTreeWidgetItem*> rows_;
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> linksFrom_;
    QTimer rebuild_;
    bool syncing_ = false;
};

}  // namespace tributary::desktop
