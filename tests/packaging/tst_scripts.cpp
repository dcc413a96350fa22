// Scripts whose exit code counts let every producer of a pipe speak to its end, and the pictures kept are those shown.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include "runbooks/export/exporter.h"
#include "runbooks/library/library.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;

namespace {

const QString kRoot = QStringLiteral(TRIBUTARY_SOURCE_DIR "/");

QByteArray textOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The first line in which a reader may leave before its producer is done: under pipefail the producer then dies of
/// SIGPIPE, and the pipe counts as failed. Empty when there is none.
QString earlyReader(const QString& script) {
    static const QRegularExpression kEarly(
        QStringLiteral("\\|&?\\s*(?:"
                       "head\\b"
                       "|(?:[efz]?grep|rg)\\b[^|;)]*\\s(?:-[a-zA-Z]*q|--quiet|--silent|-[a-zA-Z]*m\\s*\\d|--max-count)"
                       "|sed\\b[^|]*[\\d;{'\" /]q(?=[;}'\"\\s]|$)"
                       "|awk\\b[^|]*\\bexit\\b"
                       "|read\\b"
                       "|jq\\b[^|]*\\b(?:first|limit|halt)\\b)"));
    // A pipe may go on on the next line.
    QString joined = script;
    joined.replace(QRegularExpression(QStringLiteral("\\\\\\n\\s*")), QStringLiteral(" "));
    joined.replace(QRegularExpression(QStringLiteral("\\|\\s*\\n\\s*")), QStringLiteral("| "));
    for (const QString& line : joined.split(QLatin1Char('\n'))) {
        if (line.trimmed().startsWith(QLatin1Char('#'))) continue;
        if (kEarly.match(line).hasMatch()) return line.trimmed();
    }
    return {};
}

/// Shell scripts of a folder and below it: by name, or by their first line.
QStringList scriptsBelow(const QString& folder) {
    QStringList found;
    for (QDirIterator each(kRoot + folder, QDir::Files, QDirIterator::Subdirectories); each.hasNext();) {
        const QString path = each.next();
        const QByteArray begin = textOf(path).left(80);
        const bool shell = begin.startsWith("#!") && begin.contains("sh");
        if (shell || path.endsWith(QStringLiteral(".bash")) || path.endsWith(QStringLiteral(".sh")) ||
            begin.contains("Sourced by")) {
            found << path;
        }
    }
    return found;
}

}  // namespace

class ScriptsTest : public QObject {
    Q_OBJECT

private slots:
    void theRuleSeesWhatItForbids_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<bool>("forbidden");
        const auto row = [](const char* script, bool forbidden) {
            QTest::newRow(script) << QString::fromLatin1(script) << forbidden;
        };
        row("ninja -t targets all | grep -q x", true);
        row("a |grep -Eq x", true);
        row("a | grep -m1 x", true);
        row("a | grep --quiet x", true);
        row("a | head -n1", true);
        row("a | sed -n 1q", true);
        row("a | sed '/x/q'", true);
        row("a | awk '{ print; exit }'", true);
        row("a | read -r line", true);
        row("a |\n  grep -q x", true);
        row("a \\\n  | head -n 3", true);
        row("grep -q x <<<\"$a\"", false);
        row("grep -q x file", false);
        row("a | grep x >/dev/null", false);
        row("a | tail -n 1", false);
        row("a | sed 's/q/x/'", false);
        row("a | awk '{ print $1 }'", false);
        row("a | while read -r line; do :; done", false);
        row("# a | head", false);
    }
    void theRuleSeesWhatItForbids() {
        QFETCH(QString, script);
        QFETCH(bool, forbidden);
        QCOMPARE(!earlyReader(script).isEmpty(), forbidden);
    }

    void noScriptReadsAPipeOnlyInPart() {
        QStringList scripts;
        for (const char* folder : {"packaging", "runbooks", "resources", "app", "engine", "tests", ".ci"}) {
            scripts += scriptsBelow(QString::fromLatin1(folder));
        }
        QVERIFY(scripts.size() >= 12);
        for (const QString& path : scripts) {
            const QString line = earlyReader(QString::fromUtf8(textOf(path)));
            QVERIFY2(line.isEmpty(), qPrintable(path + QStringLiteral(": ") + line));
        }
    }

    void noExportedScriptReadsAPipeOnlyInPart() {
        int exported = 0;
        for (const runbooks::LibraryEntry& entry : runbooks::listLibrary()) {
            const auto book = runbooks::findRunbook(entry.name, {});
            QVERIFY_OK(book);
            runbooks::ParameterValues given;
            for (const runbooks::Parameter& parameter : book->parameters) {
                if (parameter.required) given[parameter.name] = parameter.example;
            }
            const auto values = runbooks::resolveParameters(*book, given);
            QVERIFY_OK(values);
            const auto text = runbooks::exportRunbook(*book, *values, runbooks::ExportTarget::Bash, "0.1.0");
            QVERIFY_OK(text);
            const QString line = earlyReader(QString::fromStdString(*text));
            QVERIFY2(line.isEmpty(), qPrintable(QString::fromStdString(entry.name) + QStringLiteral(": ") + line));
            ++exported;
        }
        QVERIFY(exported >= 6);
    }

    void theKeptPicturesAreThoseThatAreShown() {
        const QByteArray readme = textOf(kRoot + QStringLiteral("README.md"));
        const QByteArray installed = textOf(kRoot + QStringLiteral("packaging/deb/CMakeLists.txt"));
        const QByteArray ignored = textOf(kRoot + QStringLiteral(".gitignore"));
        static const QRegularExpression kPicture(QStringLiteral("resources/screenshots/([\\w-]+\\.png)"));
        int shown = 0;
        for (auto each = kPicture.globalMatch(QString::fromUtf8(readme)); each.hasNext(); ++shown) {
            const QString path = each.next().captured();
            QVERIFY2(QFile::exists(kRoot + path), qPrintable(path));
            QVERIFY2(installed.contains(path.toUtf8()), qPrintable(path));
            QVERIFY2(ignored.contains(QByteArray("!" + path.toUtf8())), qPrintable(path));
        }
        QCOMPARE(shown, 2);
        QCOMPARE(ignored.count("!resources/screenshots/"), shown);
    }
};
TRIBUTARY_TEST(ScriptsTest)
#include "tst_scripts.moc"
