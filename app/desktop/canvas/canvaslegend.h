// What lines, signs and colours of the canvas mean: a card in its corner.
#pragma once

#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class CanvasLegend final : public QWidget {
    Q_OBJECT
public:
    CanvasLegend(const ThemeHolder& themes, QWidget* parent);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const ThemeHolder& themes_;
};

}  // namespace tributary::desktop
