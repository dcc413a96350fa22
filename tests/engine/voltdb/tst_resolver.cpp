// Decisions on conflicts: the documented situations, and two to four clusters that change rows at the same time.
#include "engine/systems/voltdb/conflicts/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/systems/voltdb/conflicts/conflictlog.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

namespace {

constexpr Conflicts kFoundNothing{true, false, false};
constexpr Conflicts kFoundAnother{false, true, false};
constexpr Conflicts kCollides{false, false, true};

/// A row of a table with a primary key and one more unique column.
struct ModelRow {
    int unique = 0;
    int value = 0;
    DrStamp stamp;
    friend bool operator==(const ModelRow&, const ModelRow&) = default;
};

struct Change {
    DrOperation operation;
    int key;
    std::optional<ModelRow> before;
    ModelRow after;
    DrStamp stamp;
};

/// One cluster: its rows, what it sends, and whether it ever logged a divergence.
class Site {
public:
    explicit Site(int cluster) : cluster_(cluster) {}

    /// A change by a client; nullopt when this cluster refuses it.
    std::optional<Change> change(DrOperation operation, int key, int unique, int value, std::int64_t ms) {
        const auto found = rows_.find(key);
        if ((operation == DrOperation::Insert) != (found == rows_.end())) return std::nullopt;
        if (operation != DrOperation::Delete && collides(key, unique)) return std::nullopt;
        Change out{operation, key, std::nullopt, {unique, value, DrStamp::of(cluster_, ms, 0)}, {}};
        out.stamp = out.after.stamp;
        if (found != rows_.end()) out.before = found->second;
        if (operation == DrOperation::Delete) {
            rows_.erase(key);
        } else {
            rows_[key] = out.after;
        }
        return out;
    }

    void receive(const Change& change) {
        const auto found = rows_.find(change.key);
        const bool there = found != rows_.end();
        const DrStamp existing = there ? found->second.stamp : DrStamp();
        const DrStamp expected = change.before ? change.before->stamp : DrStamp();
        const Conflicts conflicts =
            conflictsOf(change.operation, there, existing, expected, collides(change.key, change.after.unique));
        const Resolution decided = resolve(change.operation, conflicts, change.stamp, existing);
        if (conflicts.any()) ++logged_;
        diverged_ = diverged_ || decided.divergent;
        if (!decided.accepted) return;
        if (change.operation == DrOperation::Delete) {
            rows_.erase(change.key);
            return;
        }
        std::erase_if(rows_, [&](const auto& each) { return each.second.unique == change.after.unique; });
        rows_[change.key] = change.after;
    }

    [[nodiscard]] const std::map<int, ModelRow>& rows() const { return rows_; }
    [[nodiscard]] bool diverged() const { return diverged_; }
    [[nodiscard]] int logged() const { return logged_; }

private:
    [[nodiscard]] bool collides(int key, int unique) const {
        return std::any_of(rows_.begin(), rows_.end(),
                           [&](const auto& each) { return each.first != key && each.second.unique == unique; });
    }

    int cluster_;
    std::map<int, ModelRow> rows_;
    bool diverged_ = false;
    int logged_ = 0;
};

/// Clusters that replicate as a full mesh; each round some of them change rows at the same time, then all is sent.
class Mesh {
public:
    explicit Mesh(int clusters) {
        for (int i = 0; i < clusters; ++i) sites.emplace_back(i + 1);
    }
    void send(const std::vector<std::pair<std::size_t, Change>>& changes) {
        for (std::size_t to = 0; to < sites.size(); ++to) {
            for (const auto& [from, change] : changes) {
                if (from != to) sites[to].receive(change);
            }
        }
    }
    [[nodiscard]] bool equal() const {
        return std::all_of(sites.begin(), sites.end(),
                           [&](const Site& each) { return each.rows() == sites[0].rows(); });
    }
    [[nodiscard]] bool diverged() const {
        return std::any_of(sites.begin(), sites.end(), [](const Site& each) { return each.diverged(); });
    }
    std::vector<Site> sites;
};

}  // namespace

class TestResolver : public QObject {
    Q_OBJECT
private slots:
    void documentedSituations_data() {
        QTest::addColumn<int>("operation");
        QTest::addColumn<int>("conflicts");  // MISS 1, MSMT 2, CNST 4
        QTest::addColumn<int>(
            "later");  // the incoming change: 1 newer, -1 older, 0 at the same time from a lower cluster
        QTest::addColumn<QString>("decision");
        QTest::addColumn<QString>("images");
        const auto row = [](const char* name, DrOperation operation, int conflicts, int later, const char* decision,
                            const char* images) {
            QTest::newRow(name) << static_cast<int>(operation) << conflicts << later << QString::fromUtf8(decision)
                                << QString::fromUtf8(images);
        };
        row("II_CV insert meets insert", DrOperation::Insert, 4, 1, "RD", "EXT NEW");
        row("IU_CV update meets insert", DrOperation::Update, 4, 1, "RD", "EXT EXP NEW");
        row("UU_CV", DrOperation::Update, 4, -1, "RD", "EXT EXP NEW");
        row("UU_TM newer", DrOperation::Update, 2, 1, "AC", "EXT EXP NEW");
        row("UU_TM older", DrOperation::Update, 2, -1, "RC", "EXT EXP NEW");
        row("UU_TM at the same time", DrOperation::Update, 2, 0, "AC", "EXT EXP NEW");
        row("UD update meets delete", DrOperation::Update, 1, 1, "RD", "EXP NEW");
        row("UD delete meets newer update", DrOperation::Delete, 2, -1, "AC", "EXT EXP DEL");
        row("UD delete meets older update", DrOperation::Delete, 2, 1, "AC", "EXT EXP DEL");
        row("DD_MR", DrOperation::Delete, 1, 1, "RC", "EXP DEL");
        row("update MISS CNST", DrOperation::Update, 5, 1, "RD", "EXT EXP NEW");
        row("update MSMT CNST", DrOperation::Update, 6, 1, "RD", "EXT EXP NEW");
    }
    void documentedSituations() {
        QFETCH(int, operation);
        QFETCH(int, conflicts);
        QFETCH(int, later);
        const auto op = static_cast<DrOperation>(operation);
        const DrStamp existing = DrStamp::of(2, kEpochMs + 1000, 0);
        const DrStamp incoming = DrStamp::of(1, kEpochMs + 1000 + later, 0);
        const Conflicts found{(conflicts & 1) != 0, (conflicts & 2) != 0, (conflicts & 4) != 0};
        const Resolution out = resolve(op, found, incoming, existing);
        QString decision = out.accepted ? QStringLiteral("A") : QStringLiteral("R");
        decision += out.divergent ? QLatin1Char('D') : QLatin1Char('C');
        QTEST(decision, "decision");
        QStringList images;
        if (out.images.existing) images << QStringLiteral("EXT");
        if (out.images.expected) images << QStringLiteral("EXP");
        if (out.images.incoming) images << (op == DrOperation::Delete ? QStringLiteral("DEL") : QStringLiteral("NEW"));
        QTEST(images.join(QLatin1Char(' ')), "images");
    }

    void everyCombinationHasOneRow() {
        for (const DrOperation operation : {DrOperation::Insert, DrOperation::Update, DrOperation::Delete}) {
            for (int bits = 0; bits < 16; ++bits) {
                const bool found = (bits & 1) != 0;
                const DrStamp existing = DrStamp::of(1, kEpochMs + 5, 0);
                const DrStamp expected = (bits & 2) != 0 ? existing : DrStamp::of(2, kEpochMs + 4, 0);
                const Conflicts conflicts = conflictsOf(operation, found, existing, expected, (bits & 4) != 0);
                if (!conflicts.any()) continue;
                int rows = 0;
                for (const ResolverRow& each : resolverTable()) {
                    const bool here = each.operation == operation && each.conflicts == conflicts;
                    if (here) rows += each.lateness == Lateness::Any ? 2 : 1;
                }
                QCOMPARE(rows, 2);  // whoever is later
            }
        }
        for (const ResolverRow& each : resolverTable()) QVERIFY(!each.evidence.empty());
    }

    void withoutConflictsEverythingIsAccepted() {
        QVERIFY(resolve(DrOperation::Update, {}, DrStamp(), DrStamp()).accepted);
        QVERIFY(conflictsOf(DrOperation::Update, false, {}, {}, false) == kFoundNothing);
        QVERIFY(conflictsOf(DrOperation::Update, true, DrStamp(1), DrStamp(2), false) == kFoundAnother);
        QVERIFY(conflictsOf(DrOperation::Insert, true, {}, {}, false) == kCollides);
        QVERIFY(!conflictsOf(DrOperation::Delete, true, DrStamp(1), DrStamp(1), true).any());
    }

    void bothSidesChooseTheSameOfTwoUpdates() {
        // Property: of two changes of one row exactly one wins, and it is the same on both sides.
        Mutator random(11);
        for (int i = 0; i < fuzzRounds(5000); ++i) {
            const DrStamp a = DrStamp::of(static_cast<int>(random.below(3)),
                                          kEpochMs + static_cast<std::int64_t>(random.below(4)), random.below(3));
            const DrStamp b = DrStamp::of(static_cast<int>(3 + random.below(3)),
                                          kEpochMs + static_cast<std::int64_t>(random.below(4)), random.below(3));
            const bool aWinsAtB = resolve(DrOperation::Update, kFoundAnother, a, b).accepted;
            const bool bWinsAtA = resolve(DrOperation::Update, kFoundAnother, b, a).accepted;
            QVERIFY(aWinsAtB != bWinsAtA);
        }
    }

    void clustersAgreeUnlessADivergenceIsLogged_data() {
        QTest::addColumn<int>("clusters");
        QTest::addColumn<bool>("deletes");
        QTest::addColumn<bool>("uniques");
        QTest::newRow("two, updates alone") << 2 << false << false;
        QTest::newRow("four, updates alone") << 4 << false << false;
        QTest::newRow("two, deletes") << 2 << true << false;
        QTest::newRow("two, unique keys") << 2 << false << true;
        QTest::newRow("two, everything") << 2 << true << true;
        QTest::newRow("three, everything") << 3 << true << true;
    }
    void clustersAgreeUnlessADivergenceIsLogged() {
        QFETCH(int, clusters);
        QFETCH(bool, deletes);
        QFETCH(bool, uniques);
        int conflicted = 0;
        int divergences = 0;
        for (int seed = 0; seed < fuzzRounds(300); ++seed) {
            Mutator random(static_cast<std::uint64_t>(seed));
            Mesh mesh(clusters);
            std::vector<std::pair<std::size_t, Change>> first;
            for (int key = 0; key < 3; ++key) {
                first.emplace_back(0, *mesh.sites[0].change(DrOperation::Insert, key, key, 0, kEpochMs + 1));
            }
            mesh.send(first);
            QVERIFY(mesh.equal());
            // One round of changes made at the same time.
            std::vector<std::pair<std::size_t, Change>> changes;
            for (std::size_t site = 0; site < mesh.sites.size(); ++site) {
                const int key = static_cast<int>(random.below(3));
                const int unique = uniques && random.below(2) == 0 ? 100 + static_cast<int>(random.below(2)) : key;
                const DrOperation operation =
                    deletes && random.below(3) == 0 ? DrOperation::Delete : DrOperation::Update;
                const std::int64_t ms = kEpochMs + 10 + static_cast<std::int64_t>(random.below(3));
                auto made = mesh.sites[site].change(operation, key, unique, static_cast<int>(site) + 1, ms);
                if (made) changes.emplace_back(site, *made);
            }
            mesh.send(changes);
            for (const Site& each : mesh.sites) conflicted += each.logged();
            if (mesh.diverged()) {
                ++divergences;
            } else {
                QVERIFY2(mesh.equal(), qPrintable(QStringLiteral("seed %1").arg(seed)));
            }
            if (!deletes && !uniques) QVERIFY(!mesh.diverged());
        }
        QVERIFY(conflicted > 50);
        QCOMPARE(divergences > 0, deletes || uniques);
    }

    void updateAndDeleteEndDeletedOnBothSides() {
        // The updater's log says that the deleter diverges; both end without the row all the same.
        Mesh mesh(2);
        mesh.send({{0, *mesh.sites[0].change(DrOperation::Insert, 1, 1, 0, kEpochMs)}});
        const Change update = *mesh.sites[0].change(DrOperation::Update, 1, 1, 5, kEpochMs + 9);
        const Change erase = *mesh.sites[1].change(DrOperation::Delete, 1, 1, 0, kEpochMs + 2);
        mesh.send({{0, update}, {1, erase}});
        QVERIFY(mesh.equal() && mesh.sites[0].rows().empty() && mesh.diverged());
    }

    void uniqueKeysLeaveTheClustersDifferent() {
        Mesh mesh(2);
        const Change a = *mesh.sites[0].change(DrOperation::Insert, 1, 7, 0, kEpochMs);
        const Change b = *mesh.sites[1].change(DrOperation::Insert, 2, 7, 0, kEpochMs + 1);
        mesh.send({{0, a}, {1, b}});
        QVERIFY(!mesh.equal() && mesh.sites[0].diverged() && mesh.sites[1].diverged());
        QVERIFY(mesh.sites[0].logged() == 1 && mesh.sites[1].logged() == 1);
    }
};
TRIBUTARY_TEST(TestResolver)
#include "tst_resolver.moc"
