// Messages that stay until they are answered, above the canvas instead of in dialogs.
#pragma once

#include <QVBoxLayout>
#include <QWidget>
#include <functional>
#include <map>
#include <vector>

#include "app/desktop/style/theme.h"
#include "core/rules/rule.h"

namespace tributary::desktop {

struct BannerButton {
    QString text;
    std::function<void()> run;
};

/// One line: what happened, and what can be done about it.
struct Banner {
    Severity severity = Severity::Info;
    QString text;
    std::vector<BannerButton> buttons;
    bool closable = true;
};

class BannerBar final : public QWidget {
    Q_OBJECT
public:
    explicit BannerBar(const ThemeHolder& themes, QWidget* parent = nullptr);
    /// Shows a banner in place of the one with the same id.
    void showBanner(const QString& id, const Banner& banner);
    void hideBanner(const QString& id);
    [[nodiscard]] bool shows(const QString& id) const { return rows_.contains(id); }
    /// The text of a shown banner.
    [[nodiscard]] QString textOf(const QString& id) const;

private:
    [[nodiscard]] QWidget* makeRow(const QString& id, const Banner& banner);
    void rebuild();

    const ThemeHolder& themes_;
    QVBoxLayout* column_;
    std::map<QString, Banner> banners_;
    std::map<QString, QWidget*> rows_;
};

}  // namespace tributary::desktop
