// Runs of which only the record is there: of this workspace, and out of a support bundle.
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>

#include "app/care/supportbundle.h"
#include "app/desktop/live/recordedruns.h"
#include "app/desktop/live/replaybar.h"
#include "app/desktop/shell/livebridge.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/workspace.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

namespace {

constexpr const char* kRun = "20260105T090000-setup";

std::string record(const std::string& type, Millis atMs, const std::string& data) {
    return "{\"seq\":1,\"at\":" + std::to_string(atMs) + ",\"type\":\"" + type + "\",\"data\":" + data + "}\n";
}

/// Two steps, ten seconds each; the second one fails.
std::string journal() {
    const std::string end = ",\"evidence\":[],\"fingerprint\":\"\",\"lag\":{}}";
    return record(
               "run", 1'000'000,
               R"({"run":"20260105T090000-setup","number":1,"runbook":"setup","title":"Set it up","system":"maprdb",)"
               R"("hash":"0","text":"","parameters":{},"fingerprint":"",)"
               R"("steps":[{"id":"make","title":"Make it"},{"id":"join","title":"Join it"}]})") +
           record("session", 1'000'000, R"({"kind":"run","user":"ana"})") +
           record("step-started", 1'000'000, R"({"step":"make"})") +
           record("step-result", 1'010'000, R"({"step":"make","phase":"done")" + end) +
           record("step-started", 1'010'000, R"({"step":"join"})") +
           record("step-result", 1'020'000, R"({"step":"join","phase":"failed","reason":"refused")" + end) +
           record("finish", 1'020'000, R"({"outcome":"failed","exit":1,"reason":"refused","fix":""})");
}

}  // namespace

class RecordedReplayTest : public QObject {
    Q_OBJECT
private slots:
    void anEarlierRunIsShownAgainFromItsJournal() {
        WindowWorld world;
        put(world.folder());
        LiveBridge bridge(*world.window);
        world.window->openWorkspace(world.folder());
        QTRY_VERIFY(bridge.live() != nullptr);
        bridge.askReplay();
        replayFirst(world);
        QTRY_VERIFY(bridge.replay() != nullptr);
        RunControl& run = bridge.live()->run();
        const auto phase = [&run](const QString& id) { return run.steps().find(id)->phase; };
        QCOMPARE(phase(u"join"_s), runbooks::StepPhase::Pending);
        ReplayLine& line = bridge.replay()->line();
        line.setAt(1'015'000);
        QCOMPARE(phase(u"make"_s), runbooks::StepPhase::Done);
        QCOMPARE(phase(u"join"_s), runbooks::StepPhase::Started);
        line.setAt(1'020'000);
        QCOMPARE(phase(u"join"_s), runbooks::StepPhase::Failed);
        // What the clusters were is in no journal: nothing is drawn as if it were known, and the bar says so.
        QVERIFY(!bridge.observed().known && bridge.observed().links.empty());
        QVERIFY(bridge.replay()->findChild<QLabel*>(u"replay-told"_s)->text().contains(u"unknown"_s));
        QVERIFY(!run.canResume() && !run.canUndo());
        bridge.endReplay();
        QCOMPARE(phase(u"join"_s), runbooks::StepPhase::Failed);
    }
    void aBundleIsOpenedAsAFolderOfItsOwn() {
        WindowWorld world;
        put(world.folder());
        const QString file = world.dir.path() + u"/bundle.tar.gz"_s;
        QVERIFY_OK(app::writeSupportBundle(WorkspacePaths{world.folder().toStdString()}, {file.toStdString(), 1, {}}));
        auto owner = std::make_unique<LiveBridge>(*world.window);
        LiveBridge& bridge = *owner;
        bridge.openBundle(file);
        QTRY_VERIFY(bridge.live() != nullptr);
        QVERIFY(bridge.live()->root() != world.folder());
        QCOMPARE(world.drawing().clusters.size(), std::size_t{2});
        replayFirst(world);
        QTRY_VERIFY(bridge.replay() != nullptr);
        bridge.replay()->line().setAt(1'015'000);
        QCOMPARE(bridge.live()->run().steps().find(u"join"_s)->phase, runbooks::StepPhase::Started);
        const QString folder = bridge.live()->root();
        owner.reset();
        QVERIFY(QDir(folder).removeRecursively());
    }
    void whatIsNoBundleIsSaid() {
        WindowWorld world;
        LiveBridge bridge(*world.window);
        const QString file = world.dir.path() + u"/no-bundle.tar.gz"_s;
        QVERIFY_OK(saveFileAtomically(file.toStdString(), "no archive"));
        bridge.openBundle(file);
        QVERIFY(world.bench().banners->textOf(u"error"_s).contains(u"cannot be read"_s));
        QVERIFY(bridge.live() == nullptr);
    }

private:
    static void put(const QString& folder) {
        QVERIFY_OK(createExample("multi-master", folder.toStdString()));
        const QString run = folder + u"/.tributary/runs/"_s + QString::fromUtf8(kRun);
        QVERIFY(QDir().mkpath(run));
        QVERIFY_OK(saveFileAtomically(run.toStdString() + "/journal.jsonl", journal()));
    }
    static void replayFirst(WindowWorld& world) {
        QTRY_VERIFY(world.window->findChild<RunsDialog*>() != nullptr);
        auto* dialog = world.window->findChild<RunsDialog*>();
        auto* list = dialog->findChild<QTreeWidget*>(u"runs"_s);
        QTRY_COMPARE(list->topLevelItemCount(), 1);
        QVERIFY2(list->topLevelItem(0)->text(2) != u"unreadable"_s, qPrintable(list->topLevelItem(0)->toolTip(0)));
        dialog->findChild<QPushButton*>(u"runs-replay"_s)->click();
    }
};
TRIBUTARY_TEST(RecordedReplayTest)
#include "tst_recordedreplay.moc"
