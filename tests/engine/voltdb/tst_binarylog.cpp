// The binary log: frames with their documented sizes, every type of value, limits, and thousands of damaged frames.
#include "engine/systems/voltdb/log/binarylog.h"

#include "core/base/crc32c.h"
#include "engine/systems/voltdb/log/networkorder.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

namespace {

const LogTable kVotes{
    "VOTES",
    {{"PHONE_NUMBER", ColumnType::Bigint}, {"STATE", ColumnType::Varchar}, {"CONTESTANT_NUMBER", ColumnType::Integer}}};
const LogTable kAll{"ALL_TYPES",
                    {{"A", ColumnType::Tinyint},
                     {"B", ColumnType::Smallint},
                     {"C", ColumnType::Integer},
                     {"D", ColumnType::Bigint},
                     {"E", ColumnType::Float},
                     {"F", ColumnType::Decimal},
                     {"G", ColumnType::Timestamp},
                     {"H", ColumnType::Varchar},
                     {"I", ColumnType::Varbinary}}};

const LogTable* known(std::uint64_t signature) {
    if (signature == signatureOf(kVotes)) return &kVotes;
    return signature == signatureOf(kAll) ? &kAll : nullptr;
}

LogRecord inserted(const LogTable& table, RowImage row) {
    LogRecord out;
    out.type = LogRecordType::Insert;
    out.signature = signatureOf(table);
    out.after = std::move(row);
    return out;
}

RowImage vote(std::int64_t phone, const char* state, std::int64_t contestant) {
    return {phone, std::string(state), contestant};
}

/// One of each.
LogTransaction everything() {
    LogTransaction out;
    out.uniqueId = 0x0102030405060708;
    out.sequence = 42;
    out.hashFlag = HashFlag::Multi;
    out.partitionHash = -7;
    out.records.push_back(inserted(kVotes, vote(5551234, "NY", 1)));
    LogRecord update = inserted(kVotes, vote(5551234, "NY", 2));
    update.type = LogRecordType::Update;
    update.before = vote(5551234, "NY", 1);
    out.records.push_back(update);
    LogRecord erase;
    erase.type = LogRecordType::Delete;
    erase.signature = signatureOf(kVotes);
    erase.before = {std::int64_t{1}, std::monostate{}, std::monostate{}};
    out.records.push_back(erase);
    LogRecord delimiter;
    delimiter.type = LogRecordType::HashDelimiter;
    delimiter.partitionHash = 99;
    out.records.push_back(delimiter);
    LogRecord truncate;
    truncate.type = LogRecordType::TruncateTable;
    truncate.signature = signatureOf(kVotes);
    truncate.tableName = "VOTES";
    out.records.push_back(truncate);
    DecimalBytes decimal{};
    decimal[0] = '\x80';
    decimal[15] = '\x01';
    out.records.push_back(inserted(kAll, {std::int64_t{-128}, std::int64_t{-32768}, std::int64_t{-2147483648},
                                          std::numeric_limits<std::int64_t>::min(), -0.5, decimal, std::int64_t{1},
                                          std::string("\xc3\xa4"), std::string("\0\xff", 2)}));
    return out;
}

Bytes framed(const LogTransaction& transaction) {
    Bytes out;
    const Status done = appendTransaction(out, transaction, known);
    return done ? out : Bytes();
}

/// A frame with its checksum put right after a change.
Bytes resealed(Bytes frame) {
    putBig(frame, frame.size() - 4, crc32c(BytesView(frame).substr(0, frame.size() - 4)));
    return frame;
}

}  // namespace

class TestBinaryLog : public QObject {
    Q_OBJECT
private slots:
    void framesHaveTheDocumentedSizes() {
        LogTransaction empty;
        empty.uniqueId = 0x0102030405060708;
        empty.sequence = 9;
        empty.partitionHash = 1;
        const Bytes frame = framed(empty);
        QCOMPARE(frame.size(), std::size_t{27 + 13});
        QCOMPARE(toHex(BytesView(frame).substr(0, 36)),
                 QByteArray("0803"                // version, BEGIN
                            "0102030405060708"    // unique id
                            "0000000000000009"    // sequence
                            "02"                  // SINGLE
                            "00000028"            // 40 bytes
                            "00000001"            // partition hash
                            "040000000000000009"  // END, sequence
                            ));
        LogTransaction one = empty;
        one.records.push_back(inserted(kVotes, vote(1, "NY", 2)));
        // type 1, signature 8, length 4, image: length 4, null mask 1, 8, 4 + 2, 4
        QCOMPARE(framed(one).size(), frame.size() + 13 + 4 + 1 + 8 + 6 + 4);
    }

    void everythingComesBack() {
        const Bytes frame = framed(everything());
        QVERIFY(!frame.empty());
        const Result<ReadFrame> read = readTransaction(frame + "rest", known);
        QVERIFY_OK(read);
        QVERIFY(read->transaction == everything());
        QVERIFY(!read->unmatched && read->bytes == frame.size());
    }

    void framesArePeekedAtInAnySplit() {
        const Bytes frame = framed(everything());
        for (std::size_t size = 0; size <= frame.size(); ++size) {
            const auto head = peekFrame(BytesView(frame).substr(0, size));
            QVERIFY_OK(head);
            QCOMPARE(head->has_value(), size >= 27);
            if (*head) QVERIFY((*head)->sequence == 42 && (*head)->bytes == frame.size());
            if (size < frame.size()) QVERIFY(!readTransaction(BytesView(frame).substr(0, size), known).ok());
        }
    }

    void versions_data() {
        QTest::addColumn<int>("version");
        QTest::addColumn<bool>("read");
        for (const int version : {6, 7, 8, 9})
            QTest::addRow("version %d", version) << version << (version == 7 || version == 8);
    }
    void versions() {
        QFETCH(int, version);
        QFETCH(bool, read);
        Bytes frame;
        QVERIFY_OK(appendTransaction(frame, everything(), known, static_cast<std::uint8_t>(version)));
        const auto out = readTransaction(frame, known);
        QCOMPARE(out.ok(), read);
        if (!out) QVERIFY(out.error().code == ErrorCode::Unsupported);
    }

    void everyFlippedBitIsSeen() {
        const Bytes frame = framed(everything());
        for (std::size_t at = 0; at < frame.size(); ++at) {
            Bytes damaged = frame;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
            const auto read = readTransaction(damaged, known);
            QVERIFY2(!read.ok(), qPrintable(QString::number(at)));
        }
        Bytes row = frame;
        row[60] = static_cast<char>(row[60] ^ 1);
        QCOMPARE(readTransaction(row, known).error().what, std::string("CRC mismatch of DR log data at sequence 42"));
    }

    void aTableThatIsNotKnownPausesTheStream() {
        const auto nobody = [](std::uint64_t) -> const LogTable* { return nullptr; };
        const auto read = readTransaction(framed(everything()), nobody);
        QVERIFY_OK(read);
        QVERIFY(read->unmatched == signatureOf(kVotes));
        QVERIFY(QString::fromStdString(unmatchedText(5, LogRecordType::Insert)) ==
                QStringLiteral("Unable to find table hash 5 while applying a binary log insert record"));
    }

    void signaturesTellTablesApart() {
        LogTable other = kVotes;
        QCOMPARE(signatureOf(other), signatureOf(kVotes));
        other.columns[0].name = "NUMBER";  // names of columns are not in it
        QCOMPARE(signatureOf(other), signatureOf(kVotes));
        other.columns[0].type = ColumnType::Integer;
        QVERIFY(signatureOf(other) != signatureOf(kVotes));
        other = kVotes;
        other.name = "VOTE";
        QVERIFY(signatureOf(other) != signatureOf(kVotes));
    }

    void rowsThatDoNotFitAreRefused_data() {
        QTest::addColumn<int>("index");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a value too few") << 0 << QStringLiteral("a row of 2 values for the 3 columns of VOTES");
        QTest::newRow("too great") << 1 << QStringLiteral("column CONTESTANT_NUMBER of VOTES");
        QTest::newRow("another type") << 2 << QStringLiteral("column STATE of VOTES");
    }
    void rowsThatDoNotFitAreRefused() {
        QFETCH(int, index);
        QFETCH(QString, reason);
        const std::vector<RowImage> rows{{std::int64_t{1}, std::string("NY")},
                                         vote(1, "NY", std::int64_t{1} << 31U),
                                         {std::int64_t{1}, std::int64_t{1}, std::int64_t{1}}};
        LogTransaction transaction;
        transaction.records.push_back(inserted(kVotes, rows.at(static_cast<std::size_t>(index))));
        Bytes out = "before";
        const Status done = appendTransaction(out, transaction, known);
        QVERIFY(!done.ok() && done.error().code == ErrorCode::InvalidInput);
        QVERIFY2(QString::fromStdString(done.error().what).contains(reason), done.error().what.c_str());
        QCOMPARE(out, Bytes("before"));
    }

    void whatNoBufferHoldsIsRolledBack() {
        LogTransaction large;
        const std::string text((std::size_t{1} << 20U) + 100, 'x');
        for (int i = 0; i < 45; ++i)
            large.records.push_back(inserted(kVotes, {std::int64_t{i}, text, std::int64_t{1}}));
        Bytes out;
        const Status done = appendTransaction(out, large, known);
        QVERIFY(!done.ok());
        QVERIFY2(done.error().what.starts_with("Transaction requiring 47191") &&
                     done.error().what.ends_with(" bytes exceeds max DR Buffer size of 47190016 bytes"),
                 done.error().what.c_str());
        QVERIFY(out.empty());
        large.records.pop_back();
        QVERIFY_OK(appendTransaction(out, large, known));
        QVERIFY_OK(checkAggregate(kLargeBufferBytes));
        QCOMPARE(checkAggregate(kLargeBufferBytes + 1).error().what,
                 std::string("Aggregate MP Transaction requiring 47190017 bytes exceeds max DR Buffer size of 47190016 "
                             "bytes."));
    }

    void damagedFramesAreRefused() {
        const Bytes whole = framed(everything());
        Mutator mutator(7);
        for (int i = 0; i < fuzzRounds(6'000); ++i) {
            Bytes damaged = mutator.damaged(whole);
            // Every other one has a checksum that is right, so that the reader behind it is met.
            if (i % 2 == 0 && damaged.size() >= 40) {
                putBig(damaged, 19, static_cast<std::uint32_t>(damaged.size()));
                damaged = resealed(std::move(damaged));
            }
            const auto read = readTransaction(damaged, known);
            if (!read) {
                QVERIFY(read.error().code == ErrorCode::Corrupt || read.error().code == ErrorCode::Unsupported);
                continue;
            }
            QVERIFY(read->bytes <= damaged.size());
            if (read->unmatched) continue;
            // What is read can be written, and is the same then.
            Bytes again;
            QVERIFY_OK(appendTransaction(again, read->transaction, known, static_cast<std::uint8_t>(damaged[0])));
            QCOMPARE(again, damaged.substr(0, read->bytes));
        }
    }
};
TRIBUTARY_TEST(TestBinaryLog)
#include "tst_binarylog.moc"
