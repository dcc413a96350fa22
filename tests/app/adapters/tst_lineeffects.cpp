// What a line would take away: counted against every other copy, unknown when one of them is silent.
#include <QTest>
#include <algorithm>

#include "app/adapters/engineport.h"
#include "app/adapters/impatientdirectory.h"
#include "testmain.h"
#include "tests/engine/admin/fakeclusters.h"

using namespace tributary;
using namespace tributary::app;
using engine::Json;
using runbooks::LineEffect;
using test::FakeCluster;
using test::FakeDirectory;
using test::FakeTable;

namespace {

const std::string kSf = "/mapr/sanfrancisco/customers";
const std::string kNy = "/mapr/newyork/customers";
const std::string kDelete = "maprcli table delete -path /mapr/newyork/customers";

}  // namespace

class LineEffectsTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;
    FakeTable* source_ = nullptr;
    FakeTable* replica_ = nullptr;
    std::unique_ptr<EnginePort> port_;

private slots:
    void init() {
        directory_ = FakeDirectory();
        sf_ = &directory_.add("sanfrancisco");
        ny_ = &directory_.add("newyork");
        source_ = &sf_->add("/customers", {"profile", "orders"}, 1);
        replica_ = &ny_->add("/customers", {"profile", "orders"}, 2);
        for (const char* key : {"a", "b", "c"}) {
            source_->put(key, "profile", "q", 10, "v");
            replica_->put(key, "profile", "q", 10, "v");
        }
        port_ = std::make_unique<EnginePort>(directory_, "ana", [] { return Millis{1'700'000'000'000}; });
    }

    void rowsThatTheOtherSideHasAreNotOnlyHere() {
        const LineEffect effect = port_->effectOf(kDelete, {{kSf, kNy}});
        QVERIFY(effect.destroysData && effect.present);
        QCOMPARE(effect.target, kNy);
        QCOMPARE(effect.rows, std::int64_t{3});
        QCOMPARE(effect.onlyHere, std::int64_t{0});
        QVERIFY2(effect.problem.empty(), effect.problem.c_str());
    }
    void rowsAndNewerCellsOfThisSideAreCountedWithTheirKeys() {
        replica_->put("only", "profile", "q", 10, "v");
        replica_->put("b", "profile", "q", 20, "newer here");
        source_->put("c", "profile", "q", 30, "newer there");
        const LineEffect effect = port_->effectOf(kDelete, {{kSf}});
        QCOMPARE(effect.rows, std::int64_t{4});
        QCOMPARE(effect.onlyHere, std::int64_t{2});
        const std::vector<std::string> keys{"b", "only"};
        QVERIFY(effect.keys == keys);
    }
    void aRowIsElsewhereWhenAnyOtherTableHasIt() {
        replica_->put("one", "profile", "q", 10, "v");
        replica_->put("two", "profile", "q", 10, "v");
        ny_->add("/copy", {"profile"}, 3).put("one", "profile", "q", 10, "v");
        const LineEffect effect = port_->effectOf(kDelete, {{kSf, "/mapr/newyork/copy", "/mapr/newyork/none"}});
        QCOMPARE(effect.onlyHere, std::int64_t{1});
        QVERIFY(effect.keys == std::vector<std::string>{"two"});
    }
    void aTableWithoutAnotherCopyIsWhollyOnlyHere() {
        const LineEffect effect = port_->effectOf(kDelete, {});
        QCOMPARE(effect.rows, std::int64_t{3});
        QCOMPARE(effect.onlyHere, std::int64_t{3});
        QCOMPARE(effect.keys.size(), std::size_t{3});
    }
    void aSilentOtherSideLeavesTheCountUnknown() {
        sf_->up = false;
        const LineEffect effect = port_->effectOf(kDelete, {{kSf}});
        QCOMPARE(effect.onlyHere, std::int64_t{-1});
        QVERIFY(!effect.problem.empty());
        sf_->up = true;
        ny_->up = false;
        const LineEffect unseen = port_->effectOf(kDelete, {{kSf}});
        QVERIFY(unseen.destroysData && unseen.present);
        QCOMPARE(unseen.rows, std::int64_t{-1});
    }
    void narrowerLimitsOfAFamilyMayTakeAllItsCells_data() {
        QTest::addColumn<QString>("options");
        QTest::addColumn<bool>("destroys");
        QTest::newRow("a time to live where there was none") << QStringLiteral("-ttl 1") << true;
        QTest::newRow("for ever") << QStringLiteral("-ttl 0") << false;
        QTest::newRow("more versions") << QStringLiteral("-maxversions 3") << false;
        QTest::newRow("as many versions") << QStringLiteral("-maxversions 1") << false;
        QTest::newRow("no limit") << QStringLiteral("-compression off") << false;
    }
    void narrowerLimitsOfAFamilyMayTakeAllItsCells() {
        QFETCH(QString, options);
        QFETCH(bool, destroys);
        replica_->put("only", "profile", "q", 10, "v");
        const LineEffect effect = port_->effectOf(
            "maprcli table cf edit -path " + kNy + " -cfname profile " + options.toStdString(), {{kSf}});
        QCOMPARE(effect.destroysData, destroys);
        if (!destroys) return;
        QCOMPARE(effect.target, std::string("profile"));
        QCOMPARE(effect.rows, std::int64_t{4});
        QCOMPARE(effect.onlyHere, std::int64_t{1});
        QVERIFY(effect.keys == std::vector<std::string>{"only"});
    }
    void deletesThatWaitToBeSentCount() {
        QVERIFY(port_->execute("maprcli table replica add -path " + kNy + " -replica " + kSf, 1'000).ok);
        ny_->linkFigures[kSf] = Json::parse(R"({"putspending":2})");
        QCOMPARE(port_->effectOf(kDelete, {}).onlyHere, std::int64_t{2});
        ny_->linkFigures[kSf] = Json::parse(R"({"putspending":0})");
        QCOMPARE(port_->effectOf(kDelete, {}).onlyHere, std::int64_t{0});
        ny_->linkFigures[kSf] = Json::parse(R"({"putspending":-1})");
        QCOMPARE(port_->effectOf(kDelete, {}).onlyHere, std::int64_t{-1});
    }
    void aFamilyIsComparedByItself() {
        replica_->put("a", "orders", "q", 10, "v");
        const LineEffect effect = port_->effectOf("maprcli table cf delete -path " + kNy + " -cfname orders", {{kSf}});
        QCOMPARE(effect.target, std::string("orders"));
        QCOMPARE(effect.onlyHere, std::int64_t{1});
        const LineEffect none = port_->effectOf("maprcli table cf delete -path " + kNy + " -cfname gone", {{kSf}});
        QVERIFY(!none.present);
    }
    void whatAnEarlierLineDeletesIsNoCopy_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("onlyHere");
        QTest::addColumn<bool>("present");
        const QString cf = QStringLiteral("maprcli table cf delete -path %1 -cfname orders");
        const QString table = QStringLiteral("maprcli table delete -path %1");
        const QString sf = QString::fromStdString(kSf);
        const QString ny = QString::fromStdString(kNy);
        QTest::newRow("nothing before") << QString() << table.arg(ny) << 0 << true;
        QTest::newRow("the other table") << table.arg(sf) << table.arg(ny) << 3 << true;
        QTest::newRow("the other family") << cf.arg(sf) << cf.arg(ny) << 1 << true;
        QTest::newRow("the table with the other family") << table.arg(sf) << cf.arg(ny) << 1 << true;
        QTest::newRow("a family of the other table") << cf.arg(sf) << table.arg(ny) << 1 << true;
        QTest::newRow("its own family") << cf.arg(ny) << table.arg(ny) << 0 << true;
        QTest::newRow("itself") << table.arg(ny) << table.arg(ny) << 0 << false;
        QTest::newRow("the table of its family") << table.arg(ny) << cf.arg(ny) << 0 << false;
        QTest::newRow("what takes nothing away")
            << QStringLiteral("maprcli table replica list -path ") + sf << table.arg(ny) << 0 << true;
    }
    void whatAnEarlierLineDeletesIsNoCopy() {
        QFETCH(QString, before);
        QFETCH(QString, line);
        QFETCH(int, onlyHere);
        QFETCH(bool, present);
        source_->put("a", "orders", "q", 10, "v");
        replica_->put("a", "orders", "q", 10, "v");
        runbooks::LookAround around{{kSf, kNy}};
        if (!before.isEmpty()) around.before.push_back(before.toStdString());
        const LineEffect effect = port_->effectOf(line.toStdString(), around);
        QVERIFY(effect.destroysData);
        QCOMPARE(effect.present, present);
        QCOMPARE(effect.onlyHere, std::int64_t{onlyHere});
        QCOMPARE(effect.problem.empty(), onlyHere == 0 && present);  // it is said what the count rests on
    }
    void theSentenceNamesWhatGoesAndCountsWhatIsLeftByThen() {
        source_->put("a", "orders", "q", 10, "v");
        replica_->put("a", "orders", "q", 10, "v");
        replica_->put("late", "orders", "q", 10, "v");
        const std::string cf = "maprcli table cf delete -cfname orders -path ";
        // A table whose family goes is not a table that goes.
        const LineEffect family = port_->effectOf(cf + kNy, {{kSf, kNy}, {cf + kSf}});
        QCOMPARE(family.problem, "family orders of " + kSf + " is deleted by an earlier step");
        const LineEffect whole = port_->effectOf(cf + kNy, {{kSf, kNy}, {"maprcli table delete -path " + kSf}});
        QCOMPARE(whole.problem, kSf + " is deleted by an earlier step");
        // A row that was nothing but cells of the family is gone with it.
        QCOMPARE(port_->effectOf(kDelete, {{kSf, kNy}, {}}).rows, std::int64_t{4});
        QCOMPARE(port_->effectOf(kDelete, {{kSf, kNy}, {cf + kNy}}).rows, std::int64_t{3});
    }
    void aFamilyThatTheOtherTableLacksIsOnlyHere() {
        replica_->put("a", "orders", "q", 10, "v");
        QVERIFY(port_->execute("maprcli table cf delete -path " + kSf + " -cfname orders", 1'000).ok);
        const LineEffect effect = port_->effectOf("maprcli table cf delete -path " + kNy + " -cfname orders", {{kSf}});
        QCOMPARE(effect.onlyHere, std::int64_t{1});
    }
    void whatIsGoneIsNotPresent() {
        const LineEffect effect = port_->effectOf("maprcli table delete -path /mapr/newyork/none", {{kSf}});
        QVERIFY(effect.destroysData && !effect.present);
    }
    void otherLinesSayWhatTheyTakeAwayAndDestroyNothing() {
        const LineEffect effect =
            port_->effectOf("maprcli table upstream remove -path " + kNy + " -upstream " + kSf, {});
        QVERIFY(!effect.destroysData);
        QVERIFY(effect.text.find("accepts nothing") != std::string::npos);
    }
    void theDescriptionNamesEveryFactByItself() {
        QVERIFY(port_->execute("maprcli table replica add -path " + kSf + " -replica " + kNy, 1'000).ok);
        const std::vector<std::string> facts = port_->describe();
        QVERIFY(std::is_sorted(facts.begin(), facts.end()));
        const auto named = [&](const std::string& start, const std::string& end) {
            return std::any_of(facts.begin(), facts.end(),
                               [&](const std::string& fact) { return fact.starts_with(start) && fact.ends_with(end); });
        };
        QVERIFY(named("table " + kSf, ""));
        QVERIFY(named("family orders", "of table " + kNy));
        QVERIFY(named("replica " + kNy, "of table " + kSf));
    }
    void aClusterThatDidNotAnswerIsAskedOnce() {
        ImpatientDirectory impatient(directory_);
        EnginePort look(impatient, "ana", [] { return Millis{1'700'000'000'000}; });
        sf_->failNext(engine::maprdb::TableMethod::Describe, Error{ErrorCode::Timeout, "no answer", {}, {}});
        QCOMPARE(look.check("dataset-exists", {{kSf}}).verdict, runbooks::CheckVerdict::Unknown);
        QCOMPARE(impatient.silent().size(), std::size_t{1});
        const std::size_t asked = sf_->log.size();
        QCOMPARE(look.check("dataset-exists", {{kSf}}).verdict, runbooks::CheckVerdict::Unknown);
        QCOMPARE(sf_->log.size(), asked);
        QCOMPARE(look.check("dataset-exists", {kNy}).verdict, runbooks::CheckVerdict::True);
    }
};
TRIBUTARY_TEST(LineEffectsTest)
#include "tst_lineeffects.moc"
