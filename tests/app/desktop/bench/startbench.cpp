// A cold start: the designer's own process, from its birth to its end.
#include <QFileInfo>
#include <QProcess>

#include "benchcases.h"
#include "stopwatch.h"

using namespace Qt::StringLiterals;

namespace tributary::bench {

void benchStart() {
    const QString program = QCoreApplication::applicationDirPath() + u"/tributary-designer"_s;
    if (!QFileInfo::exists(program)) {
        std::printf("%s is not built: no figure of a start\n", qPrintable(program));
        return;
    }
    std::vector<Took> times;
    QString told;
    for (int i = 0; i < 5; ++i) {
        const Stopwatch clock;
        QProcess process;
        process.start(program, {u"--time-start"_s});
        process.waitForFinished(30'000);
        times.push_back(clock.took());
        told = QString::fromUtf8(process.readAllStandardError()).trimmed().section(u'\n', -1);
    }
    report("designer's process from birth to end, median", percentile(times, 0.5), 500);
    std::printf("    it says: %s\n", qPrintable(told));
}

}  // namespace tributary::bench
