// The drawing as a tree: everything the canvas can do, by keyboard and for screen readers.
#pragma once

#include <QLineEdit>
#include <QTreeWidget>
#include <QWidget>
#include <map>
#include <vector>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"
#include "app/desktop/panels/outlinerows.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class OutlinePanel final : public QWidget {
    Q_OBJECT
public:
    OutlinePanel(DesktopDocument& document, Selection& selection, const ThemeHolder& themes, QWidget* parent = nullptr);
    [[nodiscard]] QTreeWidget& tree() { return *tree_; }
    /// Opens the editor on the selected item's name.
    void editName();
    /// What is wrong with what runs: marks on rows.
    void setObserved(std::vector<Finding> observed);
    /// What runs and is not drawn: rows of their own, pale.
    void setGhosts(std::vector<Ghost> ghosts);

signals:
    void nameEdited(const tributary::desktop::ItemRef& ref, const QString& name);
    void contextMenuRequested(const tributary::desktop::ItemRef& ref, const QPoint& screenPos);

private:
    class Row;

    void rebuild();
    /// Makes the children of `parent` the wanted ones; rows that stay the same are not touched.
    void syncRows(QTreeWidgetItem& parent, const std::vector<OutlineBranch>& wanted);
    void fillRow(Row& row, const OutlineFacts& facts);
    void forgetRow(QTreeWidgetItem* row);
    void refreshMarks();
    void takeSelection();
    void giveSelection();
    void filter(const QString& text);
    [[nodiscard]] Row* rowOf(const ItemRef& ref) const;
    [[nodiscard]] static ItemRef refOf(const QTreeWidgetItem* item);
    /// The same, and nothing for what is not drawn.
    [[nodiscard]] static ItemRef drawnRefOf(const QTreeWidgetItem* item);

    DesktopDocument& document_;
    Selection& selection_;
    const ThemeHolder& themes_;
    QLineEdit* filter_;
    QTreeWidget* tree_;
    std::map<ItemRef, Row*> rows_;  ///< owned by the tree
    QTimer rebuild_;
    bool recolour_ = false;  ///< the theme changed: every icon is made anew
    bool filtered_ = false;
    std::vector<Finding> observed_;
    std::vector<Ghost> ghosts_;
    bool syncing_ = false;
};

}  // namespace tributary::desktop
