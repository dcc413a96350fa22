// Pictures of the window's main states, made by the window itself: for the README, the metainfo and for looking at.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <vector>

#include "app/desktop/shell/livebridge.h"
#include "app/desktop/shell/mainwindow.h"

namespace tributary::desktop {

/// Walks the window through its states at 1280x800 and 1920x1080, light and dark, and saves a PNG of each; the states
/// of a run are those of a real run on the embedded engine.
class ScreenshotTour final : public QObject {
    Q_OBJECT
public:
    ScreenshotTour(MainWindow& window, LiveBridge& bridge, ThemeHolder& themes, QString folder,
                   QObject* parent = nullptr);
    /// Leaves the other scenes out; what one needs of those before it is the caller's business.
    void keepOnly(const QStringList& names);
    void start();

signals:
    /// How many could not be written, or did not come to the state that they should show.
    void finished(int failures);

private:
    struct Scene {
        QString name;
        std::function<void()> show;
        std::function<bool()> ready;  ///< none: at once
        int lingerMs = 0;             ///< after it is ready: a chart needs a past
    };
    struct Look {
        QSize size;
        ThemeKind theme;
        QString name;
    };

    void addDrawingScenes();
    void addLargeScenes();
    void addRunScenes();
    void addObservedScenes();
    void addFaultScenes();
    void next();
    void wait(int leftMs);
    void take();
    QWidget* raise(const QString& dock);
    template <typename Widget>
    [[nodiscard]] Widget* part(const QString& dock, const QString& name);
    void press(const QString& dock, const QString& button);

    MainWindow& window_;
    LiveBridge& bridge_;
    ThemeHolder& themes_;
    QString folder_;
    std::vector<Scene> scenes_;
    std::vector<Look> looks_;
    std::size_t scene_ = 0;
    std::size_t look_ = 0;
    int failures_ = 0;
};

}  // namespace tributary::desktop
