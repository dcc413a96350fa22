// Ctrl+F: finds items on the canvas by name.
#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QWidget>
#include <vector>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/selection.h"

namespace tributary::desktop {

/// Every item of the drawing whose name contains the text, in the drawing's order.
[[nodiscard]] std::vector<ItemRef> findItems(const Topology& topology, const std::string& text);
/// Every item of the drawing.
[[nodiscard]] std::vector<ItemRef> allItems(const Topology& topology);

class FindBar final : public QWidget {
    Q_OBJECT
public:
    FindBar(const DesktopDocument& document, Selection& selection, QWidget* parent = nullptr);
    void open();

signals:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void step(int by);

    const DesktopDocument& document_;
    Selection& selection_;
    QLineEdit* input_;
    QLabel* count_;
    std::vector<ItemRef> found_;
    std::size_t current_ = 0;
};

}  // namespace tributary::desktop
