// Messages of a conversation, bodies, books: there and back, in pieces, and damaged.
#include "engine/systems/voltdb/replication/drmessages.h"

#include "engine/systems/voltdb/replication/drbook.h"
#include "fuzzing.h"
#include "memstore.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

namespace {

std::vector<DrMessage> examples() {
    DrHello hello;
    hello.self = {3, 1'700'000'000'000, "127.0.0.1:5555"};
    hello.role = DrRole::Xdcr;
    hello.want = DrWant::Hold;
    hello.isFresh = false;
    hello.via = 2;
    hello.next = {{0, 5}, {16'383, 9}};
    hello.tables = {memTable("T")};
    hello.members = {{1, 7, "h:1"}};
    DrWelcome welcome;
    welcome.self = hello.self;
    welcome.partitions = 8;
    welcome.tables = hello.tables;
    welcome.next = {{1, 2}};
    return {hello,
            welcome,
            DrRefusal{true, "no"},
            DrReady{},
            DrSchemaNote{{memTable("R", false)}},
            DrSnapshotBegin{{{0, 4}}, "trackers", 12},
            DrSnapshotPart{3, 2, "frame"},
            DrSnapshotEnd{4},
            DrSnapshotAck{4, 12, true},
            DrBuffer{1, {{55, {0, 1}, "first"}, {56, {}, "second"}}},
            DrAck{1, 77, 1'000},
            DrResend{1, 70},
            DrMembersNote{{{4, 9, {}}}},
            DrLeave{},
            DrBeat{}};
}

}  // namespace

class TestDrMessages : public QObject {
    Q_OBJECT
private slots:
    void everyOneComesBackWhereverTheStreamIsCut() {
        Bytes stream;
        for (const DrMessage& each : examples()) stream += encodeMessage(each);
        for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{64}, stream.size()}) {
            DrMessageReader reader;
            Bytes again;
            for (std::size_t at = 0; at < stream.size(); at += step) {
                reader.feed(BytesView(stream).substr(at, step));
                for (;;) {
                    const auto message = reader.next();
                    QVERIFY_OK(message);
                    if (!message->has_value()) break;
                    again += encodeMessage(**message);
                }
            }
            QCOMPARE(again, stream);
        }
    }

    void damagedOnesAreErrors() {
        Mutator mutator(3);
        int refused = 0;
        for (const DrMessage& each : examples()) {
            const Bytes whole = encodeMessage(each).substr(4);
            for (int i = 0; i < fuzzRounds(300); ++i) {
                const auto read = decodeMessage(mutator.damaged(whole));
                if (read) {
                    QVERIFY_OK(decodeMessage(encodeMessage(*read).substr(4)));
                    continue;
                }
                ++refused;
                QVERIFY(read.error().code == ErrorCode::Corrupt);
            }
        }
        QVERIFY(refused > 500);
        DrMessageReader reader;
        reader.feed("\xff\xff\xff\xff");
        QVERIFY(!reader.next());
    }

    void bodiesAreCheckedLikewise() {
        DrApplyBody apply;
        apply.cluster = 2;
        apply.here = 1;
        apply.role = DrRole::Xdcr;
        apply.nowUs = 5;
        apply.transactions = {{7, {{0, "frame"}, {1, "other"}}}, {8, {{2, "third"}}}};
        DrTrackersBody trackers{DrTrackersBody::What::Begin, 2, {{0, 4}}, "bytes"};
        Mutator mutator(4);
        for (const DrBody& each : {DrBody(apply), DrBody(DrLoadBody{2, "frame"}), DrBody(trackers)}) {
            const Bytes whole = encodeBody(each);
            const auto back = decodeBody(whole);
            QVERIFY_OK(back);
            QCOMPARE(encodeBody(*back), whole);
            for (int i = 0; i < fuzzRounds(500); ++i) {
                const auto read = decodeBody(mutator.damaged(whole));
                if (!read) QVERIFY(read.error().code == ErrorCode::Corrupt);
            }
        }
        DrDecided decided;
        decided.applied = 3;
        decided.conflicts.push_back({2, 1, "T", 99, {1, 1, 0, 1, 0}, "line\n"});
        decided.trackers = "t";
        const Bytes whole = encodeDecided(decided);
        const auto back = decodeDecided(whole);
        QVERIFY_OK(back);
        QCOMPARE(encodeDecided(*back), whole);
        for (int i = 0; i < fuzzRounds(500); ++i) {
            const auto read = decodeDecided(mutator.damaged(whole));
            if (!read) QVERIFY(read.error().code == ErrorCode::Corrupt);
        }
    }

    void theBookIsReadBack() {
        DrBook book;
        book.creationMs = 5;
        book.role = DrRole::Xdcr;
        book.hasJoined = true;
        DrConversation talk;
        talk.remote = {2, 6, "h:5555"};
        talk.isSynced = true;
        talk.hasFollowed = true;
        talk.acked = {{0, 4}, {16'383, 1}};
        talk.heldFrom = 12;
        talk.until = {{1, 7}};
        book.conversations[2] = talk;
        const std::string text = bookText(book);
        const auto back = parseBook(text);
        QVERIFY_OK(back);
        QVERIFY(*back == book);
        // One bit is enough: a digit of what was acknowledged, a letter of the role.
        for (std::size_t at = 0; at < text.size() * 8; ++at) {
            std::string other = text;
            other[at / 8] = static_cast<char>(other[at / 8] ^ (1 << at % 8));
            const auto read = parseBook(other);
            QVERIFY2(read ? *read == book : read.error().code == ErrorCode::Corrupt, other.c_str());
        }
        std::string before = text.substr(0, text.find(",\n  \"digest\"")) + "\n}\n";
        before.replace(before.find("\"version\": 2"), 12, "\"version\": 1");
        const auto old = parseBook(before);
        QVERIFY_OK(old);
        QVERIFY(*old == book);
        Mutator mutator(5);
        for (int i = 0; i < fuzzRounds(1'000); ++i) {
            const auto read = parseBook(mutator.damaged(text));
            if (!read) QVERIFY(read.error().code == ErrorCode::Corrupt);
        }
    }
};
TRIBUTARY_TEST(TestDrMessages)
#include "tst_drmessages.moc"
