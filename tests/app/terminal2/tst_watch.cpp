// The dashboard's picture and document.
#include <algorithm>

#include "app/terminal/texttable.h"
#include "app/terminal/watchview.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

constexpr Millis kNowMs = 1'800'000'000'000;

WorkspaceStatus statusWith(int links, const std::string& state) {
    WorkspaceStatus status;
    status.root = "/home/ana/pair";
    ClusterRow cluster;
    cluster.name = "sanfrancisco";
    cluster.state = "up";
    cluster.answered = true;
    cluster.gateways = {{"gw-1", {}, true}, {"gw-2", {}, false}};
    cluster.alarms = {{"VOLUME_ALARM_TABLE_REPL_ERROR", "customers", "text", kNowMs - 60'000}};
    status.clusters.push_back(cluster);
    for (int i = 0; i < links; ++i) {
        LinkRow link;
        link.from = "/mapr/sanfrancisco/customers" + std::to_string(i);
        link.to = "/mapr/newyork/customers" + std::to_string(i);
        link.state = state;
        if (state != "?") {
            link.lagMs = 1'200;
            link.bytesPending = 12'000'000;
            link.operationsPending = 12'345;
        }
        status.links.push_back(link);
    }
    return status;
}

WatchModel modelWith(int links, const std::string& state) {
    WatchModel model;
    model.observe(statusWith(links, state), kNowMs - 2'000);
    model.observe(statusWith(links, state), kNowMs - 1'000);
    model.setRun(WatchRun{"multi-master-setup", "catch-up", "started", 11, 18});
    return model;
}

std::string whole(const WatchModel& model, const WatchStyle& style) {
    std::string out;
    for (const std::string& line : renderWatch(model, style)) out += line + "\n";
    return out;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestWatch : public QObject {
    Q_OBJECT

private slots:
    void thePictureFitsTheTerminal_data() {
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("lines");
        QTest::addColumn<int>("links");
        QTest::newRow("usual") << 80 << 24 << 2;
        QTest::newRow("many links") << 80 << 24 << 200;
        QTest::newRow("large") << 160 << 50 << 4;
        QTest::newRow("small") << 40 << 8 << 3;
        QTest::newRow("none") << 80 << 24 << 0;
    }
    void thePictureFitsTheTerminal() {
        QFETCH(int, columns);
        QFETCH(int, lines);
        QFETCH(int, links);
        const WatchModel model = modelWith(links, "replicating");
        WatchStyle style{static_cast<std::size_t>(columns), static_cast<std::size_t>(lines), false, true, true, kNowMs};
        const auto drawn = renderWatch(model, style);
        QCOMPARE(drawn.size(), static_cast<std::size_t>(lines));
        for (const std::string& line : drawn) QVERIFY2(displayWidth(line) <= style.columns, line.c_str());
        if (links > 100) QVERIFY(has(whole(model, style), "more links"));
        if (lines >= 24) QVERIFY(has(whole(model, style), "run multi-master-setup"));
    }

    void figuresAgeAlarmsAndRunAreShown() {
        const std::string text = whole(modelWith(1, "replicating"), {80, 24, false, true, true, kNowMs});
        for (const char* part :
             {"/mapr/sanfrancisco/customers0 -> /mapr/newyork/customers0", "replicating", "1.2 s", "12.0 MB", "12,345",
              "1 of 2 gateways", "1 alarm", "VOLUME_ALARM_TABLE_REPL_ERROR", "11/18 catch-up", "sample 1.0 s old"}) {
            QVERIFY2(has(text, part), (std::string(part) + " in\n" + text).c_str());
        }
        QVERIFY(!has(text, "\x1b"));
    }

    void coloursOnlyWhenAsked() {
        QVERIFY(has(whole(modelWith(1, "paused"), {80, 24, true, true, true, kNowMs}), "\x1b[33m"));
        QVERIFY(!has(whole(modelWith(1, "paused"), {80, 24, false, true, true, kNowMs}), "\x1b"));
    }

    void whatIsNotKnownIsNoZero() {
        WatchModel model = modelWith(1, "replicating");
        model.observe(statusWith(1, "?"), kNowMs);
        const std::string text = whole(model, {80, 24, false, false, true, kNowMs});
        QVERIFY2(has(text, "?"), text.c_str());
        QVERIFY2(!has(text, "12.0 MB"), text.c_str());
        const auto document = watchJson(model, kNowMs + 5'000);
        QVERIFY(document["links"][0]["lagMs"].is_null());
        QCOMPARE(document["links"][0]["sampleAgeMs"].get<std::int64_t>(), std::int64_t(6'000));
        QVERIFY(document["links"][0]["stale"].get<bool>());
        QCOMPARE(document["links"][0]["state"].get<std::string>(), std::string("unknown"));
    }

    void selectionStaysWithItsLink() {
        WatchModel model = modelWith(3, "replicating");
        model.select(1);
        QCOMPARE(model.selected()->from, std::string("/mapr/sanfrancisco/customers1"));
        WorkspaceStatus fewer = statusWith(3, "replicating");
        fewer.links.erase(fewer.links.begin());
        model.observe(fewer, kNowMs);
        QCOMPARE(model.selected()->from, std::string("/mapr/sanfrancisco/customers1"));
        model.select(10);
        QCOMPARE(model.selected()->from, std::string("/mapr/sanfrancisco/customers2"));
    }

    void aFinishedRunIsNoProgress() {
        runbooks::RunState state;
        state.runbookId = "x";
        state.steps = {{}, {}};
        state.steps[0].phase = runbooks::StepPhase::Done;
        state.steps[1].id = "second";
        state.steps[1].phase = runbooks::StepPhase::Started;
        const auto run = progressOf(state);
        QVERIFY(run.has_value());
        QCOMPARE(run->settled, 1);
        QCOMPARE(run->step, std::string("second"));
        state.finished = true;
        QVERIFY(!progressOf(state).has_value());
    }
};
TRIBUTARY_TEST(TestWatch)
#include "tst_watch.moc"
