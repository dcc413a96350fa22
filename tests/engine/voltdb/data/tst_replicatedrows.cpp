// What replication reads of a host's log, and what it may do with rows.
#include "engine/systems/voltdb/data/drpieces.h"
#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/dr/drstamp.h"
#include "testmain.h"
#include "tests/core/db/verifyonce.h"
#include "voltworld.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

class TestReplicatedRows : public QObject {
    Q_OBJECT

private slots:
    void init() {
        world_ = std::make_unique<VoltWorld>();
        world_->must(
            "CREATE TABLE v (id BIGINT NOT NULL, s VARCHAR(9), u INTEGER, PRIMARY KEY (id)); PARTITION TABLE v ON "
            "COLUMN id;"
            "CREATE ASSUMEUNIQUE INDEX vu ON v (u); DR TABLE v;"
            "CREATE TABLE r (a INTEGER, b VARCHAR(9)); DR TABLE r; CREATE TABLE loc (a INTEGER)");
    }
    void cleanup() { world_.reset(); }

    void transactionsAreReadOffTheLog() {
        world_->must("INSERT INTO v VALUES (1, 'one', 1)");
        world_->must("INSERT INTO loc VALUES (1)");  // nobody's but its own
        world_->must("UPDATE v SET s = 'uno' WHERE id = 1; INSERT INTO r VALUES (5, 'all')");
        const auto told = transactions();
        QCOMPARE(told.size(), std::size_t{2});
        QCOMPARE(told[0].pieces.size(), std::size_t{1});
        const vt::DrPiece& insert = told[0].pieces[0];
        QCOMPARE(insert.sequence, std::uint64_t{0});
        QCOMPARE(insert.partition, vt::partitionOfValue(std::int64_t{1}, 4));
        QCOMPARE(insert.records.size(), std::size_t{1});
        QCOMPARE(insert.records[0].type, vt::LogRecordType::Insert);
        QCOMPARE(insert.records[0].after.size(), std::size_t{4});
        const vt::DrStamp stamp(static_cast<std::uint64_t>(std::get<std::int64_t>(insert.records[0].after[3])));
        QCOMPARE(stamp.cluster(), 3);
        QVERIFY(told[1].uniqueId > told[0].uniqueId);
        QCOMPARE(told[1].pieces.size(), std::size_t{2});
        QCOMPARE(told[1].pieces[0].partition, insert.partition);
        QCOMPARE(told[1].pieces[0].sequence, std::uint64_t{1});
        QCOMPARE(told[1].pieces[0].records[0].before == insert.records[0].after, true);
        const vt::DrStamp later(
            static_cast<std::uint64_t>(std::get<std::int64_t>(told[1].pieces[0].records[0].after[3])));
        QVERIFY(later.micros() > stamp.micros());
        QCOMPARE(told[1].pieces[1].partition, vt::kMpPartition);
        QCOMPARE(told[1].pieces[1].sequence, std::uint64_t{0});
        // Frames of the binary log are made of them.
        const auto schema = world_->control().schema();
        std::map<std::uint64_t, vt::LogTable> tables;
        for (const vt::VoltTable* table : schema->drTables()) {
            tables.emplace(vt::signatureOf(table->logTable()), table->logTable());
        }
        const vt::TableLookup lookup = [&](std::uint64_t signature) -> const vt::LogTable* {
            const auto at = tables.find(signature);
            return at == tables.end() ? nullptr : &at->second;
        };
        for (const auto& transaction : told) {
            for (const auto& piece : transaction.pieces) {
                Bytes frame;
                VERIFY_ONCE(vt::appendTransaction(
                    frame, {transaction.uniqueId, piece.sequence, vt::HashFlag::Single, 0, piece.records}, lookup));
                const auto read = vt::readTransaction(frame, lookup);
                VERIFY_ONCE(read);
                QCOMPARE(read.value().transaction.records == piece.records, true);
            }
        }
    }
    /// Texts that are timestamps and bytes go out as what their columns hold, and in the right partition.
    void valuesGoOutAsTheirColumnsHoldThem() {
        world_->must("CREATE TABLE ts (at TIMESTAMP NOT NULL, b VARBINARY(4), n INTEGER, PRIMARY KEY (at))");
        world_->must("PARTITION TABLE ts ON COLUMN at; DR TABLE ts");
        world_->must("INSERT INTO ts VALUES ('2026-01-01 00:00:01', '0aff', 2.7)");
        world_->must("UPDATE ts SET b = '01' WHERE n = 2");
        const auto told = transactions();
        QCOMPARE(told.size(), std::size_t{2});
        const vt::ColumnValue at = vt::timestampOf("2026-01-01 00:00:01").value();
        for (const auto& transaction : told) {
            QCOMPARE(transaction.pieces.size(), std::size_t{1});
            QCOMPARE(transaction.pieces[0].partition, vt::partitionOfValue(at, 4));
            QCOMPARE(transaction.pieces[0].records.size(), std::size_t{1});
            QVERIFY(transaction.pieces[0].records[0].after[0] == at);
        }
        QVERIFY(told[0].pieces[0].records[0].after[1] == vt::ColumnValue(std::string("\x0a\xff")));
        QVERIFY(told[1].pieces[0].records[0].after[1] == vt::ColumnValue(std::string("\x01")));
        world_->kill();
        QCOMPARE(world_->sql("SELECT n FROM ts"), std::string("N:2"));
        // What cannot be set right leaves nothing: two texts of one time.
        world_->must("INSERT INTO v VALUES (7, 'x', 7)");
        const std::string twice = world_->sql("INSERT INTO ts VALUES ('2026-01-01 00:00:01.0', null, 3)");
        QVERIFY2(twice.starts_with("-2: "), twice.c_str());
        QCOMPARE(world_->sql("SELECT count(*) FROM ts; SELECT count(*) FROM v"),
                 std::string("count(*):1 | count(*):1"));
    }
    void sequencesGoOnOverRestarts() {
        for (int i = 0; i < 20; ++i) world_->must(fmt::format("INSERT INTO v VALUES ({}, 'x', {})", i, i));
        world_->sql("INSERT INTO v VALUES (1, 'again', 99)");  // refused: takes no sequence
        const auto before = world_->control().nextSequences();
        std::uint64_t sum = 0;
        for (const auto& [partition, next] : before) sum += next;
        QCOMPARE(sum, std::uint64_t{20});
        world_->powerCut();
        QVERIFY(world_->control().nextSequences() == before);
        for (int i = 20; i < 40; ++i) world_->must(fmt::format("INSERT INTO v VALUES ({}, 'x', {})", i, i));
        std::map<int, std::uint64_t> next;
        for (const auto& transaction : transactions()) {
            for (const auto& piece : transaction.pieces) QCOMPARE(piece.sequence, next[piece.partition]++);
        }
        QVERIFY(next == world_->control().nextSequences());
    }
    void aTruncationIsOneRecordForEachPartition() {
        for (int i = 0; i < 40; ++i) world_->must(fmt::format("INSERT INTO v VALUES ({}, 'x', {})", i, i));
        world_->must("TRUNCATE TABLE v; INSERT INTO v VALUES (1, 'y', 1)");
        const auto all = transactions();
        const auto& last = all.back();
        QCOMPARE(last.pieces.size(), std::size_t{4});
        std::size_t records = 0;
        for (const auto& piece : last.pieces) {
            QCOMPARE(piece.records[0].type, vt::LogRecordType::TruncateTable);
            QCOMPARE(piece.records[0].tableName, std::string("V"));
            records += piece.records.size();
        }
        QCOMPARE(records, std::size_t{5});
        world_->kill();
        QCOMPARE(world_->sql("SELECT * FROM v"), std::string("ID,S,U:1,'y',1"));
    }
    void rowsAreFoundPutAndErased() {
        world_->must("INSERT INTO v VALUES (1, 'one', 10); INSERT INTO r VALUES (5, null)");
        VERIFY_ONCE(world_->control().look([&](vt::PartitionRows& rows) -> Status {
            const auto one = rows.find("V", {std::int64_t{1}});
            if (!one || !one.value() || one.value()->size() != 4) return problem("find");
            const auto none = rows.find("V", {std::int64_t{2}});
            if (!none || none.value()) return problem("find of nothing");
            if (rows.find("R", {std::int64_t{2}}).ok()) return problem("a key of a table without");
            if (rows.find("X", {}).ok()) return problem("no table");
            vt::RowImage two{std::int64_t{2}, std::string("two"), std::int64_t{10}, std::int64_t{77}};
            // Another partition's: unique within each.
            const auto colliding = rows.colliding("V", two);
            if (!colliding || colliding.value().size() != 1) return problem("colliding");
            two[2] = std::int64_t{11};
            if (Status put = rows.put("V", two); !put) return put;
            two[1] = std::string("zwei");
            if (Status put = rows.put("V", two); !put) return put;
            const auto found = rows.find("V", {std::int64_t{2}});
            if (!found || !found.value() || *found.value() != two) return problem("put");
            const auto whole = rows.findWhole("V", two);
            if (!whole || !whole.value()) return problem("findWhole");
            two[3] = std::int64_t{78};
            const auto other = rows.findWhole("V", two);
            if (!other || other.value()) return problem("findWhole of another stamp");
            const auto gone = rows.erase("V", two);
            if (!gone || !gone.value()) return problem("erase");
            const auto again = rows.erase("V", two);
            if (!again || again.value()) return problem("erase of nothing");
            if (Status noted = rows.metaPut("tracker", "bytes"); !noted) return noted;
            const auto note = rows.metaGet("tracker");
            if (!note || note.value() != std::optional<Bytes>("bytes")) return problem("metaGet");
            const auto any = rows.anyDrRow();
            if (!any || !any.value()) return problem("anyDrRow");
            return rows.truncate("V");
        }));
        // Nothing of it stays.
        QCOMPARE(world_->sql("SELECT * FROM v"), std::string("ID,S,U:1,'one',10"));
        VERIFY_ONCE(world_->control().look([](vt::PartitionRows& rows) -> Status {
            const auto note = rows.metaGet("tracker");
            return note && !note.value() ? okStatus() : Status(problem("a note stayed"));
        }));
    }
    void picturesHoldPositionAndSequences() {
        for (int i = 0; i < 10; ++i) world_->must(fmt::format("INSERT INTO v VALUES ({}, 'x', {})", i, i));
        auto picture = world_->control().frozen();
        VERIFY_ONCE(picture);
        const auto sequences = world_->control().nextSequences();
        for (int i = 10; i < 20; ++i) world_->must(fmt::format("INSERT INTO v VALUES ({}, 'x', {})", i, i));
        std::size_t seen = 0;
        while (true) {
            const auto rows = picture.value()->rows("V", seen, 3);
            VERIFY_ONCE(rows);
            seen += rows.value().size();
            if (rows.value().empty()) break;
            QCOMPARE(rows.value()[0].size(), std::size_t{4});
        }
        QCOMPARE(seen, std::size_t{10});
        for (const auto& [partition, next] : sequences) QCOMPARE(picture.value()->nextSequence(partition), next);
        const auto all = transactions();
        for (const auto& transaction : all) {
            for (const auto& piece : transaction.pieces) {
                QCOMPARE(transaction.lsn <= picture.value()->position(),
                         piece.sequence < picture.value()->nextSequence(piece.partition));
            }
        }
    }

    /// Damaged entries are read as something or refused: they never end the process.
    void damagedEntriesDoNoHarm() {
        world_->must("INSERT INTO v VALUES (1, 'one', 1); UPDATE v SET s = 'uno'; INSERT INTO r VALUES (5, 'all')");
        const auto schema = world_->control().schema();
        std::optional<LogEntry> whole;
        for (LogEntry& entry : entries()) {
            const auto read = vt::drTransactionOf(entry, *schema);
            if (read && !read.value().pieces.empty()) whole = std::move(entry);
        }
        QVERIFY(whole.has_value());
        std::size_t refused = 0;
        for (std::size_t at = 0; at < whole->payload->size() * 8; ++at) {
            Bytes damaged = *whole->payload;
            damaged[at / 8] = static_cast<char>(damaged[at / 8] ^ (1 << (at % 8)));
            LogEntry entry = *whole;
            entry.payload = std::make_shared<const Bytes>(std::move(damaged));
            if (!vt::drTransactionOf(entry, *schema)) ++refused;
            entry.payload = std::make_shared<const Bytes>(whole->payload->substr(0, at / 8));
            if (!vt::drTransactionOf(entry, *schema)) ++refused;
        }
        QVERIFY(refused > whole->payload->size() * 8);
    }

private:
    static Error problem(const char* what) { return {ErrorCode::Internal, what, {}, {}}; }
    std::vector<vt::DrTransaction> transactions() {
        std::vector<vt::DrTransaction> out;
        const auto schema = world_->control().schema();
        for (const LogEntry& entry : entries()) {
            auto read = vt::drTransactionOf(entry, *schema);
            if (!read) qFatal("%s", read.error().full().c_str());
            if (!read.value().pieces.empty()) out.push_back(std::move(read).value());
        }
        return out;
    }
    std::vector<LogEntry> entries() {
        std::optional<Result<CommitLog::StoredBatch>> batch;
        world_->node().log().readStored(1, 0, 1U << 26U,
                                        [&](Result<CommitLog::StoredBatch> read) { batch = std::move(read); });
        if (!world_->run([&] { return batch.has_value(); }) || !batch->ok()) qFatal("the log is not read");
        return batch->value().entries;
    }

    std::unique_ptr<VoltWorld> world_;
};
TRIBUTARY_TEST(TestReplicatedRows)
#include "tst_replicatedrows.moc"
