// Spaces of two instances in memory compared: what is equal, what is told apart, what a look may not conclude.
#include <QTest>

#include "app/instances/spacefingerprint.h"
#include "engine/systems/tarantool/data/localbox.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
namespace tt = tributary::engine::tarantool;

namespace {

/// An instance in memory that a test fills. It lists its spaces as _space does, which the memory one does not keep.
class FilledBox final : public tt::BoxBackend {
public:
    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        if (isDead) return tt::BoxFailure{0, "nobody answers", {}};
        if (method == "select" && listed(arguments)) return spaceRows();
        if (beforeSelect && method == "select") beforeSelect();
        return box_.call(method, arguments);
    }
    /// `flags` is an encoded map.
    void makeSpace(std::string_view name, std::string_view kind = "TREE", BytesView flags = "\x80",
                   std::string_view type = "unsigned") {
        makeBareSpace(name, flags);
        Bytes index;
        tt::MsgpackWriter parts(index);
        parts.array(5);
        parts.unsignedInteger(ids_[std::string(name)]);
        parts.string("primary");
        parts.string(kind);
        parts.boolean(true);
        parts.array(1);
        parts.array(3);
        parts.unsignedInteger(1);
        parts.string(type);
        parts.boolean(false);
        mustCall("create_index", index);
    }
    /// Without an index.
    void makeBareSpace(std::string_view name, BytesView flags = "\x80") {
        Bytes arguments;
        tt::MsgpackWriter create(arguments);
        create.array(1);
        create.string(name);
        mustCall("create_space", arguments);
        Bytes row;
        tt::MsgpackWriter writer(row);
        writer.array(7);
        writer.unsignedInteger(512 + spaces_.size());
        writer.unsignedInteger(1);
        writer.string(name);
        writer.string("memtx");
        writer.unsignedInteger(0);
        writer.raw(flags);
        writer.array(0);
        ids_[std::string(name)] = 512 + spaces_.size();
        spaces_.push_back(row);
    }
    /// [id, text], with the id written in so many bytes.
    void put(std::string_view space, std::uint64_t id, std::string_view text, bool wide = false) {
        Bytes tuple;
        tt::MsgpackWriter writer(tuple);
        writer.array(2);
        if (wide) {
            tuple += std::string("\xcd") + static_cast<char>(id >> 8U) + static_cast<char>(id & 0xffU);
        } else {
            writer.unsignedInteger(id);
        }
        writer.string(text);
        Bytes arguments;
        tt::MsgpackWriter call(arguments);
        call.array(2);
        call.unsignedInteger(ids_[std::string(space)]);
        call.raw(tuple);
        mustCall("replace", arguments);
    }

    bool isDead = false;
    std::function<void()> beforeSelect;

private:
    void mustCall(std::string_view method, BytesView arguments) {
        const tt::BoxAnswer answer = box_.call(method, arguments);
        if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) qFatal("%s", failure->message.c_str());
    }
    static bool listed(BytesView arguments) {
        tt::MsgpackReader reader(arguments);
        reader.array();
        return reader.unsignedInteger() == 280;
    }
    tt::BoxAnswer spaceRows() const {
        Bytes out;
        tt::MsgpackWriter writer(out);
        writer.array(spaces_.size());
        for (const Bytes& each : spaces_) writer.raw(each);
        return out;
    }

    tt::LocalBox box_{tt::TreeUnit::Options{}, Uuid{}, Uuid{}};
    std::map<std::string, std::uint64_t> ids_;
    std::vector<Bytes> spaces_;
};

void fillBands(FilledBox& box) {
    box.makeSpace("bands");
    box.put("bands", 1, "Roxette");
    box.put("bands", 2, "Scorpions");
}

}  // namespace

class TestSpaceFingerprint : public QObject {
    Q_OBJECT
private slots:
    void equalContentsHaveEqualFigures() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        b.makeSpace("bands");
        b.put("bands", 2, "Scorpions", true);  // in another order, and in more bytes
        b.put("bands", 1, "Roxette");
        const auto one = fingerprintOf(a, "bands");
        const auto other = fingerprintOf(b, "bands");
        QVERIFY_OK(one);
        QVERIFY_OK(other);
        QCOMPARE(one.value().rows, std::uint64_t(2));
        QVERIFY(one.value().hash != 0);
        QVERIFY(one.value() == other.value());
        const auto compared = compareSpace(a, b, "bands", {});
        QVERIFY_OK(compared);
        QVERIFY(compared.value().isIdentical());
        QVERIFY(compared.value().a == one.value());
    }
    void figuresTellOrderAndContentApart() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        b.makeSpace("bands");
        b.put("bands", 1, "Scorpions");
        b.put("bands", 2, "Roxette");
        QVERIFY(fingerprintOf(a, "bands").value().hash != fingerprintOf(b, "bands").value().hash);
    }
    void anEmptySpaceHasNoFigure() {
        FilledBox a;
        a.makeSpace("bands");
        QVERIFY(fingerprintOf(a, "bands").value() == (SpaceFingerprint{"bands", 0, 0}));
    }
    void namesTheKeysThatDiffer() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        fillBands(b);
        a.put("bands", 5, "Pink Floyd");
        b.put("bands", 5, "incorrect data");
        a.put("bands", 3, "Ace of Base");
        b.put("bands", 9, "only here");
        const auto compared = compareSpace(a, b, "bands", {});
        QVERIFY_OK(compared);
        QCOMPARE(compared.value().rowsDifferent, std::uint64_t(3));
        QCOMPARE(compared.value().rowsChanging, std::uint64_t(0));
        const std::vector<RowDifference> wanted{{"[3]", "[3, \"Ace of Base\"]", ""},
                                                {"[5]", "[5, \"Pink Floyd\"]", "[5, \"incorrect data\"]"},
                                                {"[9]", "", "[9, \"only here\"]"}};
        QVERIFY(compared.value().differences == wanted);
        std::vector<std::string> told;
        CompareOptions all;
        all.looks = 1;
        all.differencesMost = 0;
        all.onDifference = [&](const DifferingRow& row) {
            told.push_back(row.space + std::string(row.key) + std::string(row.a.empty() ? "" : "a") +
                           std::string(row.b.empty() ? "" : "b"));
        };
        QVERIFY(compareSpace(a, b, "bands", all).value().differences.empty());
        QVERIFY(told == (std::vector<std::string>{"bands\x91\x03"
                                                  "a",
                                                  "bands\x91\x05"
                                                  "ab",
                                                  "bands\x91\x09"
                                                  "b"}));
        CompareOptions few;
        few.differencesMost = 1;
        QCOMPARE(compareSpace(a, b, "bands", few).value().differences.size(), std::size_t(1));
        QCOMPARE(compareSpace(a, b, "bands", few).value().rowsDifferent, std::uint64_t(3));
    }
    void readsManyPages_data() {
        QTest::addColumn<QByteArray>("kind");
        QTest::newRow("tree") << QByteArray("TREE");
        QTest::newRow("hash") << QByteArray("HASH");
    }
    void readsManyPages() {
        QFETCH(QByteArray, kind);
        FilledBox a;
        FilledBox b;
        for (FilledBox* box : {&a, &b}) {
            box->makeSpace("bands", kind.toStdString());
            for (std::uint64_t id = 0; id < 2'500; ++id) box->put("bands", id, "row");
        }
        b.put("bands", 2'000, "other");  // on the third page
        const auto compared = compareSpace(a, b, "bands", {});
        QVERIFY_OK(compared);
        QCOMPARE(compared.value().a.rows, std::uint64_t(2'500));
        QCOMPARE(compared.value().rowsDifferent, std::uint64_t(1));
        QCOMPARE(compared.value().differences.front().key, std::string("[2000]"));
    }
    void whatIsOnItsWayIsNoDifference() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        fillBands(b);
        a.put("bands", 3, "Ace of Base");
        CompareOptions options;
        int waits = 0;
        options.pause = [&](Millis) {
            ++waits;
            b.put("bands", 3, "Ace of Base");
        };
        const auto compared = compareSpace(a, b, "bands", options);
        QVERIFY_OK(compared);
        QVERIFY(compared.value().isIdentical());
        QVERIFY(compared.value().differences.empty());
        QCOMPARE(waits, 1);
    }
    void whatDiffersInAnotherWayEachTimeIsChanging() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        fillBands(b);
        int looks = 0;
        a.beforeSelect = [&] {
            if (looks < 100) a.put("bands", 7, "look " + std::to_string(++looks));
        };
        const auto compared = compareSpace(a, b, "bands", {});
        QVERIFY_OK(compared);
        QCOMPARE(compared.value().rowsDifferent, std::uint64_t(0));
        QCOMPARE(compared.value().rowsChanging, std::uint64_t(1));
        QVERIFY(!compared.value().isIdentical());
    }
    void aSpaceThatOneLacksIsSaid() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        const auto compared = compareInstances(a, b, {});
        QVERIFY_OK(compared);
        QCOMPARE(compared.value().size(), std::size_t(1));
        QVERIFY(!compared.value().front().isIdentical());
        QCOMPARE(compared.value().front().shape,
                 std::string("the second has no such space, or no primary index of it"));
        QCOMPARE(compareSpace(a, b, "nowhere", {}).error().code, ErrorCode::NotFound);
        // All that it holds exists only there.
        std::uint64_t here = 0;
        std::uint64_t there = 0;
        CompareOptions told;
        told.looks = 1;
        told.onDifference = [&](const DifferingRow& row) { ++(row.b.empty() ? here : there); };
        QVERIFY_OK(compareInstances(a, b, told));
        QCOMPARE(here, std::uint64_t(2));
        QVERIFY_OK(compareInstances(b, a, told));
        QCOMPARE(here, std::uint64_t(2));
        QCOMPARE(there, std::uint64_t(0));
        QCOMPARE(fingerprintOf(b, "bands").error().code, ErrorCode::NotFound);
    }
    /// It was created, and has no index yet, so no rows.
    void aSpaceWithoutAnIndexKeepsNoOtherFromBeingCompared() {
        FilledBox a;
        FilledBox b;
        for (FilledBox* box : {&a, &b}) {
            box->makeBareSpace("bare");
            fillBands(*box);
        }
        const auto compared = compareInstances(a, b, {});
        QVERIFY_OK(compared);
        QCOMPARE(compared.value().size(), std::size_t(1));
        QVERIFY(compared.value().front().isIdentical());
        QCOMPARE(compareSpace(a, b, "bare", {}).error().code, ErrorCode::NotFound);
    }
    void otherKeysAreNotCompared() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        b.makeSpace("bands", "TREE", "\x80", "integer");
        QCOMPARE(compareSpace(a, b, "bands", {}).value().shape, std::string("their primary keys have other parts"));
        std::uint64_t here = 0;
        CompareOptions told;
        told.looks = 1;
        told.onDifference = [&](const DifferingRow& row) { here += row.b.empty() ? 1 : 100; };
        QVERIFY_OK(compareSpace(a, b, "bands", told));
        QCOMPARE(here, std::uint64_t(2));
    }
    void whatStaysAtAnInstanceIsLeftOut() {
        FilledBox a;
        a.makeSpace("temporary", "TREE", "\x81\xa9temporary\xc3");
        a.makeSpace("local", "TREE", "\x81\xa8group_id\x01");
        a.makeSpace("global", "TREE", BytesView("\x81\xa8group_id\x00", 11));
        a.makeSpace("bands");
        const auto names = replicatedSpaces(a);
        QVERIFY_OK(names);
        QVERIFY(names.value() == (std::vector<std::string>{"bands", "global"}));
    }
    void anInstanceThatIsGoneIsUnavailable() {
        FilledBox a;
        FilledBox b;
        fillBands(a);
        fillBands(b);
        b.isDead = true;
        QCOMPARE(compareSpace(a, b, "bands", {}).error().code, ErrorCode::Unavailable);
        QCOMPARE(compareInstances(a, b, {}).error().code, ErrorCode::Unavailable);
        QCOMPARE(fingerprintOf(b, "bands").error().code, ErrorCode::Unavailable);
    }
};

TRIBUTARY_TEST(TestSpaceFingerprint)
#include "tst_spacefingerprint.moc"
