// Every operation of a node's disk fails once, and from there on: nothing acknowledged is lost, nothing is half there.
#include <fmt/format.h>

#include <QTest>
#include <set>

#include "engine/replication/payload.h"
#include "engine/sim/simworld.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "testmain.h"

namespace tributary::engine::sim::test {

namespace {

constexpr const char* kPath = "/mapr/one/t";
constexpr Micros kWaitUs = 20'000'000;

/// What the disk refuses in a run.
struct Refusal {
    ErrorCode code = ErrorCode::Io;
    std::uint64_t nth = 0;  ///< 0 = nothing
    bool onward = false;
};

/// One host: a table is made, rows are put, flushed and checkpointed, the process dies and comes back, more rows are
/// put.
class Life {
public:
    explicit Life(const Refusal& refusal) : world_(7) {
        NodeConfig config;
        config.kinds = maprdb::onlyTables();
        config.cluster = "one";
        config.volumeDir = "/volume";
        config.key = "key of one";
        config.logSegmentBytes = 16U << 10U;
        config.checkpointWalBytes = 1;
        config.snapshotEveryMs = 300;
        config.flushEveryMs = 200;
        host_ = &world_.add(std::move(config), 8U << 20U);
        host_->setDiskFaults([this, refusal](DiskOperation, const std::string& path) -> std::optional<ErrorCode> {
            if (healed_) return std::nullopt;
            const std::uint64_t number = ++operations_;
            if (refusal.nth == 0 || number < refusal.nth) return std::nullopt;
            if (number > refusal.nth && !refusal.onward) return std::nullopt;
            last_ = path;
            return refusal.code;
        });
    }

    /// Empty, or what went wrong.
    std::string run() {
        live(0, 12);
        if (host_->up()) host_->kill();
        live(12, 18);
        healed_ = true;
        if (host_->up()) host_->kill();
        if (const Status started = host_->start(); !started) return "it does not start: " + started.error().text();
        return judge();
    }
    [[nodiscard]] std::uint64_t operations() const { return operations_; }
    [[nodiscard]] const std::string& lastRefused() const { return last_; }

private:
    void live(int from, int to) {
        for (int tries = 0; tries < 2 && !host_->up(); ++tries) (void)host_->start();
        if (!host_->up()) return;
        create();
        for (int batch = from; batch < to; ++batch) put(batch);
        host_->node().flushNow();
        (void)world_.runUntil(world_.events().nowUs() + 2'000'000, [] { return false; });
    }
    void create() {
        if (host_->node().catalog().byPath(kPath) != nullptr) return;
        const auto answered = std::make_shared<bool>(false);
        host_->node().change(
            [](const Catalog& catalog) -> Result<CatalogChange> {
                maprdb::TableRecord table;
                table.id = catalog.nextId();
                table.uuid = Uuid::fromRandom(1, 2);
                table.path = kPath;
                maprdb::FamilyRecord family;
                family.id = table.nextFamilyId++;
                family.name = "f";
                family.perms = {{"readperm", "p"}, {"writeperm", "p"}};
                table.families.push_back(std::move(family));
                return CatalogChange::put(table.dataset());
            },
            [this, answered](const Status& status) {
                *answered = true;
                created_ = created_ || status.ok();
            });
        if (!wait(*answered)) wrong_ = "creating the table was not answered";
    }
    void put(int batch) {
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        std::vector<std::string> keys;
        for (int i = 0; i < 20; ++i) {
            keys.push_back(fmt::format("row{:03}-{:02}", batch, i));
            builder.put(keys.back(), {0, "c", std::string(100, 'v'), {}});
        }
        PutRequest request;
        request.user = "ana";
        request.path = kPath;
        request.body = maprdb::encodeBody({"f"}, mutations);
        const auto answered = std::make_shared<bool>(false);
        host_->node().put(std::move(request), [this, answered, keys](const Result<Bytes>& status) {
            *answered = true;
            if (status) acknowledged_.insert(keys.begin(), keys.end());
        });
        if (!wait(*answered)) wrong_ = "a put was not answered";
    }
    bool wait(const bool& answered) {
        return world_.runUntil(world_.events().nowUs() + kWaitUs, [&answered] { return answered; });
    }
    std::string judge() {
        Node& node = host_->node();
        if (!wrong_.empty()) return wrong_;
        if (const std::string broken = node.checkInvariants(); !broken.empty()) return broken;
        const DatasetRecord* record = node.catalog().byPath(kPath);
        if (record == nullptr) return created_ ? "the table that was made is gone" : "";
        auto view = node.view(record->id, false);
        if (!view) return "the table cannot be read: " + view.error().text();
        for (const std::string& key : acknowledged_) {
            const auto row = view.value()->get(key);
            if (!row) return "a row cannot be read: " + row.error().text();
            if (!row.value()) return "lost: " + key;
        }
        return {};
    }

    SimWorld world_;
    SimNode* host_ = nullptr;
    std::uint64_t operations_ = 0;
    bool healed_ = false;
    bool created_ = false;
    std::string wrong_;
    std::string last_;
    std::set<std::string> acknowledged_;
};

}  // namespace

class DiskSweepTest final : public QObject {
    Q_OBJECT
private slots:
    void nothingIsLostWhateverTheDiskRefuses_data() {
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("onward");
        QTest::newRow("an error, once") << static_cast<int>(ErrorCode::Io) << false;
        QTest::newRow("an error, from there on") << static_cast<int>(ErrorCode::Io) << true;
        QTest::newRow("full, once") << static_cast<int>(ErrorCode::DiskFull) << false;
        QTest::newRow("full, from there on") << static_cast<int>(ErrorCode::DiskFull) << true;
    }
    void nothingIsLostWhateverTheDiskRefuses() {
        QFETCH(int, code);
        QFETCH(bool, onward);
        std::uint64_t operations = 0;
        {
            Life clean({});
            QCOMPARE(clean.run(), std::string());
            operations = clean.operations();
        }
        QVERIFY(operations > 100);
        for (std::uint64_t nth = 1; nth <= operations; ++nth) {
            Life life({static_cast<ErrorCode>(code), nth, onward});
            const std::string wrong = life.run();
            QVERIFY2(wrong.empty(),
                     fmt::format("operation {} of {} ({}): {}", nth, operations, life.lastRefused(), wrong).c_str());
        }
        qInfo("%llu operations refused", static_cast<unsigned long long>(operations));
    }
};
TRIBUTARY_TEST(DiskSweepTest)
}  // namespace tributary::engine::sim::test
#include "tst_disksweep.moc"
