// One relay over a log that is made up: what is sent of whose rows. Marks of clocks in such a log.
#include "engine/replication/payload.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/replication/clockmarks.h"
#include "engine/systems/tarantool/replication/relay.h"
#include "instanceworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

constexpr std::uint32_t kDataset = 7;

Packet numbered(std::uint32_t id, std::int64_t lsn, std::uint64_t group = 0) {
    Packet row = putRow(PacketType::Replace, 512, keyOf({1}));
    row.header.replicaId = id;
    row.header.lsn = lsn;
    row.header.groupId = group;
    return row;
}

/// Entries that lie in memory.
class MadeLog final : public CommitLog {
public:
    static PayloadHeader header() {
        PayloadHeader made;
        made.origin = Uuid::fromRandom(1, 2);
        made.incarnation = made.sequence = 1;
        return made;
    }
    void add(const std::vector<Packet>& rows, std::uint32_t dataset = kDataset) {
        LogEntry entry;
        entry.lsn = entries_.size() + 1;
        entry.envelope.datasetId = dataset;
        entry.payload = std::make_shared<const Bytes>(encodePayload(header(), encodeRows(rows)));
        entries_.push_back(entry);
    }
    void addDamaged() {
        add({});
        entries_.back().payload = std::make_shared<const Bytes>(encodePayload(header(),
                                                                              "\x05"
                                                                              "abc"));
    }
    [[nodiscard]] const std::vector<LogEntry>& entries() const { return entries_; }
    Lsn append(const EntryEnvelope&, std::shared_ptr<const Bytes>, OnDurable) override { return 0; }
    [[nodiscard]] Lsn headLsn() const override { return entries_.size(); }
    [[nodiscard]] Lsn durableLsn() const override { return entries_.size(); }
    [[nodiscard]] Lsn firstLsn() const override { return 1; }
    std::optional<std::vector<LogEntry>> readRecent(Lsn from, std::size_t) override {
        return std::vector<LogEntry>(entries_.begin() + static_cast<std::ptrdiff_t>(from - 1), entries_.end());
    }
    void readStored(Lsn, std::uint32_t, std::size_t, std::function<void(Result<StoredBatch>)>) override {}
    void releaseBelow(Lsn) override {}
    [[nodiscard]] std::uint64_t bytesFrom(Lsn) const override { return 0; }
    [[nodiscard]] std::pair<Lsn, std::uint64_t> activeSegment() const override { return {}; }
    void setOnPublished(std::function<void(Lsn)>) override {}
    [[nodiscard]] const std::optional<Error>& failure() const override { return failure_; }
    void setOnSynced(std::function<void(Lsn)>) override {}

private:
    std::vector<LogEntry> entries_;
    std::optional<Error> failure_;
};

class MadeHost final : public MasterHost {
public:
    MadeHost(Seams& seams, MadeLog& log) : seams_(seams), log_(log) {}
    Seams& seams() override { return seams_; }
    CommitLog& log() override { return log_; }
    [[nodiscard]] const InstanceSettings& settings() const override { return settings_; }
    [[nodiscard]] std::uint32_t datasetId() const override { return kDataset; }
    [[nodiscard]] bool isReady() const override { return true; }
    [[nodiscard]] bool reads(const Uuid&) const override { return false; }
    void met(const Uuid&, const Vclock&) override {}
    Result<std::unique_ptr<StateView>> frozen() override { return Error{}; }
    Status look(const std::function<Status(RowWork&)>&) override { return Error{}; }
    void logRows(std::vector<Packet>, std::function<void(BoxAnswer)>) override {}

private:
    Seams& seams_;
    MadeLog& log_;
    InstanceSettings settings_;
};

/// A line whose other end takes nothing until it is asked.
class MadeLine final : public DoorLines, public Relay::Owner {
public:
    void send(std::uint64_t, Bytes bytes) override { stream_.feed(bytes); }
    void refuse(std::uint64_t, std::uint64_t, const BoxFailure&) override {}
    [[nodiscard]] std::size_t queuedBytes(std::uint64_t) const override { return isFull ? SIZE_MAX : 0; }
    [[nodiscard]] std::optional<SocketNames> names(std::uint64_t) const override { return std::nullopt; }
    void served(std::uint64_t) override {}
    void follows(std::uint64_t) override {}
    void end(std::uint64_t) override {}
    void relayFailed(std::uint64_t, const Error& error) override { failed = error.what; }
    /// "1:5 2:3": the rows that came, without answers and heartbeats.
    std::string rows() {
        std::string out;
        while (true) {
            auto packet = stream_.next();
            if (!packet || !packet.value()) return out;
            const PacketHeader& header = packet.value()->header;
            if (header.is(PacketType::Ok)) continue;
            out += (out.empty() ? "" : " ") + std::to_string(header.replicaId) + ":" + std::to_string(header.lsn);
        }
    }
    bool isFull = false;
    std::string failed;

private:
    PacketStream stream_;
};

Vclock clockAt(std::int64_t first, std::int64_t second) {
    Vclock out;
    if (first > 0) (void)out.follow(1, first);
    if (second > 0) (void)out.follow(2, second);
    return out;
}

}  // namespace

class TestRelay : public QObject {
    Q_OBJECT
private slots:
    void sendsWhatTheReplicaLacks_data() {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        QTest::addColumn<bool>("leavesItselfOut");
        QTest::addColumn<QString>("sent");
        QTest::newRow("nothing yet, and its own again") << 0 << 0 << false << "1:1 2:1 1:2 1:3 2:2 1:4";
        QTest::newRow("nothing yet, and not its own") << 0 << 0 << true << "1:1 1:2 1:3 1:4";
        QTest::newRow("some of each") << 2 << 1 << false << "1:3 2:2 1:4";
        QTest::newRow("its own are there") << 2 << 9 << false << "1:3 1:4";
        QTest::newRow("all") << 4 << 9 << false << "";
    }
    void sendsWhatTheReplicaLacks() {
        QFETCH(const int, first);
        QFETCH(const int, second);
        QFETCH(const bool, leavesItselfOut);
        QFETCH(const QString, sent);
        InstanceWorld world;
        MadeLog log;
        log.add({numbered(1, 1)});
        log.add({numbered(2, 1)});
        log.add({numbered(1, 2), numbered(1, 3)});
        log.add({numbered(1, 9)}, kDataset + 1);
        log.add({numbered(0, 1, kLocalGroup), numbered(0, 0)});
        log.add({numbered(2, 2)});
        log.add({numbered(1, 4)});
        MadeHost host(world.host().node().seams(), log);
        MadeLine line;
        Subscription asked;
        asked.clock = clockAt(first, second);
        if (leavesItselfOut) asked.leftOut = {2};
        Relay relay(host, line, {line, 1, 5}, asked, {1, 2, clockAt(4, 2)});
        relay.start(1);
        QCOMPARE(QString::fromStdString(line.rows()), sent);
        relay.pump();
        QCOMPARE(line.rows(), std::string());
    }

    void whatCameFromAReplicaDoesNotGoBack_data() {
        QTest::addColumn<bool>("isBroken");
        QTest::newRow("as it is") << false;
        QTest::newRow("a relay that sends all") << true;
    }
    void whatCameFromAReplicaDoesNotGoBack() {
        QFETCH(const bool, isBroken);
        InstanceWorld world;
        if (isBroken) world.host().faults().arm("bug-relay-sends-own-back");
        MadeLog log;
        log.add({numbered(1, 1)});
        MadeHost host(world.host().node().seams(), log);
        MadeLine line;
        Subscription asked;
        asked.clock = clockAt(1, 0);
        Relay relay(host, line, {line, 1, 5}, asked, {1, 2, clockAt(1, 0)});
        relay.start(1);
        // The replica writes, and so it comes here.
        log.add({numbered(2, 1)});
        log.add({numbered(1, 2)});
        relay.pump();
        QCOMPARE(line.rows(), isBroken ? std::string("2:1 1:2") : std::string("1:2"));
    }

    void waitsForRoomAndLosesNothing() {
        InstanceWorld world;
        MadeLog log;
        MadeHost host(world.host().node().seams(), log);
        MadeLine line;
        line.isFull = true;
        Relay relay(host, line, {line, 1, 5}, {}, {1, 2, {}});
        relay.start(1);
        log.add({numbered(1, 1)});
        relay.pump();
        QCOMPARE(line.rows(), std::string());
        line.isFull = false;
        log.add({numbered(1, 2)});
        relay.pump();
        QCOMPARE(line.rows(), std::string("1:1 1:2"));
    }

    void aDamagedEntryEndsIt() {
        InstanceWorld world;
        MadeLog log;
        log.add({numbered(1, 1)});
        log.addDamaged();
        log.add({numbered(1, 2)});
        MadeHost host(world.host().node().seams(), log);
        MadeLine line;
        Relay relay(host, line, {line, 1, 5}, {}, {1, 2, {}});
        relay.start(1);
        QCOMPARE(line.failed, std::string("an entry of the log is damaged"));
        QCOMPARE(line.rows(), std::string());
    }

    void lagIsTheAgeOfWhatWasAcknowledgedLast() {
        InstanceWorld world;
        MadeLog log;
        MadeHost host(world.host().node().seams(), log);
        MadeLine line;
        Relay relay(host, line, {line, 1, 5}, {}, {1, 2, {}});
        const auto acknowledge = [&](const Vclock& has, double ageS) {
            Bytes map;
            has.append(map);
            Packet packet;
            packet.header.timestamp = static_cast<double>(host.seams().clock.wallMs()) / 1'000 - ageS;
            packet.body = BodyWriter().raw(BodyKey::Vclock, map).take();
            return relay.takeAcknowledgement(packet).ok();
        };
        QVERIFY(acknowledge(clockAt(3, 0), 2.5));
        QVERIFY(qAbs(relay.seen(0).lagS - 2.5) < 0.01);
        QVERIFY(acknowledge(clockAt(3, 0), 60));
        QVERIFY2(qAbs(relay.seen(0).lagS - 2.5) < 0.01, "nothing more was acknowledged");
        QVERIFY(relay.seen(0).clock == clockAt(3, 0));
        QVERIFY(!relay.takeAcknowledgement(Packet{}).ok());
    }

    void aScanFindsTheClockBeforeEachPlace() {
        MadeLog log;
        // Behind what was removed: instance 1 stood at 10, instance 2 at 3, and instance 3 has written nothing here.
        for (std::int64_t lsn = 11; lsn <= 3'010; ++lsn) log.add({numbered(1, lsn)});
        log.add({numbered(2, 4)});
        Vclock end = clockAt(3'010, 4);
        (void)end.follow(3, 77);
        ClockScan scan(1, {log.headLsn() + 1, end});
        for (const LogEntry& entry : log.entries()) QVERIFY(scan.take(entry, kDataset).ok());
        ClockMarks marks;
        marks.add({log.headLsn() + 1, end});
        marks.addBelow(scan.finish());
        QCOMPARE(marks.size(), std::size_t{4});
        Vclock before = clockAt(10, 3);
        (void)before.follow(3, 77);
        QVERIFY(marks.lowest()->lsn == 1 && marks.lowest()->clock == before);
        const auto startOf = [&](std::int64_t first, std::int64_t second, std::int64_t third) -> Lsn {
            Vclock has = clockAt(first, second);
            if (third > 0) (void)has.follow(3, third);
            const ClockMark* mark = marks.startFor(has);
            return mark == nullptr ? 0 : mark->lsn;
        };
        QCOMPARE(startOf(10, 3, 77), Lsn{1});
        QCOMPARE(startOf(9, 3, 77), Lsn{0});
        QCOMPARE(startOf(10, 2, 77), Lsn{0});
        QCOMPARE(startOf(3'010, 3, 76), Lsn{0});
        QCOMPARE(startOf(1'034, 3, 80), Lsn{1'025});
        QCOMPARE(startOf(1'033, 3, 80), Lsn{1});
        QCOMPARE(startOf(3'010, 4, 77), log.headLsn() + 1);
        marks.forgetBelow(2'000);
        QCOMPARE(marks.lowest()->lsn, Lsn{2'049});
    }
};
TRIBUTARY_TEST(TestRelay)
#include "tst_relay.moc"
