// box.info read from what instances answer, damaged answers too, and the figures made of it.
#include <QTest>

#include <random>

#include "app/instances/boxinfo.h"
#include "core/base/text.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using engine::tarantool::MsgpackWriter;

namespace {

/// The answer of the instance whose applier the tutorial's conflict has stopped.
Bytes stoppedAnswer() {
    Bytes out;
    MsgpackWriter to(out);
    to.array(1);
    to.map(9);
    to.string("version");
    to.string("3.0.0");
    to.string("id");
    to.unsignedInteger(2);
    to.string("ro");
    to.boolean(true);
    to.string("ro_reason");
    to.string("config");
    to.string("name");
    to.string("instance001");
    to.string("status");
    to.string("running");
    to.string("uptime");
    to.real(12.5);
    to.string("vclock");
    to.map(2);
    to.unsignedInteger(1);
    to.unsignedInteger(9);
    to.unsignedInteger(2);
    to.unsignedInteger(6);
    to.string("replication");
    to.map(2);
    to.unsignedInteger(2);
    to.map(2);
    to.string("uuid");
    to.string("9bb1");
    to.string("name");
    to.string("instance001");
    to.unsignedInteger(1);
    to.map(5);
    to.string("id");
    to.unsignedInteger(1);
    to.string("uuid");
    to.string("4cfa");
    to.string("lsn");
    to.unsignedInteger(9);
    to.string("upstream");
    to.map(5);
    to.string("peer");
    to.string("replicator@127.0.0.1:3302");
    to.string("lag");
    to.real(143.5);
    to.string("status");
    to.string("stopped");
    to.string("idle");
    to.real(1309.9);
    to.string("message");
    to.string("Duplicate key exists");
    to.string("downstream");
    to.map(3);
    to.string("status");
    to.string("follow");
    to.string("idle");
    to.real(0.25);
    to.string("vclock");
    to.map(1);
    to.unsignedInteger(1);
    to.unsignedInteger(9);
    return out;
}

}  // namespace

class TestBoxInfo : public QObject {
    Q_OBJECT
private slots:
    void readsWhatAnInstanceTells() {
        const auto read = readBoxInfo(stoppedAnswer());
        QVERIFY_OK(read);
        const BoxInfo& info = read.value();
        QCOMPARE(info.id, 2U);
        QCOMPARE(info.name, std::string("instance001"));
        QCOMPARE(info.status, std::string("running"));
        QVERIFY(info.readOnly == true);
        QCOMPARE(info.readOnlyReason, std::string("config"));
        QCOMPARE(info.uptimeS.value(), 12.5);
        QCOMPARE(clockText(info.clock), std::string("{1: 9, 2: 6}"));
        QCOMPARE(info.replication.size(), std::size_t(2));
        QCOMPARE(info.replication[0].id, 1U);
        QCOMPARE(info.replication[0].lsn, std::int64_t(9));
        const PeerHalf& upstream = info.replication[0].upstream.value();
        QCOMPARE(upstream.status, std::string("stopped"));
        QCOMPARE(upstream.message, std::string("Duplicate key exists"));
        QCOMPARE(upstream.peer, std::string("replicator@127.0.0.1:3302"));
        QCOMPARE(upstream.idleS.value(), 1309.9);
        QCOMPARE(info.replication[0].downstream.value().status, std::string("follow"));
        QCOMPARE(clockText(info.replication[0].downstream.value().clock.value()), std::string("{1: 9}"));
        QVERIFY(!info.replication[1].upstream && !info.replication[1].downstream);
        QVERIFY(info.peer("instance001", {}) == &info.replication[1]);
        QVERIFY(info.peer("other", "4cfa") == &info.replication[0]);
        QVERIFY(info.peer({}, {}) == nullptr);
    }
    void aListOfIdsIsReadToo() {
        Bytes out;
        MsgpackWriter to(out);
        to.array(1);
        to.map(1);
        to.string("vclock");
        to.array(2);
        to.unsignedInteger(7);
        to.unsignedInteger(3);
        QCOMPARE(clockText(readBoxInfo(out).value().clock), std::string("{1: 7, 2: 3}"));
    }
    void damagedAnswersAreRefusedOrReadInPart() {
        const Bytes whole = stoppedAnswer();
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QCOMPARE(readBoxInfo(BytesView(whole).substr(0, size)).error().code, ErrorCode::Corrupt);
        }
        std::mt19937 random(7);  // NOLINT: the same inputs each time
        int refused = 0;
        for (int round = 0; round < 3'000; ++round) {
            Bytes bytes = whole;
            for (int i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
            if (!readBoxInfo(bytes)) ++refused;
        }
        QVERIFY(refused > 0);
        for (const BytesView no : {BytesView("\x90"), BytesView("\x91\x01"), BytesView("\xc0"), BytesView("")}) {
            QVERIFY(!readBoxInfo(no));
        }
    }
    void lagIsShownOnlyWhereItIsOne_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<double>("told");
        QTest::addColumn<bool>("shown");
        QTest::newRow("follows") << QStringLiteral("follow") << 0.25 << true;
        QTest::newRow("frozen") << QStringLiteral("stopped") << 143.5 << false;
        QTest::newRow("before the first row") << QStringLiteral("follow") << 3153600000.0 << false;
        QTest::newRow("a row without a time") << QStringLiteral("follow") << 1.8e9 << false;
        QTest::newRow("a clock ahead") << QStringLiteral("follow") << -4.99 << false;
        QTest::newRow("while it loads") << QStringLiteral("loading") << 0.0 << false;
    }
    void lagIsShownOnlyWhereItIsOne() {
        QFETCH(QString, status);
        QFETCH(double, told);
        QFETCH(bool, shown);
        PeerHalf half;
        half.status = status.toStdString();
        half.lagS = told;
        QCOMPARE(reportedLagS(half).has_value(), shown);
        half.lagS.reset();
        QVERIFY(!reportedLagS(half));
    }
    void rowsBehindLeavesLocalOnesOut() {
        QCOMPARE(rowsBehind({{0, 50}, {1, 11}, {2, 7}}, {{1, 11}, {2, 7}}), std::int64_t(0));
        QCOMPARE(rowsBehind({{1, 11}, {2, 7}, {3, 2}}, {{1, 9}, {2, 9}}), std::int64_t(4));
        QCOMPARE(rowsBehind({}, {{1, 9}}), std::int64_t(0));
    }
    void alertsAreReadAsTheInstanceTellsThem() {
        Bytes out;
        MsgpackWriter writer(out);
        writer.array(1);
        writer.map(2);
        writer.string("status");
        writer.string("ready");
        writer.string("alerts");
        writer.array(2);
        writer.map(3);
        writer.string("type");
        writer.string("warn");
        writer.string("message");
        writer.string("numbers are given twice");
        writer.string("timestamp");
        writer.string("2026-01-31T09:00:01.000Z");
        writer.string("an alert of another kind");
        const auto alerts = readAlerts(out);
        QVERIFY(alerts);
        QCOMPARE(alerts->size(), std::size_t{1});
        QCOMPARE(alerts->front().type, std::string("warn"));
        QCOMPARE(alerts->front().message, std::string("numbers are given twice"));
        QCOMPARE(isoTime(alerts->front().sinceMs), std::string("2026-01-31T09:00:01.000Z"));
        QVERIFY(!readAlerts(BytesView(out).substr(0, out.size() - 3)));
    }
};

TRIBUTARY_TEST(TestBoxInfo)
#include "tst_boxinfo.moc"
