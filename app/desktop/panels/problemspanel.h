// What the rules say about the drawing, with the fix as one undoable edit; and what is wrong with what runs.
#pragma once

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QWidget>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/drawingeditor.h"
#include "app/desktop/document/selection.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class ProblemsPanel final : public QWidget {
    Q_OBJECT
public:
    ProblemsPanel(DesktopDocument& document, DrawingEditor& editor, Selection& selection, const ThemeHolder& themes,
                  QWidget* parent = nullptr);
    [[nodiscard]] QListWidget& list() { return *list_; }
    /// What was observed of the running system: listed after the drawing's own problems. Does nothing when it is what
    /// is listed already.
    void setObserved(std::vector<Finding> observed);
    /// Applies the fix of the current problem, or of the first that has one.
    void fixCurrent();
    /// "2 errors, 1 warning".
    [[nodiscard]] QString summary() const;

signals:
    void summaryChanged();
    /// The problem's place in the text was asked for.
    void placeRequested(const tributary::SourcePos& pos);

private:
    void rebuild();
    void updateButtons();
    [[nodiscard]] const Finding* findingAt(int row) const;

    DesktopDocument& document_;
    DrawingEditor& editor_;
    Selection& selection_;
    const ThemeHolder& themes_;
    QLabel* summary_;
    QPushButton* fix_;
    QPushButton* fixAll_;
    QListWidget* list_;
    std::vector<Finding> shown_;
    std::vector<Finding> observed_;
};

}  // namespace tributary::desktop
