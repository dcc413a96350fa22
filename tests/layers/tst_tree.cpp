// The source tree obeys every rule, and the terminal loads no GUI library.
#include <QFileInfo>
#include <QMap>
#include <QProcess>
#include <QSet>
#include <algorithm>

#include "rule.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::layers;

class TestTree : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        auto tree = readTree(QStringLiteral(TRIBUTARY_SOURCE_DIR));
        QVERIFY2(tree.has_value(), "the source folder that this test was built from is gone");
        tree_ = std::move(*tree);
        QVERIFY2(tree_.size() > 40, "the walk missed most of the tree");
    }

    void obeys_data() {
        QTest::addColumn<qsizetype>("index");
        const auto rules = allRules();
        for (std::size_t i = 0; i < rules.size(); ++i) {
            QTest::newRow(qPrintable(rules[i].id)) << static_cast<qsizetype>(i);
        }
    }
    void obeys() {
        QFETCH(const qsizetype, index);
        const Rule rule = allRules().at(static_cast<std::size_t>(index));
        const QStringList found = offences(rule, tree_, exceptions());
        // One message each: Qt Test cuts long ones.
        for (const QString& offence : found) qWarning("%s", qPrintable(offence));
        QVERIFY2(found.isEmpty(), qPrintable(u"%1 offences against \"%2\""_s.arg(found.size()).arg(rule.why)));
    }

    /// For whoever asks what stands on what.
    void printsWhatEachFolderOfEngineStandsOn() {
        const QStringList order = engineOrder();
        QMap<QString, QSet<QString>> below;
        for (const FolderInclude& one : engineIncludes(tree_)) below[one.from].insert(one.to);
        for (const QString& folder : order) {
            QStringList names = below[folder].values();
            std::sort(names.begin(), names.end(),
                      [&](const QString& a, const QString& b) { return order.indexOf(a) < order.indexOf(b); });
            qInfo("engine/%s: %s", qPrintable(folder), names.isEmpty() ? "nothing" : qPrintable(names.join(u' ')));
        }
        QVERIFY(!below.isEmpty());
    }

    void terminalLoadsNoGui() {
        const QString executable = QStringLiteral(TRIBUTARY_EXECUTABLE);
        QVERIFY2(QFileInfo::exists(executable), qPrintable(executable));
        QProcess ldd;
        ldd.start(u"ldd"_s, {executable});
        QVERIFY2(ldd.waitForFinished(), qPrintable(ldd.errorString()));
        const QString loaded = QString::fromUtf8(ldd.readAllStandardOutput());
        QVERIFY2(loaded.contains(u"libc.so"), qPrintable(loaded));
        static const auto kGui = pattern(u"libQt6(Gui|Widgets|OpenGL|PrintSupport)\\S*|libqcustomplot\\S*"_s);
        const auto match = kGui.match(loaded);
        QVERIFY2(!match.hasMatch(), qPrintable(match.captured()));
    }

private:
    Tree tree_;
};
TRIBUTARY_TEST(TestTree)
#include "tst_tree.moc"
