// What a link action says before it is done.
#include "app/desktop/document/linkaction.h"

#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

class LinkActionTest : public QObject {
    Q_OBJECT
private slots:
    void namesBothEndsAndTheCommand() {
        const LinkActionWords pause = wordsOf(LinkAction::Pause, "/mapr/sf/t", "/mapr/ny/t", nullptr);
        QCOMPARE(pause.command, u"maprcli table replica pause -path /mapr/sf/t -replica /mapr/ny/t"_s);
        QVERIFY(pause.says.startsWith(u"/mapr/sf/t sends nothing more to /mapr/ny/t"_s));
        for (const LinkAction reads : {LinkAction::Compare, LinkAction::Resync}) {
            const LinkActionWords words = wordsOf(reads, "/mapr/sf/t", "/mapr/ny/t", nullptr);
            QVERIFY(words.command.isEmpty());  // pressing it changes nothing
            QVERIFY(words.says.contains(u"/mapr/ny/t"_s));
        }
    }
    void saysHowMuchWaitsAndInventsNoFigure() {
        ObservedReplica seen;
        QVERIFY(!wordsOf(LinkAction::Resume, "a", "b", &seen).says.contains(u'0'));
        seen.operationsPending = 12;
        QVERIFY(wordsOf(LinkAction::Resume, "a", "b", &seen).says.startsWith(u"12 operations"_s));
        seen.operationsPending = 0;
        QVERIFY(wordsOf(LinkAction::Resume, "a", "b", &seen).says.startsWith(u"Nothing waits"_s));
    }
    void streamsHaveCommandsOfTheirOwn() {
        ObservedReplica seen;
        seen.ofStreams = true;
        QCOMPARE(wordsOf(LinkAction::Pause, "/mapr/sf/s", "/mapr/ny/s", &seen).command,
                 u"maprcli stream replica pause -path /mapr/sf/s -replica /mapr/ny/s"_s);
        QVERIFY(wordsOf(LinkAction::Resume, "a", "b", &seen).command.startsWith(u"maprcli stream replica resume "_s));
    }
    void whatIsUnknownIsNotActedOn() {
        for (const LinkAction each : {LinkAction::Pause, LinkAction::Resume, LinkAction::Compare, LinkAction::Resync})
            QVERIFY(!isPossible(each, nullptr));
        ObservedReplica seen;
        QVERIFY(!isPossible(LinkAction::Pause, &seen) && !isPossible(LinkAction::Resume, &seen));
        seen.paused = true;
        QVERIFY(!isPossible(LinkAction::Pause, &seen) && isPossible(LinkAction::Resume, &seen));
        seen.paused = false;
        QVERIFY(isPossible(LinkAction::Pause, &seen) && !isPossible(LinkAction::Resume, &seen));
    }
};
TRIBUTARY_TEST(LinkActionTest)
#include "tst_linkaction.moc"
