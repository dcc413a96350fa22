// tributary-designer: opens a window on a workspace.
#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFileInfo>
#include <cstdio>

#include "app/daemon/processes.h"
#include "app/desktop/canvas/canvasaccessible.h"
#include "app/desktop/shell/firstframe.h"
#include "app/desktop/shell/livecommands.h"
#include "app/desktop/shell/mainwindow.h"
#include "app/desktop/shell/observedcommands.h"
#include "app/desktop/shell/screenshots.h"
#include "app/desktop/style/plurals.h"

using namespace Qt::StringLiterals;
using namespace tributary::desktop;

namespace {

ThemeKind themeNamed(const QString& name) {
    if (name == u"light") return ThemeKind::Light;
    if (name == u"dark") return ThemeKind::Dark;
    return name == u"contrast" ? ThemeKind::Contrast : systemTheme();
}

}  // namespace

int main(int argc, char** argv) {
    QElapsedTimer sinceStart;
    sinceStart.start();
    tributary::app::fillStandardDescriptors();
    QApplication app(argc, argv);
    QApplication::setOrganizationName(u"Tributary"_s);
    QApplication::setApplicationName(u"tributary-designer"_s);
    QApplication::setApplicationDisplayName(u"Tributary"_s);
    QApplication::setApplicationVersion(QStringLiteral(TRIBUTARY_VERSION));
    installPlurals(app);
    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "Draws and runs replication topologies."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(u"WORKSPACE"_s, QApplication::translate("main", "A folder with a topology.yaml."),
                                 u"[WORKSPACE]"_s);
    const QCommandLineOption theme(
        u"theme"_s, QApplication::translate("main", "light, dark or contrast; default: the system's."), u"name"_s);
    const QCommandLineOption pictures(
        u"screenshots"_s, QApplication::translate("main", "Save pictures of the main states in this folder and quit."),
        u"folder"_s);
    const QCommandLineOption scenes(
        u"scenes"_s, QApplication::translate("main", "Of these pictures only: names with commas."), u"names"_s);
    const QCommandLineOption timing(
        u"time-start"_s,
        QApplication::translate("main", "Say how long it took until the window can be used, and quit."));
    parser.addOptions({theme, pictures, scenes, timing});
    parser.process(app);
    const QString wanted = parser.value(theme);
    if (!wanted.isEmpty() && !QStringList{u"light"_s, u"dark"_s, u"contrast"_s}.contains(wanted)) {
        std::fprintf(stderr, "there is no theme '%s'\n  try: --theme light, dark or contrast\n", qPrintable(wanted));
        return 2;
    }
    QSettings settings;
    ThemeHolder themes(themeNamed(wanted.isEmpty() ? settings.value(u"theme"_s).toString() : wanted));
    applyTheme(themes.theme());
    CanvasAccessible::install();
    MainWindow window(themes, settings);
    LiveBridge bridge(window);
    const LiveCommands commands(window, bridge);
    const ObservedCommands observed(window, bridge);
    window.restorePlaces();
    if (parser.isSet(pictures)) {
        ScreenshotTour tour(window, bridge, themes, parser.value(pictures));
        QObject::connect(&tour, &ScreenshotTour::finished, &app,
                         [](int failures) { QApplication::exit(failures == 0 ? 0 : 1); });
        if (parser.isSet(scenes)) tour.keepOnly(parser.value(scenes).split(u','));
        tour.start();
        return QApplication::exec();
    }
    if (parser.isSet(timing)) {
        new FirstFrame(window, [&] {
            std::fprintf(stderr, "usable after %lld ms\n", static_cast<long long>(sinceStart.elapsed()));
            QApplication::quit();
        });
    }
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openWorkspace(QFileInfo(parser.positionalArguments().first()).absoluteFilePath());
    return QApplication::exec();
}
