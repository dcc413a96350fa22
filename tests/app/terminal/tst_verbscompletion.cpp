// Completion: every candidate is one that the command line takes.
#include "app/terminal/completion.h"

#include <QTest>
#include <algorithm>

#include "app/terminal/terminalhelp.h"
#include "app/terminal/verb.h"
#include "core/workspace/topologyfile.h"
#include "spawn.h"
#include "testmain.h"

using namespace tributary;
using Words = std::vector<std::string>;
Q_DECLARE_METATYPE(Words)

namespace {

Topology drawing() {
    return loadTopology(std::string(TRIBUTARY_SOURCE_DIR) + "/resources/examples/multi-master/topology.yaml").value();
}

bool holds(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

class VerbsCompletionTest : public QObject {
    Q_OBJECT

private slots:
    void offersWhatMayFollow_data() {
        QTest::addColumn<Words>("words");
        QTest::addColumn<QString>("current");
        QTest::addColumn<Words>("expected");
        QTest::newRow("sub-command") << Words{"fault"} << "c" << Words{"cut", "clear"};
        QTest::newRow("clusters") << Words{"fault", "cut"} << "" << Words{"sanfrancisco", "newyork"};
        QTest::newRow("second cluster") << Words{"fault", "cut", "newyork"} << "s" << Words{"sanfrancisco"};
        QTest::newRow("gateway action") << Words{"fault", "gateway"} << "" << Words{"stop", "start"};
        QTest::newRow("gateway") << Words{"fault", "gateway", "stop"} << "gw-n" << Words{"gw-ny-1", "gw-ny-2"};
        QTest::newRow("users") << Words{"--as"} << "" << Words{"ana", "ben"};
        QTest::newRow("users behind a verb") << Words{"status", "--as"} << "b" << Words{"ben"};
        QTest::newRow("folder") << Words{"status", "-w"} << "" << Words{};
        QTest::newRow("globals skipped") << Words{"-w", "x", "--json", "fault"} << "di" << Words{"disk"};
        QTest::newRow("example") << Words{"new", "x", "--example"} << "m" << Words{"multi-master"};
        QTest::newRow("rule") << Words{"check", "--rule"} << "maprdb.self" << Words{"maprdb.self-edge"};
        QTest::newRow("shell") << Words{"completion"} << "" << Words{"bash", "zsh", "fish"};
        QTest::newRow("dialect words") << Words{"maprcli", "table", "upstream"} << "" << Words{"add", "list", "remove"};
        QTest::newRow("dialect paths") << Words{"maprcli", "table", "info", "-path"} << "/mapr/n"
                                       << Words{"/mapr/newyork/customers"};
        QTest::newRow("dialect cluster") << Words{"maprcli", "table", "info", "-cluster"} << "new" << Words{"newyork"};
        QTest::newRow("element to adopt") << Words{"adopt"} << "n" << Words{"newyork"};
        QTest::newRow("element to plan") << Words{"plan", "--only"} << "/mapr/n" << Words{"/mapr/newyork/customers"};
        QTest::newRow("choices") << Words{"up", "--durability"} << "" << Words{"fsync", "write"};
        QTest::newRow("unknown verb") << Words{"nonsense"} << "" << Words{};
    }
    void offersWhatMayFollow() {
        QFETCH(Words, words);
        QFETCH(QString, current);
        QFETCH(Words, expected);
        const Topology topology = drawing();
        QCOMPARE(app::completeWords(words, current.toStdString(), &topology), expected);
    }

    void listsEveryVisibleVerb() {
        const Words found = app::completeWords({}, "", nullptr);
        for (const app::Verb& verb : app::verbTable()) {
            QVERIFY2(holds(found, verb.name) == (verb.group != app::kHiddenGroup), verb.name.c_str());
        }
    }

    void offersExactlyTheOptionsThatHelpShows() {
        for (const app::Verb& verb : app::verbTable()) {
            if (verb.rawArguments) continue;
            const QString help = test::spawn({QString::fromStdString(verb.name), QStringLiteral("--help")}).out;
            for (const std::string& option : app::completeWords({verb.name}, "--", nullptr)) {
                QVERIFY2(help.contains(QString::fromStdString(option)), (verb.name + " " + option).c_str());
            }
        }
    }

    void usedOptionsAreNotOfferedAgain() {
        QVERIFY(holds(app::completeWords({"up"}, "--", nullptr), "--foreground"));
        QVERIFY(!holds(app::completeWords({"up", "--foreground"}, "--", nullptr), "--foreground"));
    }

    void scriptsAskTheProgram() {
        for (const std::string& shell : app::completionShells()) {
            QVERIFY(app::completionScript(shell).find("tributary __complete --") != std::string::npos);
        }
        QVERIFY(app::completionScript("tcsh").empty());
        const QString probe = QStringLiteral(
            "source /dev/stdin; COMP_WORDS=(tributary fault cl); COMP_CWORD=2; _tributary; echo \"${COMPREPLY[*]}\"");
        test::SpawnOptions options;
        options.program = QStringLiteral("/bin/bash");
        options.input =
            QByteArray::fromStdString("PATH=" TRIBUTARY_BINARY_DIR "/bin:$PATH\n" + app::completionScript("bash"));
        QCOMPARE(test::spawn({QStringLiteral("-c"), probe}, options).out.trimmed(), QStringLiteral("clear"));
    }
};

TRIBUTARY_TEST(VerbsCompletionTest)
#include "tst_verbscompletion.moc"
