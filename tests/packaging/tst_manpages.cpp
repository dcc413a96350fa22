// Man pages say what --help says.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <algorithm>

#include "app/terminal/manpages.h"
#include "app/terminal/terminalhelp.h"
#include "app/terminal/verb.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

QString helpOf(const std::string& verb) {
    QProcess process;
    process.start(QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary"),
                  {QString::fromStdString(verb), QStringLiteral("--help")});
    if (!process.waitForFinished(20'000) || process.exitCode() != 0) return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

/// The page as man shows it, without its page breaks' blank lines.
QString shown(const ManPage& page) {
    QProcess man;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MANWIDTH"), QStringLiteral("200"));
    man.setProcessEnvironment(environment);
    man.setProcessChannelMode(QProcess::MergedChannels);
    man.start(QStringLiteral("man"), {QStringLiteral("--warnings"), QStringLiteral("-l"), QStringLiteral("-")});
    if (!man.waitForStarted(10'000)) return QStringLiteral("man is not installed");
    man.write(page.text.data(), static_cast<qint64>(page.text.size()));
    man.closeWriteChannel();
    man.waitForFinished(20'000);
    return QString::fromUtf8(man.readAllStandardOutput());
}

/// Words only: man hyphenates nothing here, but it indents.
QStringList wordsOf(const QString& text) {
    static const QRegularExpression kBlank(QStringLiteral("\\s+"));
    return text.split(kBlank, Qt::SkipEmptyParts);
}

}  // namespace

class ManPagesTest : public QObject {
    Q_OBJECT

private slots:
    void everyVerbHasThePageThatItsHelpIs_data() {
        QTest::addColumn<QString>("verb");
        for (const Verb& verb : verbTable()) {
            if (verb.group != kHiddenGroup && !verb.rawArguments)
                QTest::newRow(verb.name.c_str()) << QString::fromStdString(verb.name);
        }
    }
    void everyVerbHasThePageThatItsHelpIs() {
        QFETCH(QString, verb);
        const std::string name = "tributary-" + verb.toStdString();
        const std::vector<ManPage> pages = manPages();
        const auto page =
            std::find_if(pages.begin(), pages.end(), [&](const ManPage& one) { return one.name == name; });
        QVERIFY(page != pages.end());
        const QStringList there = wordsOf(shown(*page).toLower());
        for (const QString& word : wordsOf(helpOf(verb.toStdString()).toLower())) {
            // Headings lose their colon in a page.
            QString bare = word;
            if (bare.endsWith(QLatin1Char(':'))) bare.chop(1);
            QVERIFY2(there.contains(word) || there.contains(bare), qPrintable(verb + QStringLiteral(": ") + word));
        }
    }

    void pagesAreCleanRoff() {
        for (const ManPage& page : manPages()) {
            QProcess groff;
            groff.setProcessChannelMode(QProcess::MergedChannels);
            groff.start(QStringLiteral("groff"),
                        {QStringLiteral("-man"), QStringLiteral("-ww"), QStringLiteral("-z"), QStringLiteral("-")});
            QVERIFY(groff.waitForStarted());
            groff.write(page.text.data(), static_cast<qint64>(page.text.size()));
            groff.closeWriteChannel();
            QVERIFY(groff.waitForFinished(20'000));
            const QByteArray complaints = groff.readAllStandardOutput();
            QVERIFY2(complaints.isEmpty(), (page.name + ": " + complaints.toStdString()).c_str());
        }
    }

    void theDesignersPageHasEveryOptionOfItsHelp() {
        QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/packaging/deb/tributary-designer.1"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString page = shown({"tributary-designer", "1", file.readAll().toStdString()});
        QProcess process;
        process.start(QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary-designer"), {QStringLiteral("--help")});
        QVERIFY(process.waitForFinished(20'000) && process.exitCode() == 0);
        static const QRegularExpression kOption(QStringLiteral("--[a-z-]+"));
        int options = 0;
        for (auto at = kOption.globalMatch(QString::fromUtf8(process.readAllStandardOutput())); at.hasNext(); ++options)
            QVERIFY2(page.contains(at.next().captured()), qPrintable(page));
        QVERIFY(options >= 4);
        QVERIFY(!page.contains(QStringLiteral("warning:")));
    }

    void hiddenVerbsHaveNone() {
        for (const ManPage& page : manPages()) QVERIFY2(page.name.find("__") == std::string::npos, page.name.c_str());
    }
};
TRIBUTARY_TEST(ManPagesTest)
#include "tst_manpages.moc"
