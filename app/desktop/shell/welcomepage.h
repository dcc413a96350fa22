// The first thing one sees: recent workspaces and the examples, one click away.
#pragma once

#include <QVBoxLayout>
#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class WelcomePage final : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(const ThemeHolder& themes, QWidget* parent = nullptr);
    void setRecents(const QStringList& folders);

signals:
    void newRequested();
    void openRequested();
    void recentChosen(const QString& folder);
    void exampleChosen(const QString& name);

private:
    void rebuild();

    const ThemeHolder& themes_;
    QStringList recents_;
    QWidget* page_ = nullptr;
    QVBoxLayout* outer_;
};

}  // namespace tributary::desktop
