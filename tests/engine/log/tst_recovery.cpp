// Torn tails are cut, corruption is refused, the format stays readable.
#include "engine/log/recovery.h"

#include <QFile>

#include "core/base/crc32c.h"
#include "logworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::test;

namespace {

constexpr const char* kFirstSegment = "vol/log/0000000000000001.log";

Bytes& contentOf(MemDisk& disk, const std::string& path) {
    return disk.names.at(path)->live;
}

/// A small log of `groups` single-entry groups in one segment.
std::unique_ptr<MemDisk> smallLog(Lsn groups, bool clean, bool fillAhead = false) {
    auto disk = std::make_unique<MemDisk>();
    LogWorld world(*disk);
    world.options.fillAhead = fillAhead;
    if (!world.open()) return nullptr;
    for (Lsn n = 1; n <= groups; ++n) {
        world.append(payloadOf(n, 20));
        world.settle();
    }
    if (clean && !closeCleanly(*world.log)) return nullptr;
    return disk;
}

/// Entries are 1..n with the right payloads.
bool isPrefix(const std::vector<LogEntry>& entries, std::size_t payloadSize = 20) {
    Lsn expected = 1;
    for (const LogEntry& entry : entries) {
        if (entry.lsn != expected || *entry.payload != payloadOf(expected, payloadSize)) return false;
        ++expected;
    }
    return true;
}

}  // namespace

class TestRecovery : public QObject {
    Q_OBJECT
private slots:
    void everyTruncationLeavesAPrefix() {
        const auto whole = smallLog(5, false);
        QVERIFY(whole);
        const std::size_t size = contentOf(*whole, kFirstSegment).size();
        std::size_t longest = 0;
        for (std::size_t cut = 0; cut <= size; ++cut) {
            const auto disk = whole->afterCut(nullptr);
            contentOf(*disk, kFirstSegment).resize(cut);
            LogWorld world(*disk);
            const Status opened = world.open();
            if (cut < 64) {
                QVERIFY(!opened.ok());
                QCOMPARE(opened.error().code, ErrorCode::Corrupt);
                QVERIFY(opened.error().where.find(kFirstSegment) != std::string::npos);
                continue;
            }
            QVERIFY_DONE(opened);
            QVERIFY(isPrefix(world.replayed));
            QVERIFY(world.replayed.size() >= longest);
            longest = world.replayed.size();
            QCOMPARE(world.append(payloadOf(longest + 1, 20)), Lsn{longest + 1});
            world.settle();
            world.log.reset();
            QVERIFY_DONE(world.open());
            QCOMPARE(world.replayed.size(), longest + 1);
            QVERIFY(isPrefix(world.replayed));
        }
        QCOMPARE(longest, std::size_t{5});
    }

    void everyBitFlipIsRefusedOrCutsOnlyTheUnclaimedTail_data() {
        QTest::addColumn<bool>("clean");
        QTest::newRow("after a crash") << false;
        QTest::newRow("after a clean shutdown") << true;
    }
    void everyBitFlipIsRefusedOrCutsOnlyTheUnclaimedTail() {
        QFETCH(bool, clean);
        const auto whole = smallLog(5, clean);
        QVERIFY(whole);
        const std::size_t size = contentOf(*whole, kFirstSegment).size();
        std::size_t refused = 0;
        std::size_t cut = 0;
        for (std::size_t bit = 0; bit < size * 8; bit += 1 + bit % 3) {
            const auto disk = whole->afterCut(nullptr);
            char& byte = contentOf(*disk, kFirstSegment).at(bit / 8);
            byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
            LogWorld world(*disk);
            const Status opened = world.open();
            if (!opened.ok()) {
                QCOMPARE(opened.error().code, ErrorCode::Corrupt);
                QVERIFY(opened.error().where.find("offset") != std::string::npos);
                ++refused;
                continue;
            }
            ++cut;
            QVERIFY(isPrefix(world.replayed));
            QVERIFY(world.tornBytes > 0 && !world.note.empty());
            // The groups before the last were claimed by the last; a clean end claims the last as well.
            QVERIFY2(world.replayed.size() >= (clean ? 5U : 4U), qPrintable(QString::number(bit)));
        }
        QVERIFY(refused > cut);
        QVERIFY(cut > 0);
    }

    void idleLogClaimsItsLastGroupToo() {
        MemDisk disk;
        LogWorld world(disk);
        world.options.settleMs = 500;
        QVERIFY_DONE(world.open());
        world.append(payloadOf(1, 20));
        world.settle();
        const std::size_t groupEnd = contentOf(disk, kFirstSegment).size();
        world.timers.advance(500);
        world.settle();
        QCOMPARE(contentOf(disk, kFirstSegment).size(), groupEnd + 48);
        world.log.reset();
        contentOf(disk, kFirstSegment)[groupEnd - 1] ^= 1;
        QCOMPARE(world.open().error().code, ErrorCode::Corrupt);
    }

    void garbageInTheFilledRestIsATornTail() {
        const auto disk = smallLog(3, false);
        Bytes& content = contentOf(*disk, kFirstSegment);
        content.resize(4096, '\0');
        content.replace(3000, 7, "garbage");
        LogWorld world(*disk);
        QVERIFY_DONE(world.open());
        QCOMPARE(world.replayed.size(), std::size_t{3});
        QVERIFY(world.tornBytes > 0);
        world.append(payloadOf(4, 20));
        world.settle();
        world.log.reset();
        QVERIFY_DONE(world.open());
        QCOMPARE(world.replayed.size(), std::size_t{4});
        QCOMPARE(world.tornBytes, std::uint64_t{0});
    }

    void damageInAnEarlierSegmentIsRefused() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        for (Lsn n = 1; n <= 100; ++n) {
            world.append(payloadOf(n));
            world.settle();
        }
        world.log.reset();
        Bytes& content = contentOf(disk, kFirstSegment);
        content[3000] ^= 4;
        const Status opened = world.open();
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().where.find(kFirstSegment) == 0);
        // Not needed for replay: read lazily, refused when read.
        QVERIFY_DONE(world.open(100));
        QVERIFY(!world.readAll(1).ok());
    }

    void missingSegmentIsNamed() {
        MemDisk disk;
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        for (Lsn n = 1; n <= 150; ++n) {
            world.append(payloadOf(n));
            world.settle();
        }
        world.log.reset();
        const auto second = std::next(disk.names.find(kFirstSegment));
        const std::string third = std::next(second)->first;
        disk.names.erase(second);
        const Status opened = world.open(150);
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Corrupt);
        QVERIFY(opened.error().where.find(third) == 0);
        QVERIFY(opened.error().what.find("missing") != std::string::npos);
    }

    void copiedSegmentIsRefused() {
        const auto disk = smallLog(3, false);
        disk->names["vol/log/0000000000000004.log"] = disk->names.at(kFirstSegment);
        LogWorld world(*disk);
        QCOMPARE(world.open().error().code, ErrorCode::Corrupt);
    }

    void logThatEndsBeforeTheStateIsRefused() {
        const auto disk = smallLog(3, false);
        LogWorld world(*disk);
        QVERIFY_DONE(world.open(4));
        world.log.reset();
        QCOMPARE(world.open(5).error().code, ErrorCode::Corrupt);
        MemDisk empty;
        LogWorld other(empty);
        QCOMPARE(other.open(2).error().code, ErrorCode::Corrupt);
    }

    void halfMadeSegmentsAreRemoved() {
        const auto disk = smallLog(3, false);
        disk->names["vol/log/0000000000000004.log.tmp"] = std::make_shared<MemInode>();
        disk->names["vol/log/spare-1.tmp"] = std::make_shared<MemInode>();
        LogWorld world(*disk);
        QVERIFY_DONE(world.open());
        QCOMPARE(disk->names.size(), std::size_t{1});
    }

    void newerFormatIsRefusedByName() {
        const auto disk = smallLog(1, false);
        auto header = logformat::encodeSegmentHeader({1, 1, 0});
        Bytes& content = contentOf(*disk, kFirstSegment);
        content.replace(0, 64, header);
        content[8] = 3;
        const std::uint32_t crc = crc32c(BytesView(content).substr(0, 60));
        std::memcpy(content.data() + 60, &crc, 4);
        LogWorld world(*disk);
        QCOMPARE(world.open().error().code, ErrorCode::Unsupported);
    }

    void replayErrorsStopTheOpening() {
        const auto disk = smallLog(3, false);
        LogWorld world(*disk);
        const auto opened = openCommitLog(world.seams, world.options, 0, [](const LogEntry& entry) -> Status {
            if (entry.lsn == 2) return Error{ErrorCode::Conflict, "no", {}, {}};
            return okStatus();
        });
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, ErrorCode::Conflict);
    }

    void aScanFindsEveryChangedByte() {
        // Three segments, closed cleanly. A changed byte is an error with its file, or a tail that says it was torn.
        MemDisk disk;
        {
            LogWorld world(disk);
            world.options.segmentBytes = world.options.firstSegmentBytes = 1024;
            QVERIFY_DONE(world.open());
            for (Lsn n = 1; n <= 14; ++n) {
                world.append(payloadOf(n));
                world.settle();
            }
            QVERIFY_DONE(closeCleanly(*world.log));
        }
        const auto nothing = [](LogEntry&&) { return okStatus(); };
        const auto sound = scanLog(disk, "vol/log", nothing);
        QVERIFY_DONE(sound);
        QCOMPARE(sound->entries, std::uint64_t{14});
        QCOMPARE(sound->headLsn, Lsn{14});
        QVERIFY(sound->segments >= 3);
        QCOMPARE(sound->tornBytes, std::uint64_t{0});
        const std::uint64_t calls = disk.writes;
        const std::string last = std::prev(disk.names.end())->first;
        int refused = 0;
        for (const auto& [path, inode] : disk.names) {
            for (std::size_t at = 0; at < inode->live.size(); ++at) {
                inode->live[at] = static_cast<char>(inode->live[at] ^ 0x10);
                const auto scan = scanLog(disk, "vol/log", nothing);
                inode->live[at] = static_cast<char>(inode->live[at] ^ 0x10);
                const std::string place = fmt::format("{} at {}", path, at);
                if (scan.ok()) {
                    QVERIFY2(path == last && scan->tornBytes > 0, place.c_str());
                    continue;
                }
                ++refused;
                QVERIFY2(scan.error().code == ErrorCode::Corrupt || scan.error().code == ErrorCode::Unsupported,
                         (place + ": " + scan.error().text()).c_str());
                QVERIFY2(scan.error().where.find(":offset ") != std::string::npos, scan.error().text().c_str());
            }
        }
        QVERIFY(refused > 2'000);
        QCOMPARE(disk.writes, calls);  // looked, and changed nothing
    }
    void formatsOpenForEver_data() {
        QTest::addColumn<QString>("format");
        QTest::newRow("1") << QStringLiteral("format-v1");
        QTest::newRow("2") << QStringLiteral("format-v2");
    }
    void formatsOpenForEver() {
        QFETCH(const QString, format);
        // Made by these appends with segments of 1 KiB; the folder must open in every later version.
        const std::vector<std::string> names{"0000000000000001.log", "0000000000000006.log", "000000000000000b.log"};
        MemDisk disk;
        for (const std::string& name : names) {
            QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/") + format + QStringLiteral("/log/") +
                       QString::fromStdString(name));
            QVERIFY2(file.open(QIODevice::ReadOnly), name.c_str());
            auto inode = std::make_shared<MemInode>();
            inode->live = file.readAll().toStdString();
            disk.names["vol/log/" + name] = inode;
        }
        LogWorld world(disk);
        QVERIFY_DONE(world.open());
        QVERIFY(world.cleanShutdown);
        QCOMPARE(world.replayed.size(), std::size_t{14});
        QVERIFY(isPrefix(world.replayed, 60));
        QCOMPARE(world.replayed[4].envelope.datasetId, 3U);
        QCOMPARE(world.log->pendingFrom(1, 3).entries, std::uint64_t{4});
    }

    void writesFormatTwoByteForByte() {
        MemDisk disk;
        LogWorld world(disk, 20'260'101);
        world.options.segmentBytes = world.options.firstSegmentBytes = 1024;
        QVERIFY_DONE(world.open());
        for (Lsn n = 1; n <= 14; ++n) {
            world.append(payloadOf(n), n % 4 == 1 ? 3 : 7);
            world.settle();
        }
        QVERIFY_DONE(closeCleanly(*world.log));
        const QString dir = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/format-v2/log/");
        const bool renew = qEnvironmentVariableIsSet("TRIBUTARY_RENEW_GOLDEN");
        for (const auto& [path, inode] : disk.names) {
            QFile file(dir + QString::fromStdString(path.substr(path.rfind('/') + 1)));
            if (renew) {
                QVERIFY(file.open(QIODevice::WriteOnly));
                file.write(QByteArray::fromStdString(inode->live));
                continue;
            }
            QVERIFY2(file.open(QIODevice::ReadOnly), path.c_str());
            QCOMPARE(file.readAll(), QByteArray::fromStdString(inode->live));
        }
    }
};
TRIBUTARY_TEST(TestRecovery)
#include "tst_recovery.moc"
