// Pictures of the window's main states, made by the window itself: for the README, the metainfo and for looking at.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

#include "app/desktop/shell/mainwindow.h"

namespace tributary::desktop {

/// Walks the window through its states at 1280x800 and 1920x1080, light and dark, and saves a PNG of each.
class ScreenshotTour final : public QObject {
    Q_OBJECT
public:
    ScreenshotTour(MainWindow& window, ThemeHolder& themes, QString folder, QObject* parent = nullptr);
    void start();

signals:
    /// How many could not be written.
    void finished(int failures);

private:
    struct Scene {
        QString name;
        std::function<void()> show;
        int settleMs = 0;  ///< more than usual: an engine starts
    };

    void addScenes();
    void next();
    void take();

    MainWindow& window_;
    ThemeHolder& themes_;
    QString folder_;
    std::vector<Scene> scenes_;
    std::vector<std::pair<QSize, ThemeKind>> looks_;
    std::size_t scene_ = 0;
    std::size_t look_ = 0;
    int failures_ = 0;
};

}  // namespace tributary::desktop
