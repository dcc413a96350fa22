// The models behind the lag panel: ranking, unknown values, fault intervals, scale, CSV.
#include "app/desktop/live/consolehistory.h"
#include "app/desktop/live/laghistory.h"
#include "app/desktop/live/lagplot.h"
#include "app/desktop/live/lagscale.h"
#include "app/desktop/live/lagtable.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr Millis kStartMs = 1'700'000'000'000;

LiveSnapshot lookAt(Millis atMs, std::vector<std::pair<std::string, std::optional<std::int64_t>>> lags) {
    LiveSnapshot snapshot;
    snapshot.atMs = atMs;
    for (auto& [name, lag] : lags) {
        app::LinkRow row;
        row.from = "/mapr/" + name + "/t";
        row.to = "/mapr/z/t";
        row.state = lag ? "replicating" : "?";
        row.lagMs = lag;
        row.bytesPending = lag;
        snapshot.status.links.push_back(row);
    }
    return snapshot;
}

}  // namespace

class LagHistoryTest : public QObject {
    Q_OBJECT
private slots:
    void ranksUnknownBeforeTheWorst();
    void keepsUnknownApartFromZero();
    void knowsNothingBeforeALinkWasSeen();
    void foreseesTheEndOfABacklogThatShrinks();
    void closesAFaultWhenItIsGone();
    void boundsMarks();
    void placesValuesBothWays();
    void ticksSuitTheUnit();
    void showsTheWorstLinksOnly();
    void writesUnknownAsEmptyFields();
    void walksTheConsoleHistory();
    void partitionsAreRowsOfTheirLink();
    void partsAreAskedOnceASecondWhileSomebodyWantsThem();
    void aPartThatNobodyTellsMakesTheSumUnknown();
    void instancesHaveIdleTimesToo();
};

void LagHistoryTest::ranksUnknownBeforeTheWorst() {
    LagHistory history;
    history.observe(lookAt(kStartMs, {{"a", 10}, {"b", 900}, {"c", std::nullopt}}));
    const std::vector<std::string> expected{"/mapr/c/t -> /mapr/z/t", "/mapr/b/t -> /mapr/z/t"};
    QCOMPARE(history.worst(LagFigure::Lag, 2), expected);
}

void LagHistoryTest::keepsUnknownApartFromZero() {
    LagHistory history;
    history.observe(lookAt(kStartMs, {{"a", 0}, {"b", std::nullopt}}));
    const LinkTrack* zero = history.link("/mapr/a/t -> /mapr/z/t");
    const LinkTrack* unknown = history.link("/mapr/b/t -> /mapr/z/t");
    QCOMPARE(newestFigure(*zero, LagFigure::Lag, kStartMs), std::optional<std::int64_t>(0));
    QVERIFY(!newestFigure(*unknown, LagFigure::Lag, kStartMs).has_value());
    // What was known is not known for ever.
    QVERIFY(!newestFigure(*zero, LagFigure::Lag, kStartMs + 10'000).has_value());
}

void LagHistoryTest::foreseesTheEndOfABacklogThatShrinks() {
    LagHistory history;
    LiveSnapshot look = lookAt(kStartMs, {{"a", 5'000}, {"b", 5'000}});
    for (app::LinkRow& row : look.status.links) {
        row.bytesPending = 4'000'000;
        row.operationsPending = 4'000;
        row.bytesPerS = 1'000'000;
        row.operationsPerS = 1'000;
    }
    look.status.links[0].drainMs = 8'000;
    history.observe(look);
    const LinkTrack* shrinks = history.link("/mapr/a/t -> /mapr/z/t");
    const auto bytes = drainForecast(*shrinks, LagFigure::BytesPending, kStartMs);
    QVERIFY(bytes && bytes->fromMs == kStartMs && bytes->forMs == 8'000 && bytes->fromValue == 4'000'000);
    QCOMPARE(drainForecast(*shrinks, LagFigure::OperationsPending, kStartMs)->fromValue, std::int64_t{4'000});
    QVERIFY(!drainForecast(*shrinks, LagFigure::BytesPerS, kStartMs));              // a rate does not drain
    QVERIFY(!drainForecast(*shrinks, LagFigure::BytesPending, kStartMs + 60'000));  // old news
    QVERIFY(!drainForecast(*history.link("/mapr/b/t -> /mapr/z/t"), LagFigure::BytesPending, kStartMs));
    QCOMPARE(newestFigure(*shrinks, LagFigure::OperationsPerS, kStartMs), std::optional<std::int64_t>(1'000));
    QCOMPARE(tickText(LagFigure::BytesPerS, 1'000'000), u"1 MB/s"_s);
}

void LagHistoryTest::knowsNothingBeforeALinkWasSeen() {
    LagHistory history;
    const Millis seenMs = kStartMs + 45'000;
    for (int i = 0; i < 5; ++i) history.observe(lookAt(seenMs + i * 1'000, {{"a", 7}}));
    const LinkTrack* track = history.link("/mapr/a/t -> /mapr/z/t");
    for (const LagColumn& column : columnsOf(*track, LagFigure::Lag, kStartMs - 60'000, seenMs + 5'000, 220)) {
        if (column.toMs <= seenMs) QVERIFY(!column.max.has_value());
        if (column.fromMs >= seenMs) QCOMPARE(column.max, std::optional<std::int64_t>(7));
    }
}

void LagHistoryTest::closesAFaultWhenItIsGone() {
    LagHistory history;
    LiveSnapshot cut = lookAt(kStartMs, {});
    cut.status.faults.push_back({"cut", "a", "b", 0, "cut a -> b"});
    history.observe(cut);
    cut.atMs += 500;
    history.observe(cut);
    QCOMPARE(history.faults().size(), std::size_t{1});
    QCOMPARE(history.faults()[0].toMs, Millis{0});
    history.observe(lookAt(kStartMs + 1'000, {}));
    QCOMPARE(history.faults()[0].toMs, kStartMs + 1'000);
    cut.atMs = kStartMs + 2'000;
    history.observe(cut);
    QCOMPARE(history.faults().size(), std::size_t{2});
}

void LagHistoryTest::boundsMarks() {
    LagHistory history;
    for (std::size_t i = 0; i < LagHistory::kMarksMax + 5; ++i) history.mark({kStartMs + Millis(i), u"s"_s, {}, {}});
    QCOMPARE(history.marks().size(), LagHistory::kMarksMax);
    QCOMPARE(history.marks().front().atMs, kStartMs + 5);
}

void LagHistoryTest::placesValuesBothWays() {
    for (const bool symLog : {false, true}) {
        const LagScale scale{symLog};
        for (const double value : {-5'000.0, -1.0, 0.0, 1.0, 250.0, 3.6e6}) {
            QVERIFY(qAbs(scale.value(scale.place(value)) - value) < 1e-6 * (1 + qAbs(value)));
        }
        QCOMPARE(scale.place(0), 0.0);
        QVERIFY(scale.place(-10) < scale.place(0) && scale.place(0) < scale.place(10));
    }
}

void LagHistoryTest::ticksSuitTheUnit() {
    const LagScale linear;
    const auto time = linear.ticks(0, 200'000, 5, LagFigure::Lag);
    QVERIFY(time.size() >= 3 && time[0] == 0 && time[1] == 60'000);
    QCOMPARE(tickText(LagFigure::Lag, 60'000), u"1 min"_s);
    const LagScale logarithmic{true};
    const auto decades = logarithmic.ticks(-0.1, logarithmic.place(1e6), 8, LagFigure::BytesPending);
    QVERIFY(decades.size() >= 6);
    QCOMPARE(decades[0], 0.0);
    QCOMPARE(decades.back(), 1e6);
    QVERIFY(logarithmic.ticks(2, 2, 8, LagFigure::Lag).empty());
}

void LagHistoryTest::showsTheWorstLinksOnly() {
    LagHistory history;
    history.observe(lookAt(kStartMs, {{"a", 1}, {"b", 2}, {"c", 3}}));
    LagTable table(history);
    table.setCount(2);
    QCOMPARE(table.rowCount(), 2);
    QCOMPARE(table.ids()[0], std::string("/mapr/c/t -> /mapr/z/t"));
    QCOMPARE(table.index(0, LagTable::LagColumn).data().toString(), u"3 ms"_s);
    history.observe(lookAt(kStartMs + 300, {{"a", 1}, {"b", std::nullopt}, {"c", 3}}));
    table.refresh();
    table.setCount(3);
    QCOMPARE(table.index(1, LagTable::LagColumn).data().toString(), u"unknown"_s);
    QVERIFY(table.index(1, 0).data(LagTable::StaleRole).toBool());
}

void LagHistoryTest::writesUnknownAsEmptyFields() {
    LagHistory history;
    for (int i = 0; i < 4; ++i) {
        history.observe(lookAt(kStartMs + i * 1'000, {{"a", i == 2 ? std::nullopt : std::optional<std::int64_t>(7)}}));
    }
    const std::string csv = lagCsv(history, {"/mapr/a/t -> /mapr/z/t"}, kStartMs, kStartMs + 4'000);
    const auto lines = QString::fromStdString(csv).split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 5);
    QVERIFY(lines[0].startsWith(u"time_utc,link,lag_max_ms"_s));
    QCOMPARE(lines[1], u"2023-11-14T22:13:20Z,\"/mapr/a/t -> /mapr/z/t\",7,,,7,,,,,"_s);
    QCOMPARE(lines[3], u"2023-11-14T22:13:22Z,\"/mapr/a/t -> /mapr/z/t\",,,,,,,,,"_s);
}

void LagHistoryTest::partsAreAskedOnceASecondWhileSomebodyWantsThem() {
    PartsKept kept;
    int asked = 0;
    const auto lookAt = [&](bool isWanted, Millis nowMs) {
        const PartsBehind& parts = kept.look(isWanted, nowMs, [&] {
            return PartsBehind{{"a -> b", {{"web", "0", ++asked}}}};
        });
        return parts.empty() ? std::int64_t{-1} : parts.at("a -> b").front().behind.value_or(-2);
    };
    QCOMPARE(lookAt(false, 5'000), std::int64_t{-1});
    QCOMPARE(asked, 0);
    for (Millis atMs = 5'300; atMs < 6'300; atMs += 300) QCOMPARE(lookAt(true, atMs), std::int64_t{1});
    QCOMPARE(lookAt(true, 6'300), std::int64_t{2});
    QCOMPARE(lookAt(true, 6'600), std::int64_t{2});
    // What was kept is old once nobody has wanted it: the next look asks.
    QCOMPARE(lookAt(false, 6'700), std::int64_t{-1});
    QCOMPARE(lookAt(true, 6'800), std::int64_t{3});
    QCOMPARE(asked, 3);
}

void LagHistoryTest::partitionsAreRowsOfTheirLink() {
    LagHistory history;
    LiveSnapshot look = lookAt(kStartMs, {{"a", 10}, {"b", 20}});
    look.parts["/mapr/b/t -> /mapr/z/t"] = {{"web", "0", 5}, {"web", "1", 0}, {"mobile", "0", 70}};
    history.observe(look);
    QCOMPARE(newestFigure(*history.link("/mapr/b/t -> /mapr/z/t"), LagFigure::PartsBehind, kStartMs),
             std::optional<std::int64_t>(75));
    // A link without parts has no such figure, and 0 is none.
    QVERIFY(!newestFigure(*history.link("/mapr/a/t -> /mapr/z/t"), LagFigure::PartsBehind, kStartMs));
    LagTable table(history);
    table.setFigures(LagFigure::Lag, LagFigure::OperationsPending);
    QCOMPARE(table.rowCount(), 2);
    table.setFigures(LagFigure::Lag, LagFigure::PartsBehind);
    QCOMPARE(table.rowCount(), 5);
    QCOMPARE(table.index(2, LagTable::LinkColumn).data().toString().trimmed(), u"mobile · 0"_s);
    QCOMPARE(table.index(2, LagTable::BacklogColumn).data().toString(), u"70"_s);
    QCOMPARE(table.index(2, LagTable::LagColumn).data().toString(), QString());
    QCOMPARE(table.index(4, LagTable::BacklogColumn).data().toString(), u"0"_s);
    QVERIFY(!table.index(4, 0).data(LagTable::StaleRole).toBool());
    // The part that lacks most is among few.
    QCOMPARE(history.partsOf("/mapr/b/t -> /mapr/z/t", 1),
             std::vector<std::string>{"/mapr/b/t -> /mapr/z/t # mobile \u00b7 0"});
}

void LagHistoryTest::aPartThatNobodyTellsMakesTheSumUnknown() {
    LagHistory history;
    LiveSnapshot look = lookAt(kStartMs, {{"b", 20}});
    look.parts["/mapr/b/t -> /mapr/z/t"] = {{"web", "0", 5}, {"web", "1", std::nullopt}};
    history.observe(look);
    QVERIFY(!newestFigure(*history.link("/mapr/b/t -> /mapr/z/t"), LagFigure::PartsBehind, kStartMs));
    LagTable table(history);
    table.setFigures(LagFigure::Lag, LagFigure::PartsBehind);
    QCOMPARE(table.index(2, LagTable::BacklogColumn).data().toString(), u"unknown"_s);
    QVERIFY(table.index(2, 0).data(LagTable::StaleRole).toBool());
}

void LagHistoryTest::instancesHaveIdleTimesToo() {
    LagHistory history;
    LiveSnapshot look = lookAt(kStartMs, {{"a", std::nullopt}});
    look.status.links[0].ofMembers = true;
    look.status.links[0].idleMs = 420;
    look.status.links[0].operationsPending = 3;
    history.observe(look);
    const LinkTrack& track = *history.link("/mapr/a/t -> /mapr/z/t");
    QCOMPARE(newestFigure(track, LagFigure::Idle, kStartMs), std::optional<std::int64_t>(420));
    QCOMPARE(newestFigure(track, LagFigure::OperationsPending, kStartMs), std::optional<std::int64_t>(3));
    QVERIFY(!newestFigure(track, LagFigure::Lag, kStartMs));  // masked is unknown
    LagPlot plot(history);
    plot.resize(500, 300);
    plot.setCurves({{track.id(), 0, false}});
    plot.redraw(kStartMs + 1'000);
}

void LagHistoryTest::walksTheConsoleHistory() {
    ConsoleHistory history;
    history.add(u"one"_s);
    history.add(u"two"_s);
    history.add(u"two"_s);
    QCOMPARE(history.lines(), (QStringList{u"one"_s, u"two"_s}));
    QCOMPARE(history.back(u"half"_s), u"two"_s);
    QCOMPARE(history.back(u"two"_s), u"one"_s);
    QCOMPARE(history.back(u"one"_s), u"one"_s);
    QCOMPARE(history.on(), u"two"_s);
    QCOMPARE(history.on(), u"half"_s);
    QCOMPARE(history.on(), u"half"_s);
}

TRIBUTARY_TEST(LagHistoryTest)
#include "tst_laghistory.moc"
