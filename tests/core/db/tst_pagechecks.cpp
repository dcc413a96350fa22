// Checksums of pages: whatever changes in a file behind SQLite's back is found when it is read.
#include "core/db/pagechecks.h"

#include <QFile>
#include <QTemporaryDir>
#include <algorithm>

#include "core/db/crashvfs.h"
#include "core/db/database.h"
#include "core/db/gatevfs.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;

namespace {

class OpenGate final : public DiskGate {
public:
    Status beforeWrite(const std::string&) override { return okStatus(); }
    Status beforeSync(const std::string&) override { return okStatus(); }
};

constexpr std::size_t kPageBytes = 1024;

/// A file of many small pages with checksums.
Status fill(const std::string& path, const std::string& vfs, bool exclusive) {
    auto database = Database::open({path, vfs});
    if (!database) return database.error();
    Status done = database.value()->exec(std::string("PRAGMA page_size=1024;") +
                                         (exclusive ? "PRAGMA locking_mode=EXCLUSIVE;" : ""));
    if (!database.value()->reserveChecks()) return Error{ErrorCode::Internal, "no checks", {}, {}};
    for (const char* sql :
         {"PRAGMA journal_mode=WAL", "CREATE TABLE t(k INTEGER PRIMARY KEY, v BLOB)",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO t SELECT i, "
          "randomblob(100) FROM n"}) {
        if (done) done = database.value()->exec(sql);
    }
    if (!database.value()->pagesChecked()) return Error{ErrorCode::Internal, "not checked", {}, {}};
    return done;
}

/// Everything in the file is looked at.
Status readAll(const std::string& path, const std::string& vfs) {
    auto database = Database::open({path, vfs, false});
    if (!database) return database.error();
    const auto rows = database.value()->queryInt("SELECT count(v) + sum(length(v)) FROM t");
    if (!rows) return rows.error();
    return database.value()->exec("PRAGMA quick_check");
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    return file.readAll();
}

void write(const QString& path, const QByteArray& content) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(content);
}

}  // namespace

class TestPageChecks : public QObject {
    Q_OBJECT
private slots:
    void flippedBitOfAnyPageIsFound() {
        const QTemporaryDir dir;
        OpenGate gate;
        const GateVfs vfs(gate, "test-checks", dir.path().toStdString());
        const QString path = dir.filePath(QStringLiteral("s.db"));
        QVERIFY_OK(fill(path.toStdString(), vfs.name(), false));
        QVERIFY_OK(readAll(path.toStdString(), vfs.name()));
        const QByteArray whole = contentOf(path);
        const auto pages = static_cast<std::size_t>(whole.size()) / kPageBytes;
        QVERIFY(pages > 20);
        for (std::size_t page = 0; page < pages; ++page) {
            QByteArray flipped = whole;
            const auto at = static_cast<qsizetype>(page * kPageBytes + 200 + page % 800);
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << (page % 8)));
            write(path, flipped);
            const Status read = readAll(path.toStdString(), vfs.name());
            QVERIFY2(!read.ok(), std::to_string(page).c_str());
            QCOMPARE(read.error().code, ErrorCode::Corrupt);
            QVERIFY2(read.error().what.find("checksum") != std::string::npos, read.error().what.c_str());
        }
        // One sound page in another's place.
        QByteArray moved = whole;
        std::swap_ranges(moved.begin() + 4 * kPageBytes, moved.begin() + 5 * kPageBytes,
                         moved.begin() + 6 * kPageBytes);
        write(path, moved);
        QCOMPARE(readAll(path.toStdString(), vfs.name()).error().code, ErrorCode::Corrupt);
        write(path, whole);
        QVERIFY_OK(readAll(path.toStdString(), vfs.name()));
    }
    void aFileWithoutChecksumsStaysWithout() {
        const QTemporaryDir dir;
        OpenGate gate;
        const GateVfs vfs(gate, "test-unchecked", dir.path().toStdString());
        const std::string path = dir.filePath(QStringLiteral("s.db")).toStdString();
        {
            auto made = Database::open({path, {}});
            QVERIFY_OK(made);
            QVERIFY(!made.value()->reserveChecks());  // SQLite's own VFS has none
            QVERIFY_OK(
                made.value()->exec("PRAGMA journal_mode=WAL; CREATE TABLE t(k INTEGER PRIMARY KEY, v BLOB); "
                                   "INSERT INTO t VALUES(1, randomblob(5000))"));
        }
        auto again = Database::open({path, vfs.name()});
        QVERIFY_OK(again);
        QVERIFY_OK(again.value()->exec("INSERT INTO t VALUES(2, randomblob(5000))"));
        QVERIFY(!again.value()->pagesChecked());
        again.value().reset();
        QVERIFY_OK(readAll(path, {}));
    }
    void aSimulatedDiskHasThemToo() {
        CrashDisk disk;
        const CrashVfs vfs(disk, "test-crash-checks");
        QVERIFY_OK(fill("/s.db", vfs.name(), true));
        auto file = disk.open("/s.db", CrashDisk::Open::Existing);
        QVERIFY_OK(file);
        char byte = 0;
        QVERIFY_OK(disk.read(file.value(), 5 * kPageBytes + 300, &byte, 1));
        byte = static_cast<char>(byte ^ 1);
        QVERIFY_OK(disk.write(file.value(), 5 * kPageBytes + 300, BytesView(&byte, 1)));
        auto database = Database::open({"/s.db", vfs.name(), false});
        QVERIFY_OK(database);
        QVERIFY_OK(database.value()->exec("PRAGMA locking_mode=EXCLUSIVE"));
        const auto read = database.value()->queryInt("SELECT sum(length(v)) FROM t");
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
    }
    void zerosAreAPageThatWasNeverWritten() {
        const std::string zeros(kPageBytes, '\0');
        QVERIFY(PageChecks::soundPage(zeros.data(), static_cast<int>(kPageBytes), 4096));
        std::string one = zeros;
        one[5] = 1;
        QVERIFY(!PageChecks::soundPage(one.data(), static_cast<int>(kPageBytes), 4096));
    }
};
TRIBUTARY_TEST(TestPageChecks)
#include "tst_pagechecks.moc"
