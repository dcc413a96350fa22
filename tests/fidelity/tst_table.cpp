// Every scenario on this program and on a real Tarantool 2.6.0, and on sets of both: a table of what is the same. What
// may differ has a name and a reason (differences.h); anything else fails.
//
// What the real one says is in captures/, and TestCaptures holds it against the installed program; TRIBUTARY_LIVE=1
// runs it here as well.
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <cstdio>

#include "absence.h"
#include "differences.h"
#include "instances.h"
#include "scenario.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

const QRegularExpression kPlace(u"/tmp/[^ ]*instances.enabled"_s);
const QString kFolder = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/fidelity/");

QString fileText(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The first line that differs, of both.
QString firstDifference(const QString& real, const QString& ours) {
    const QStringList was = real.split(u'\n');
    const QStringList is = ours.split(u'\n');
    for (qsizetype i = 0; i < qMax(was.size(), is.size()); ++i) {
        const QString one = i < was.size() ? was[i] : u"(nothing)"_s;
        const QString other = i < is.size() ? is[i] : u"(nothing)"_s;
        if (one != other) return u"line %1:\n  real %2\n  ours %3"_s.arg(i + 1).arg(one, other);
    }
    return {};
}

}  // namespace

class TestTable : public QObject {
    Q_OBJECT
private slots:
    void sameOnBoth_data() { scenarios(); }
    void sameOnBoth() {
        QFETCH(const QString, name);
        const auto ours = ourTarantool();
        QVERIFY(hold(*ours, name, u"ours"_s));
        if (!qEnvironmentVariableIsSet("TRIBUTARY_LIVE")) return;
        const auto real = realTarantool();
        TRIBUTARY_NEEDS_TARANTOOL(real);
        QString problem;
        const QString said = runScenario(*real, fileText(kFolder + u"scenarios/"_s + name), problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const QString captured = fileText(kFolder + u"captures/2.6.0/"_s + name);
        QVERIFY2(said == captured, qPrintable(firstDifference(captured, said)));
        note(name, u"real"_s, u"yes"_s);
    }

    /// Sets of two: the scenarios of conflicts, each instance once of ours and once real.
    void sameInMixedSets_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("own");
        for (const char* name : {"setup", "conflict-and-rebootstrap", "skip-conflict", "trigger"}) {
            QTest::newRow(qPrintable(QString::fromLatin1(name) + u", i1 is ours"_s))
                << QString::fromLatin1(name) + u".txt"_s << u"i1"_s;
            QTest::newRow(qPrintable(QString::fromLatin1(name) + u", i2 is ours"_s))
                << QString::fromLatin1(name) + u".txt"_s << u"i2"_s;
        }
    }
    void sameInMixedSets() {
        QFETCH(const QString, name);
        QFETCH(const QString, own);
        const auto mixed = mixedTarantool({own});
        TRIBUTARY_NEEDS_TARANTOOL(mixed);
        QVERIFY(hold(*mixed, name, own + u" ours"_s));
    }

    void cleanupTestCase() {
        QStringList columns{u"ours"_s, u"i1 ours"_s, u"i2 ours"_s, u"real"_s};
        std::printf("%-26s %-30s %-30s %-30s %s\n", "scenario, as the real one", "ours", "i1 ours", "i2 ours",
                    "real, as captured");
        for (const auto& [name, cells] : table_) {
            QStringList shown;
            for (const QString& column : columns) {
                const auto at = cells.find(column);
                const QString other = column == u"real"_s ? u"yes"_s : u"-"_s;
                shown << (at == cells.end() ? other : at->second);
            }
            std::printf("%-26s %-30s %-30s %-30s %s\n", qPrintable(name.chopped(4)), qPrintable(shown[0]),
                        qPrintable(shown[1]), qPrintable(shown[2]), qPrintable(shown[3]));
        }
        for (const Difference& each : {kLogFrame, kOtherFiles}) std::printf("%s: %s\n", each.name, each.reason);
        std::fflush(stdout);
    }

private:
    static void scenarios() {
        QTest::addColumn<QString>("name");
        const QDir scripts(kFolder + u"scenarios"_s);
        for (const QString& file : scripts.entryList({u"*.txt"_s})) {
            QTest::newRow(qPrintable(file.chopped(4))) << file;
        }
    }
    void note(const QString& name, const QString& column, const QString& what) { table_[name][column] = what; }

    /// Runs it and holds it against the capture, or against what this program is known to say instead.
    bool hold(Instances& instances, const QString& name, const QString& column) {
        note(name, column, u"NO"_s);
        QString problem;
        const QString own = kFolder + u"ours/"_s + name;
        const bool isOwn = column == u"ours"_s && QFile::exists(kFolder + u"ours/scripts/"_s + name);
        QString said = runScenario(
            instances, fileText(isOwn ? kFolder + u"ours/scripts/"_s + name : kFolder + u"scenarios/"_s + name),
            problem);
        if (isOwn && !problem.isEmpty()) {
            said += u"(it ends here: %1)\n"_s.arg(masked(instances, problem).replace(kPlace, u"<folder>"_s));
        } else if (!problem.isEmpty()) {
            qWarning("%s", qPrintable(problem + u"\n\n"_s + said));
            return false;
        }
        if (isOwn && qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
            QFile file(own);
            if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate)) return false;
            file.write(said.toUtf8());
        }
        const Compared both = compared(fileText(isOwn ? own : kFolder + u"captures/2.6.0/"_s + name), said);
        if (both.real != both.ours) {
            qWarning("%s", qPrintable(firstDifference(both.real, both.ours)));
            return false;
        }
        QStringList differences = both.differences;
        if (isOwn) differences = {QString::fromLatin1(kOtherFiles.name)};
        const QString same = isOwn ? u"no: "_s : u"yes, but "_s;
        note(name, column, differences.isEmpty() ? u"yes"_s : same + differences.join(u", "_s));
        return true;
    }

    std::map<QString, std::map<QString, QString>> table_;
};

TRIBUTARY_TEST(TestTable)
#include "tst_table.moc"
