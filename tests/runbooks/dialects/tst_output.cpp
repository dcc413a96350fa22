// What commands print, byte for byte against golden files; TRIBUTARY_UPDATE_GOLDEN=1 rewrites them.
#include "runbooks/dialects/maprcli/output.h"

#include <QDir>
#include <QFile>
#include <algorithm>

#include "core/base/text.h"
#include "core/operations/schema.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using Json = nlohmann::ordered_json;

namespace {

constexpr Millis kNowMs = 1'508'206'409'942;  // 2017-10-17 02:13:29.942 UTC
constexpr int kPacificMinutes = -420;

Operation op(const std::string& line) {
    const auto parsed = parseLine(line);
    if (!parsed) qFatal("%s: %s", line.c_str(), parsed.error().full().c_str());
    return parsed.value().op;
}

void compareWithGolden(const QString& name, const std::string& got) {
    QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/dialect/") + name);
    if (qEnvironmentVariable("TRIBUTARY_UPDATE_GOLDEN") == QStringLiteral("1")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(got.data(), static_cast<qint64>(got.size())), static_cast<qint64>(got.size()));
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    QCOMPARE(QByteArray::fromStdString(got), file.readAll());
}

long lineCount(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

Outcome replicaList() {
    Outcome outcome;
    outcome.add({{"cluster", "newyork"},
                 {"table", "/customers"},
                 {"type", "maprdb.binary"},
                 {"realTablePath", "/customers"},
                 {"replicaPath", "/mapr/newyork/customers"},
                 {"replicaState", "REPLICA_STATE_REPLICATING"},
                 {"paused", false},
                 {"throttle", false},
                 {"idx", 1},
                 {"networkencryption", false},
                 {"synchronous", false},
                 {"networkcompression", "lz4"},
                 {"isUptodate", false},
                 {"minPendingTS", 1'508'206'400'000},
                 {"maxPendingTS", 1'508'206'409'000},
                 {"bytesPending", 515'935'659},
                 {"putsPending", 462'970},
                 {"bucketsPending", 8},
                 {"uuid", "1f0a4c6e-9c3d-4b7a-8f21-0d5e6a7b8c9d"},
                 {"copyTableCompletionPercentage", 100}});
    return outcome;
}

Outcome brokenReplicaList() {
    Outcome outcome = replicaList();
    Json second = outcome.rows[0];
    second["replicaState"] = "REPLICA_STATE_CREATE_SCHEDULE";
    second["errors"] = {{"Code", "ErrAllGatewaysUnreachable"},
                        {"Host", "10.0.0.7"},
                        {"Msg", "All configured gateways to cluster newyork are unreachable"}};
    outcome.add(std::move(second));
    return outcome;
}

Outcome tableInfo() {
    Outcome outcome;
    outcome.add({{"path", "/mapr/sanfrancisco/customers"},
                 {"numregions", 1},
                 {"totallogicalsize", 0},
                 {"totalphysicalsize", 0},
                 {"totalcopypendingsize", 0},
                 {"totalrows", 0},
                 {"totalnumberofspills", 0},
                 {"totalnumberofsegments", 0},
                 {"autosplit", true},
                 {"bulkload", false},
                 {"tabletype", "binary"},
                 {"regionsizemb", 4096},
                 {"audit", false},
                 {"metricsinterval", 60},
                 {"maxvalueszinmemindex", 100},
                 {"adminaccessperm", "u:ana"},
                 {"replperm", "u:root | u:ana"},
                 {"uuid", "1f0a4c6e-9c3d-4b7a-8f21-0d5e6a7b8c9d"}});
    return outcome;
}

Outcome upstreamList() {
    Outcome outcome;
    outcome.add({{"cluster", "sanfrancisco"}, {"table", "/customers"}, {"idx", 1}, {"uuid", R"(\x1F\x0A\x4C\x6E)"}});
    return outcome;
}

Outcome gatewayList() {
    Outcome outcome;
    outcome.add({{"cluster", "newyork"}, {"gatewayConfig", "gw-ny-1 gw-ny-2"}});
    return outcome;
}

const Operation& replicaListOp() {
    static const Operation kOp = op("maprcli table replica list -path /mapr/sanfrancisco/customers");
    return kOp;
}

}  // namespace

class TestOutput : public QObject {
    Q_OBJECT
private slots:
    void listsMatchTheirGoldenFiles_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("json");
        const auto row = [](const char* name, const char* line, const Outcome& outcome) {
            const Operation asked = op(line);
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromStdString(renderText(asked, outcome))
                                << QString::fromStdString(renderJson(asked, outcome, kNowMs, kPacificMinutes));
        };
        row("table-info", "maprcli table info -path /mapr/sanfrancisco/customers", tableInfo());
        row("replica-list", "maprcli table replica list -path /mapr/sanfrancisco/customers", replicaList());
        row("replica-list-broken", "maprcli table replica list -path /mapr/sanfrancisco/customers",
            brokenReplicaList());
        row("upstream-list", "maprcli table upstream list -path /mapr/newyork/customers", upstreamList());
        row("gateway-list", "maprcli cluster gateway list", gatewayList());
        row("empty-list", "maprcli table upstream list -path /mapr/newyork/customers", Outcome{});
    }
    void listsMatchTheirGoldenFiles() {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(QString, json);
        compareWithGolden(name + QStringLiteral(".txt"), text.toStdString());
        compareWithGolden(name + QStringLiteral(".json"), json.toStdString());
        // The layout may be the vendor's; it must still be JSON.
        const Json document = Json::parse(json.toStdString());
        QCOMPARE(document["status"].get<std::string>(), std::string("OK"));
        QCOMPARE(document["data"].size(), document["total"].get<std::size_t>());
    }
    void lineCountsAreThoseOfTheSystem() {
        const Operation& list = replicaListOp();
        QCOMPARE(lineCount(renderJson(list, Outcome{}, kNowMs, 0)), 9L);
        QCOMPARE(lineCount(renderJson(list, replicaList(), kNowMs, 0)), 30L);
        QCOMPARE(replicaList().rows[0].size(), std::size_t{20});
        QCOMPARE(lineCount(renderJson(op("maprcli cluster gateway list"), gatewayList(), kNowMs, 0)), 12L);
        QCOMPARE(renderText(list, Outcome{}), std::string());
        QCOMPARE(lineCount(renderText(list, replicaList())), 2L);
        QCOMPARE(lineCount(renderText(op("maprcli cluster gateway list"), gatewayList())), 2L);
    }
    void freeLinesPrintAsTheyAre() {
        Outcome outcome;
        outcome.lines = {"gateway.newyork IN TXT", "\"gw-ny-1 gw-ny-2\""};
        const Operation local = op("maprcli cluster gateway local -format dns");
        QCOMPARE(renderText(local, outcome), std::string("gateway.newyork IN TXT\n\"gw-ny-1 gw-ny-2\"\n"));
        const Json document = Json::parse(renderJson(local, outcome, kNowMs, 0));
        QCOMPARE(document["total"].get<int>(), 2);
        QCOMPARE(document["data"][0]["line"].get<std::string>(), outcome.lines[0]);
    }
    void optionalMembersTakeAColumnInPlace() {
        Outcome outcome;
        outcome.add({{"a", 1}, {"c", 3}});
        outcome.add({{"a", 1}, {"b", "x\ty"}, {"c", 3}});
        QCOMPARE(renderText(replicaListOp(), outcome), std::string("a\tb\tc\n1\t\t3\n1\tx y\t3\n"));
    }
    void terseFamiliesHaveShortNames() {
        Outcome outcome;
        outcome.add({{"inmemory", false}, {"cfname", "f"}, {"maxversions", 1}, {"ttl", 2147483647}});
        QCOMPARE(renderText(op("maprcli table cf list -path /a -output terse"), outcome),
                 std::string("inmem\tn\tvmax\tttl\nfalse\tf\t1\t2147483647\n"));
        QVERIFY(renderText(op("maprcli table cf list -path /a"), outcome).starts_with("inmemory\tcfname\t"));
    }
    void totalMayExceedTheRows() {
        Outcome outcome = gatewayList();
        outcome.total = 70;
        QCOMPARE(Json::parse(renderJson(replicaListOp(), outcome, kNowMs, 0))["total"].get<int>(), 70);
    }
    void bytesThatAreNoTextDoNotThrow() {
        Outcome outcome;
        outcome.add({{"uuid", "\xff\xfe"}, {"list", {1, 2}}, {"none", Json::array()}});
        QVERIFY(Json::accept(renderJson(replicaListOp(), outcome, kNowMs, 0)));
        QVERIFY(renderText(replicaListOp(), outcome).find("[1,2]") != std::string::npos);
    }
    void timeOfDayIsLocalOnATwelveHourClock_data() {
        QTest::addColumn<qint64>("utcMs");
        QTest::addColumn<int>("offset");
        QTest::addColumn<QString>("shown");
        QTest::newRow("afternoon west") << qint64{kNowMs} << -420 << "2017-10-16 07:13:29.942 GMT-0700 PM";
        QTest::newRow("midnight") << qint64{0} << 0 << "1970-01-01 12:00:00.000 GMT+0000 AM";
        QTest::newRow("noon") << qint64{43'200'001} << 0 << "1970-01-01 12:00:00.001 GMT+0000 PM";
        QTest::newRow("half-hour zone") << qint64{0} << 330 << "1970-01-01 05:30:00.000 GMT+0530 AM";
        QTest::newRow("before the epoch") << qint64{-1} << 0 << "1969-12-31 11:59:59.999 GMT+0000 PM";
    }
    void timeOfDayIsLocalOnATwelveHourClock() {
        QFETCH(qint64, utcMs);
        QFETCH(int, offset);
        QTEST(QString::fromStdString(timeOfDay(utcMs, offset)), "shown");
    }

    void errorsMatchTheirGoldenFiles_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("fix");
        QTest::addColumn<int>("exitStatus");
        const auto row = [](const char* name, const char* line, ErrorCode code, const char* what, const char* fix,
                            int exitStatus) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(line) << static_cast<int>(code)
                                << QString::fromUtf8(what) << QString::fromUtf8(fix) << exitStatus;
        };
        row("error-exists", "maprcli table create -path /mapr/newyork/customers", ErrorCode::AlreadyExists,
            "table /mapr/newyork/customers", "maprcli table info -path /mapr/newyork/customers", 1);
        row("error-missing", "maprcli table info -path /mapr/newyork/customer", ErrorCode::NotFound,
            "table /mapr/newyork/customer", "", 1);
        row("error-permission", "maprcli table replica add -path /a -replica /b", ErrorCode::PermissionDenied,
            "user ben needs replperm on /a", "maprcli table edit -path /a -replperm \"u:ana | u:ben\"", 1);
        row("error-volume", "maprcli volume modify -name v -dbrepllagsecalarmthresh 5", ErrorCode::NotFound, "volume v",
            "", 1);
        row("error-unreachable", "maprcli table replica list -path /mapr/ny/t", ErrorCode::Unavailable,
            "cluster ny does not answer", "tributary status", 3);
        row("error-unsupported", "maprcli table replica autosetup -path /a -replica /b", ErrorCode::Unsupported,
            "Failed to add replica for table: /b DirectCopyInfo DC_NOT_SUPPORTED", "", 2);
    }
    void errorsMatchTheirGoldenFiles() {
        QFETCH(QString, name);
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QString, what);
        QFETCH(QString, fix);
        Operation asked = op(line.toStdString());
        const Error error{static_cast<ErrorCode>(code), what.toStdString(), {}, fix.toStdString()};
        const RenderedError text = spoken().renderError(asked, error, kNowMs, kPacificMinutes);
        asked.json = true;
        const RenderedError json = spoken().renderError(asked, error, kNowMs, kPacificMinutes);
        QTEST(text.exitStatus, "exitStatus");
        QVERIFY(text.out.empty());
        QCOMPARE(lineCount(text.err), fix.isEmpty() ? 1L : 2L);
        compareWithGolden(name + QStringLiteral(".txt"), text.err);
        compareWithGolden(name + QStringLiteral(".json"), json.out);
        QCOMPARE(json.err.empty(), fix.isEmpty());
        QCOMPARE(Json::parse(json.out)["status"].get<std::string>(), std::string("ERROR"));
    }
    void wordsThatNeverParsedNameTheirCommand() {
        const std::vector<std::string> words{"maprcli", "table", "info", "-pth", "/a", "-JSON"};
        const auto parsed = parseWords(words);
        QVERIFY(!parsed.ok());
        const RenderedError rendered = spoken().renderError(words, parsed.error(), kNowMs, 0);
        const Json document = Json::parse(rendered.out);
        QCOMPARE(document["errors"][0]["id"].get<int>(), 22);
        QVERIFY(document["errors"][0]["desc"].get<std::string>().starts_with("table info: "));
        QCOMPARE(rendered.exitStatus, 2);
        QCOMPARE(rendered.err, std::string("  try: maprcli table info -path /a -JSON\n"));
        QCOMPARE(spoken().commandName({"hbase", "com.mapr.fs.hbase.tools.mapreduce.CopyTable", "-src"}),
                 std::string("CopyTable"));
        QCOMPARE(spoken().commandName(std::vector<std::string>{}), std::string("maprcli"));
    }
    void everyFailureHasACodeAndExits() {
        for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const Error error{static_cast<ErrorCode>(code), "x", {}, {}};
            const RenderedError rendered = spoken().renderError(replicaListOp(), error, kNowMs, 0);
            QVERIFY(rendered.exitStatus > 0 && rendered.exitStatus < 126);
            QVERIFY(rendered.err.starts_with("ERROR ("));
            QVERIFY(rendered.err.find(") -  table replica list: x") != std::string::npos);
            QVERIFY(rendered.err.find("(0)") == std::string::npos);
        }
    }
};
TRIBUTARY_TEST(TestOutput)
#include "tst_output.moc"
