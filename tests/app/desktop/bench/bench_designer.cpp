// The figures of the designer's Speed list, measured on the real window; a target of its own, no test.
// `bench_designer [start] [drawing] [lag] [load]`: all of them when none is named.
#include <QTemporaryDir>

#include "benchcases.h"
#include "stopwatch.h"

using namespace Qt::StringLiterals;
using namespace tributary::bench;
using namespace tributary::desktop;

int main(int argc, char** argv) {
    const Stopwatch start;
    QApplication app(argc, argv);
    QTemporaryDir folder;
    const QStringList wanted = QApplication::arguments().mid(1);
    const auto chosen = [&](const QString& name) { return wanted.isEmpty() || wanted.contains(name); };
    {
        QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        ThemeHolder themes(ThemeKind::Light);
        applyTheme(themes.theme());
        MainWindow window(themes, settings);
        window.restorePlaces();
        window.resize(1920, 1080);
        window.show();
        paintNow();
        report("start in this process, to the welcome page", start.took(), 500);
        QDir(folder.path()).mkdir(u"drawing"_s);
        if (chosen(u"drawing"_s)) benchDrawing(window, folder.filePath(u"drawing"_s));
    }
    if (chosen(u"start"_s)) benchStart();
    if (chosen(u"lag"_s)) benchLagChart();
    if (chosen(u"load"_s)) benchLoad(folder.filePath(u"load"_s));
    return 0;
}
