// The fold of documents: joining, and what is purged after deletettl.
#include "engine/systems/maprdb/jsontables/documentfold.h"

#include "documentsides.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::DocumentSide;
using tributary::test::Requests;

namespace {

/// The documents that `writes` log, each with a stamp of its own millisecond from 1,000 on.
std::vector<Bytes> loggedBy(const std::vector<Requests>& writes) {
    DocumentSide side;
    std::vector<Bytes> out;
    Millis ms = 1'000;
    for (const Requests& write : writes) {
        const auto decision = side.decide(write.body(), stampFromMs(ms++));
        if (!decision || !decision->body) qFatal("a write of the test is refused");
        DocumentReader reader(BytesView(*decision->body).substr(1));
        DocumentItem item;
        while (reader.next(item)) out.emplace_back(item.document);
    }
    return out;
}

FoldContext contextAt(Millis nowMs, Millis deleteTtlMs) {
    FoldContext context;
    context.nowMs = nowMs;
    context.deleteTtlMs = deleteTtlMs;
    return context;
}

Bytes folded(const std::vector<Bytes>& parts, FoldMode mode, const FoldContext& context, bool* purgeable = nullptr) {
    const auto folder = makeDocumentRowFormat()->makeFolder();
    folder->setContext(context);
    folder->reset();
    for (const Bytes& part : parts) {
        if (!folder->addRecord(part)) return "damaged";
    }
    Bytes out(folder->finish(mode));
    if (purgeable != nullptr) *purgeable = folder->hasPurgeable();
    return out;
}

std::string shown(const Bytes& record) {
    const auto value = json::StampedDocument::decode(record).value().visible();
    return value ? json::printJson(*value) : std::string();
}

}  // namespace

class TestDocumentFold : public QObject {
    Q_OBJECT
private slots:
    void findsKeysAndDocumentsInABody() {
        DocumentSide side;
        const auto decision =
            side.decide(Requests().replace("a", R"({"n":1})").replace("b", R"({"n":2})").body(), stampFromMs(1'000));
        EntryRef entry;
        entry.mutations = itemsOf(*decision->body).value();
        const auto format = makeDocumentRowFormat();
        QCOMPARE(format->check(entry).value(), 2U);
        const char* at = entry.mutations.data();
        const char* end = at + entry.mutations.size();
        const char* next = nullptr;
        QCOMPARE(Bytes(format->keyAt(at, end, next)), test::keyOfText("a"));
        QCOMPARE(Bytes(format->keyAt(next, end, next)), test::keyOfText("b"));
        QVERIFY(next == end);
        const auto folder = format->makeFolder();
        folder->reset();
        folder->addOperation(at, entry);
        QCOMPARE(shown(Bytes(folder->finish(FoldMode::Keep))), std::string(R"({"n":1})"));
    }
    void foldsInAnyOrderToTheSameBytes() {
        std::vector<Bytes> parts =
            loggedBy({Requests().replace("a", R"({"n":1,"m":{"x":1}})"), Requests().update("a", R"({"$delete":"m.x"})"),
                      Requests().update("a", R"({"$put":{"m.y":2}})"), Requests().remove("a"),
                      Requests().update("a", R"({"$put":{"z":3}})")});
        const FoldContext context = contextAt(2'000, 86'400'000);
        const Bytes once = folded(parts, FoldMode::Keep, context);
        QCOMPARE(shown(once), std::string(R"({"z":3})"));
        std::sort(parts.begin(), parts.end());
        do {
            QCOMPARE(folded(parts, FoldMode::Keep, context), once);
        } while (std::next_permutation(parts.begin(), parts.end()));
        // In two steps, and twice.
        const Bytes half = folded({parts[0], parts[1]}, FoldMode::Keep, context);
        QCOMPARE(folded({half, parts[2], parts[3], parts[4], parts[1]}, FoldMode::Keep, context), once);
    }
    void keepsDeletesUntilTheirTimeIsOver() {
        const auto parts = loggedBy({Requests().replace("a", R"({"n":1})"), Requests().remove("a")});
        bool purgeable = true;
        const Bytes kept = folded(parts, FoldMode::Purge, contextAt(1'500, 1'000));
        QVERIFY(!kept.empty() && shown(kept).empty());
        QVERIFY(!folded(parts, FoldMode::Keep, contextAt(1'500, 1'000), &purgeable).empty());
        QVERIFY(!purgeable);
        QVERIFY(!folded(parts, FoldMode::Keep, contextAt(2'001, 1'000), &purgeable).empty());
        QVERIFY(purgeable);
        QCOMPARE(folded(parts, FoldMode::Purge, contextAt(2'001, 1'000)), Bytes());
        // The older write that comes late is closed as long as the delete is kept.
        QCOMPARE(shown(folded({kept, parts[0]}, FoldMode::Keep, contextAt(1'500, 1'000))), std::string());
    }
    void purgesNothingWhileACopyRuns() {
        const auto parts = loggedBy({Requests().replace("a", R"({"n":1})"), Requests().remove("a")});
        FoldContext context = contextAt(1'000'000, 1'000);
        context.keepTombstones = true;
        bool purgeable = true;
        QVERIFY(!folded(parts, FoldMode::Purge, context, &purgeable).empty());
        QVERIFY(!purgeable);
    }
    void purgingChangesNothingThatIsSeen() {
        const auto parts = loggedBy({Requests().replace("a", R"({"n":1,"m":{"x":1,"y":{"z":1}},"s":"t"})"),
                                     Requests().update("a", R"({"$delete":"m.x"})"),
                                     Requests().update("a", R"({"$put":{"s":{"k":1}}})"),
                                     Requests().update("a", R"({"$delete":"m.y"})")});
        const Bytes kept = folded(parts, FoldMode::Keep, contextAt(1'000'000, 1'000));
        const Bytes purged = folded(parts, FoldMode::Purge, contextAt(1'000'000, 1'000));
        QVERIFY(purged.size() < kept.size());
        QCOMPARE(shown(purged), shown(kept));
        QCOMPARE(shown(purged), std::string(R"({"m":{},"n":1,"s":{"k":1}})"));
        bool purgeable = true;
        QCOMPARE(folded({purged}, FoldMode::Keep, contextAt(1'000'000, 1'000), &purgeable), purged);
        QVERIFY(!purgeable);
    }
    void refusesADamagedRecord() {
        Bytes record = loggedBy({Requests().replace("a", R"({"n":1})")}).front();
        record.pop_back();
        const auto folder = makeDocumentRowFormat()->makeFolder();
        folder->reset();
        QVERIFY(!folder->addRecord(record));
    }
};

TRIBUTARY_TEST(TestDocumentFold)
#include "tst_documentfold.moc"
