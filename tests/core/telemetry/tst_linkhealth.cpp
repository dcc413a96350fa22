// Which links are well: only those that replicate, with a lag that is known.
#include <QTest>

#include "core/telemetry/linkhealth.h"
#include "testmain.h"

using namespace tributary;

class LinkHealthTest : public QObject {
    Q_OBJECT
private slots:
    void onlyALinkThatDoesAllItIsMeantToIsGood_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<bool>("hasError");
        QTest::addColumn<bool>("lagKnown");
        QTest::addColumn<bool>("fellBack");
        QTest::addColumn<bool>("cut");
        QTest::addColumn<QString>("health");
        const auto row = [](const char* name, const char* state, bool error, bool known, bool fell, bool cut,
                            const char* health) {
            QTest::newRow(name) << QString::fromLatin1(state) << error << known << fell << cut
                                << QString::fromLatin1(health);
        };
        row("replicates", "replicating", false, true, false, false, "good");
        row("lag not observed", "replicating", false, false, false, false, "unknown");
        row("synchronous fallen back", "replicating", false, true, true, false, "held");
        row("cut, not noticed yet", "replicating", false, true, false, true, "bad");
        row("in error", "replicating", true, true, false, false, "bad");
        row("paused", "paused", false, true, false, false, "held");
        row("paused and cut", "paused", false, true, false, true, "held");
        row("paused, in error", "paused", true, true, false, false, "bad");
        row("copying", "copying", false, true, false, false, "held");
        row("scheduled", "scheduled", false, true, false, false, "held");
        row("connecting", "connecting", false, true, false, false, "held");
        row("connecting into a cut", "connecting", false, true, false, true, "bad");
        row("gateways down", "unreachable", false, true, false, false, "bad");
        row("half agreed", "agreement-missing", false, true, false, false, "bad");
        row("error by its state", "error", false, true, false, false, "bad");
        row("source silent", "?", false, false, false, false, "unknown");
        row("follows", "follow", false, true, false, false, "good");
        row("a consumer at work", "active", false, true, false, false, "good");
        row("a consumer that waits for its first rows", "pending", false, false, false, false, "held");
        row("a consumer that has stopped", "stopped", false, true, false, false, "bad");
        row("follows, and its lag means nothing", "follow", false, false, false, false, "good");
        row("stopped by a conflict", "stopped", true, false, false, false, "bad");
        row("stopped without a word", "stopped", false, false, false, false, "bad");
        row("disconnected", "disconnected", false, false, false, false, "bad");
        row("never connected", "not connected", false, false, false, false, "bad");
        row("joins", "final_join", false, false, false, false, "held");
        row("catches up", "sync", false, false, false, false, "held");
        row("refused for now", "loading", true, false, false, false, "bad");
        row("nothing told", "", false, true, false, false, "unknown");
    }
    void onlyALinkThatDoesAllItIsMeantToIsGood() {
        QFETCH(QString, state);
        QFETCH(bool, hasError);
        QFETCH(bool, lagKnown);
        QFETCH(bool, fellBack);
        QFETCH(bool, cut);
        QFETCH(QString, health);
        const std::string word = state.toStdString();
        const std::string_view name = linkHealthName(linkHealth({word, hasError, lagKnown, fellBack, cut}));
        QCOMPARE(QString::fromStdString(std::string(name)), health);
    }
};

TRIBUTARY_TEST(LinkHealthTest)
#include "tst_linkhealth.moc"
