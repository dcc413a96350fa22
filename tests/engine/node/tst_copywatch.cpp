// A copy is stalled when nobody goes on with it, and only then.
#include "engine/node/copywatch.h"

#include <QTest>

#include "engine/systems/maprdb/tables/tablekind.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

class CopyWatchTest : public QObject {
    Q_OBJECT

    struct TestClock final : Clock {
        [[nodiscard]] Millis wallMs() const override { return 1'700'000'000'000 + us / 1000; }
        [[nodiscard]] Micros monotonicUs() const override { return us; }
        Micros us = 0;
    };
    static constexpr std::uint32_t kTable = 1;
    static constexpr std::uint32_t kReplica = 1;
    static constexpr std::uint64_t kSession = 7;

    void pass(Millis ms) {
        for (; ms > 0; ms -= 250) {
            clock_.us += 250'000;
            watch_->follow(catalog_);
        }
    }
    void state(ReplicaState state) {
        maprdb::TableRecord table;
        table.id = kTable;
        table.path = "/mapr/sf/t";
        ReplicaRecord replica;
        replica.idx = kReplica;
        replica.path = "/mapr/ny/t";
        replica.state = state;
        table.replicas.push_back(replica);
        catalog_.apply(CatalogChange::put(table.dataset()), ++lsn_);
        watch_->follow(catalog_);
    }
    [[nodiscard]] bool stalled() const { return watch_->stalledSinceMs(kTable, kReplica).has_value(); }

private slots:
    void init() {
        clock_ = TestClock();
        catalog_ = Catalog(kinds_);
        watch_ = std::make_unique<CopyWatch>(clock_);
    }

    void aCopyWhoseClientIsGoneIsStalledSinceItWasLastHeard() {
        watch_->filledBy(kTable, kReplica, kSession);
        state(ReplicaState::CopyInProgress);
        pass(60'000);
        watch_->heard(kSession);
        const Millis heardMs = clock_.wallMs();
        watch_->ended(kSession);
        pass(CopyWatch::kGoneMs - 250);
        QVERIFY(!stalled());  // it may come back
        pass(250);
        QCOMPARE(watch_->stalledSinceMs(kTable, kReplica).value_or(0), heardMs);
    }

    void anotherClientTakesItUp() {
        watch_->filledBy(kTable, kReplica, kSession);
        state(ReplicaState::CopyInProgress);
        watch_->ended(kSession);
        pass(30'000);
        QVERIFY(stalled());
        watch_->filledBy(kTable, kReplica, 8);
        QVERIFY(!stalled());
        state(ReplicaState::Replicating);
        watch_->ended(8);
        pass(300'000);
        QVERIFY(!stalled());
    }

    void aClientThatAsksGoesOnHoweverLongItTakes() {
        watch_->filledBy(kTable, kReplica, kSession);
        state(ReplicaState::CopyInProgress);
        for (int i = 0; i < 20; ++i) {
            pass(60'000);
            watch_->heard(kSession);
            QVERIFY(!stalled());
        }
        pass(CopyWatch::kSilentMs);  // connected, and frozen
        QVERIFY(stalled());
        watch_->heard(kSession);
        QVERIFY(!stalled());
    }

    void afterARestartNobodyIsKnownToCopy_data() {
        QTest::addColumn<int>("state");
        for (const ReplicaState state : {ReplicaState::CreateSchedule, ReplicaState::CopySchedule,
                                         ReplicaState::CopyInProgress, ReplicaState::CopyInRecover}) {
            QTest::newRow(std::string(replicaStateName(state)).c_str()) << static_cast<int>(state);
        }
    }
    void afterARestartNobodyIsKnownToCopy() {
        QFETCH(int, state);
        this->state(static_cast<ReplicaState>(state));
        QVERIFY(!stalled());
        pass(CopyWatch::kGoneMs);
        QVERIFY(stalled());
    }

    void whatIsNotCopiedIsNotStalled() {
        state(ReplicaState::Replicating);
        pass(300'000);
        QVERIFY(!stalled());
        state(ReplicaState::CopyInProgress);
        pass(300'000);
        QVERIFY(stalled());
        catalog_.apply(CatalogChange::drop(kTable), ++lsn_);  // and the record with it
        pass(250);
        QVERIFY(!stalled());
    }

    void aClientIsNotForgottenBeforeTheCatalogKnows() {
        watch_->filledBy(kTable, kReplica, kSession);
        pass(30'000);  // the change of state waits for the disk
        watch_->heard(kSession);
        state(ReplicaState::CopyInProgress);
        pass(60'000);
        QVERIFY(!stalled());
    }

    void theTextTellsSinceWhenAndHowFar() {
        QVERIFY(copyStalledText(0, 41).starts_with("copy stalled since 1970-01-01T00:00:00.000Z, 41 %: "));
        QVERIFY(copyStalledText(0, -1).find(", 0 %: ") != std::string::npos);
    }

private:
    TestClock clock_;
    Kinds kinds_{{&maprdb::tableKind()}};
    Catalog catalog_{kinds_};
    Lsn lsn_ = 0;
    std::unique_ptr<CopyWatch> watch_;
};
TRIBUTARY_TEST(CopyWatchTest)
#include "tst_copywatch.moc"
