// Who begins a replica set, by what was seen of it.
#include "engine/systems/tarantool/replication/beginningchoice.h"

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using What = BeginningChoice::What;

namespace {

/// "2", "1ro", "3+5" (with a clock of 5); the first is the one that chooses.
BeginningCandidate candidateOf(const QString& text, bool isSelf) {
    BeginningCandidate candidate;
    // 9 is 0x90: bytes above 127 sort as large ones.
    const int digit = text.at(0).digitValue();
    candidate.uuid =
        Uuid::fromBytes(Bytes(15, static_cast<char>(digit == 9 ? 0x90 : digit)) + Bytes(1, static_cast<char>(digit)));
    candidate.ballot.isReadOnly = text.contains(QStringLiteral("ro"));
    const qsizetype plus = text.indexOf(QLatin1Char('+'));
    if (plus > 0) (void)candidate.ballot.clock.follow(1, text.mid(plus + 1, 1).toInt()).ok();
    candidate.isSelf = isSelf;
    return candidate;
}

}  // namespace

class TestBeginningChoice : public QObject {
    Q_OBJECT
private slots:
    void chooses_data() {
        QTest::addColumn<QString>("seen");
        QTest::addColumn<int>("instances");
        QTest::addColumn<bool>("isLate");
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("from");
        const auto row = [](const char* name, const char* seen, int instances, bool isLate, What what, int from) {
            QTest::newRow(name) << seen << instances << isLate << static_cast<int>(what) << from;
        };
        row("alone", "1", 1, false, What::Bootstrap, 0);
        row("one of two waits", "1", 2, false, What::Wait, 0);
        row("one of two waits for ever", "1", 2, true, What::Wait, 0);
        row("the lowest begins", "1 2", 2, false, What::Bootstrap, 0);
        row("a large first byte is not the lowest", "1 9", 2, false, What::Bootstrap, 0);
        row("the others join it", "2 1", 2, false, What::Join, 1);
        row("who may write comes before the lowest", "2 1ro", 2, false, What::Bootstrap, 0);
        row("nobody may write", "2ro 1ro", 2, false, What::NoLeader, 0);
        row("two of three wait", "1 2", 3, false, What::Wait, 0);
        row("two of three begin in the end", "1 2", 3, true, What::Bootstrap, 0);
        row("not when the third might write", "1ro 2ro", 3, true, What::Wait, 0);
        row("two of four never", "1 2", 4, true, What::Wait, 0);
        row("data is joined at once", "1 3+5", 3, false, What::Join, 3);
        row("data that is read-only only when all are seen", "1 3ro+5", 3, false, What::Wait, 0);
        row("all are seen", "1 2 3ro+5", 3, false, What::Join, 3);
        row("or it is late", "1 3ro+5", 3, true, What::Join, 3);
        row("writable data before more of it", "1 2+4 3ro+5", 3, false, What::Join, 2);
        row("more data before the lowest", "1 2+4 3+5", 3, false, What::Join, 3);
        row("equal data: the lowest", "1 3+5 2+5", 3, false, What::Join, 2);
    }
    void chooses() {
        QFETCH(const QString, seen);
        QFETCH(const int, instances);
        QFETCH(const bool, isLate);
        QFETCH(const int, what);
        QFETCH(const int, from);
        std::vector<BeginningCandidate> candidates;
        for (const QString& one : seen.split(QLatin1Char(' '))) {
            candidates.push_back(candidateOf(one, candidates.empty()));
        }
        const auto choice = chooseBeginning(candidates, static_cast<std::size_t>(instances), isLate);
        QCOMPARE(static_cast<int>(choice.what), what);
        if (choice.what == What::Join) QCOMPARE(int{choice.from.bytes().back()}, from);
    }
};

TRIBUTARY_TEST(TestBeginningChoice)
#include "tst_beginningchoice.moc"
