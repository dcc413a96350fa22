// Memtable generations: chains, order, pool accounting, and reads while they are written.
#include "engine/storage/generation.h"

#include <atomic>
#include <thread>

#include "storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

/// The row as this generation alone shows it; an empty list when it has nothing of it.
std::vector<SeenCell> rowOf(const Generation& generation, const std::string& key, std::uint32_t limit = UINT32_MAX) {
    const auto folder = maprdb::makeTableRowFormat()->makeFolder();
    const FoldContext context = storageContext();
    folder->setContext(context);
    folder->reset();
    if (!generation.collect(key, Generation::hashOf(key), limit, *folder)) return {};
    return seenCells(folder->finish(FoldMode::Keep), context);
}

}  // namespace

class TestGeneration : public QObject {
    Q_OBJECT
private slots:
    void agreesWithAMap_data() {
        QTest::addColumn<int>("entries");
        QTest::addColumn<int>("keys");
        QTest::newRow("few keys, long chains") << 200 << 5;
        QTest::newRow("more keys than the first index") << 400 << 20'000;
    }
    void agreesWithAMap() {
        QFETCH(int, entries);
        QFETCH(int, keys);
        const Workload load(3, static_cast<std::size_t>(entries), static_cast<std::uint64_t>(keys), 40);
        MemoryPool pool;
        Generation generation(maprdb::makeTableRowFormat(), pool);
        for (const EntryRef& entry : load.entries()) {
            generation.append(entry, maprdb::countAndCheck(entry.mutations, 2).valueOr(0));
        }
        QCOMPARE(generation.lastLsn(), load.entries().back().lsn);
        const auto context = storageContext();
        const SeenTable all = load.after(UINT64_MAX, context);
        for (const auto& [key, cells] : all) QVERIFY(rowOf(generation, key) == cells);
        QVERIFY(rowOf(generation, "row").empty());
        // A reader that started earlier sees the entries of then.
        const std::uint32_t half = generation.entryCount() / 2;
        const SeenTable then = load.after(half, context);
        for (const auto& [key, cells] : all) {
            const auto at = then.find(key);
            QVERIFY(rowOf(generation, key, half) == (at == then.end() ? std::vector<SeenCell>{} : at->second));
        }
        generation.freeze();
        std::vector<std::string> order;
        for (const std::uint32_t opener : generation.sorted()) order.emplace_back(generation.keyOf(opener));
        QCOMPARE(order.size(), static_cast<std::size_t>(generation.rows()));
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        QVERIFY(std::adjacent_find(order.begin(), order.end()) == order.end());
        for (const auto& [key, cells] : all) QVERIFY(std::binary_search(order.begin(), order.end(), key));
        QVERIFY(order.size() >= all.size());
    }
    void picksTheSmallestKeysOfARange() {
        const Workload load(4, 50, 300, 20);
        MemoryPool pool;
        Generation generation(maprdb::makeTableRowFormat(), pool);
        std::set<std::string> keys;
        for (const EntryRef& entry : load.entries()) generation.append(entry, 20);
        for (const BytesView key : generation.smallestKeys({}, {}, 100'000)) keys.emplace(key);
        QCOMPARE(keys.size(), static_cast<std::size_t>(generation.rows()));
        const auto picked = generation.smallestKeys("row1", "row3", 10);
        std::vector<std::string> expected;
        for (const std::string& key : keys) {
            if (key >= "row1" && key < "row3" && expected.size() < 10) expected.push_back(key);
        }
        QCOMPARE(picked.size(), std::size_t{10});
        QVERIFY(std::equal(picked.begin(), picked.end(), expected.begin(), expected.end()));
    }
    void returnsItsMemoryToThePool() {
        MemoryPool pool(1'000'000);
        {
            const Workload load(5, 100, 1000, 50);
            Generation generation(maprdb::makeTableRowFormat(), pool);
            std::size_t payloads = 0;
            for (const EntryRef& entry : load.entries()) {
                generation.append(entry, 50);
                payloads += entry.hold->size();
            }
            QVERIFY(generation.bytes() > payloads);
            QCOMPARE(pool.usedBytes(), generation.bytes());
            QVERIFY(!pool.aboveHighWater() && !pool.full());
            pool.take(900'000);
            QVERIFY(pool.aboveHighWater());
            pool.give(900'000);
        }
        QCOMPARE(pool.usedBytes(), std::size_t{0});
    }
    void isReadWhileItIsWritten() {
        // The same row is written again and again; a reader that limits itself to n entries sees exactly the nth.
        MemoryPool pool;
        const auto format = maprdb::makeTableRowFormat();
        Generation generation(format, pool);
        std::atomic<std::uint32_t> written{0};
        std::atomic<int> mismatches{0};
        constexpr std::uint32_t kEntries = 600;
        std::thread reader([&] {
            std::uint32_t reads = 0;
            while (reads < 300) {
                const std::uint32_t limit = written.load();
                if (limit == 0) continue;
                const auto cells = rowOf(generation, "same", limit);
                if (cells.size() != 1 || std::get<3>(cells[0]) != std::to_string(limit)) ++mismatches;
                ++reads;
            }
        });
        for (std::uint32_t n = 1; n <= kEntries; ++n) {
            auto payload = std::make_shared<Bytes>();
            maprdb::MutationBuilder out(*payload);
            out.deleteColumn("same", 0, "q", {Millis{n} - 1, Stamp{1}});
            out.put("same", {0, "q", std::to_string(n), {Millis{n}, Stamp{n}}});
            out.put(fmt::format("other{}", n), {0, "q", "x", {}});
            EntryRef entry;
            entry.lsn = n;
            entry.mutations = *payload;
            entry.hold = payload;
            entry.ids = {10};
            generation.append(entry, 3);
            written = n;
        }
        reader.join();
        QCOMPARE(mismatches.load(), 0);
    }
};
TRIBUTARY_TEST(TestGeneration)
#include "tst_generation.moc"
