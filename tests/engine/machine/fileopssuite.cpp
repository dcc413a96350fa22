// What every FileOps must do, as a reusable suite: one subclass per implementation supplies the object and a folder.
#include "fileopssuite.h"

#include <QTest>

#include "testmain.h"

namespace tributary::engine::test {

using Names = std::vector<std::string>;

void FileOpsSuite::init() {
    world_ = makeWorld();
}
void FileOpsSuite::cleanup() {
    world_.reset();
}

void FileOpsSuite::writesAndReadsAtOffsets() {
    auto file = world_->files().open(path("a file"), FileOps::Open::CreateNew);
    QVERIFY_OK(file);
    QVERIFY_OK((*file)->write(0, "0123456789"));
    QVERIFY_OK((*file)->write(4, "xx"));
    QVERIFY_OK((*file)->write(12, "end"));  // the gap reads as zeros
    QVERIFY_OK((*file)->sync());
    const auto all = (*file)->read(0, 100);
    QVERIFY_OK(all);
    QCOMPARE(all.value(), Bytes("0123xx6789\0\0end", 15));
    QCOMPARE((*file)->size().valueOr(0), std::uint64_t{15});
}

void FileOpsSuite::readsFewerOnlyAtTheEnd() {
    auto file = world_->files().open(path("f"), FileOps::Open::Create);
    QVERIFY_OK(file);
    QVERIFY_OK((*file)->write(0, Bytes(3'000'000, 'a')));
    QCOMPARE((*file)->read(1, 2'999'000).valueOr({}).size(), std::size_t{2'999'000});
    QCOMPARE((*file)->read(2'999'999, 10).valueOr({}), Bytes("a"));
    QCOMPARE((*file)->read(5'000'000, 10).valueOr("?"), Bytes());
    // An absurd size must not be allocated.
    QCOMPARE((*file)->read(0, std::size_t{1} << 60U).valueOr({}).size(), std::size_t{3'000'000});
}

void FileOpsSuite::gathersPiecesInOrder() {
    auto file = world_->files().open(path("f"), FileOps::Open::Create);
    QVERIFY_OK(file);
    QVERIFY_OK((*file)->write(0, "head"));
    QVERIFY_OK((*file)->writeGathered(4, {"one", "", "two", "three"}));
    QCOMPARE((*file)->read(0, 100).valueOr({}), Bytes("headonetwothree"));
    QVERIFY_OK((*file)->writeGathered(0, {}));
}

void FileOpsSuite::gathersMorePiecesThanOneCallTakes() {
    auto file = world_->files().open(path("f"), FileOps::Open::Create);
    QVERIFY_OK(file);
    Bytes expected;
    std::vector<Bytes> owned;
    for (int i = 0; i < 5'000; ++i) owned.push_back(std::to_string(i) + ";");
    std::vector<BytesView> pieces;
    for (const Bytes& piece : owned) {
        pieces.emplace_back(piece);
        expected += piece;
    }
    QVERIFY_OK((*file)->writeGathered(0, pieces));
    QVERIFY((*file)->read(0, expected.size() + 1).valueOr({}) == expected);
}

void FileOpsSuite::truncatesAndGrows() {
    auto file = world_->files().open(path("f"), FileOps::Open::Create);
    QVERIFY_OK(file);
    QVERIFY_OK((*file)->write(0, "0123456789"));
    QVERIFY_OK((*file)->truncate(3));
    QVERIFY_OK((*file)->truncate(5));
    QCOMPARE((*file)->read(0, 100).valueOr({}), Bytes("012\0\0", 5));
}

void FileOpsSuite::openModes_data() {
    QTest::addColumn<int>("how");
    QTest::addColumn<bool>("there");
    QTest::addColumn<int>("expected");  // -1 = opened with what it held
    using Open = FileOps::Open;
    const auto code = [](ErrorCode c) { return static_cast<int>(c); };
    QTest::newRow("existing, there") << static_cast<int>(Open::Existing) << true << -1;
    QTest::newRow("existing, missing") << static_cast<int>(Open::Existing) << false << code(ErrorCode::NotFound);
    QTest::newRow("create, there") << static_cast<int>(Open::Create) << true << -1;
    QTest::newRow("create, missing") << static_cast<int>(Open::Create) << false << -1;
    QTest::newRow("new, there") << static_cast<int>(Open::CreateNew) << true << code(ErrorCode::AlreadyExists);
    QTest::newRow("new, missing") << static_cast<int>(Open::CreateNew) << false << -1;
}

void FileOpsSuite::openModes() {
    QFETCH(const int, how);
    QFETCH(const bool, there);
    QFETCH(const int, expected);
    if (there) QVERIFY_OK(world_->files().replace(path("f"), "kept"));
    auto file = world_->files().open(path("f"), static_cast<FileOps::Open>(how));
    QCOMPARE(file.ok() ? -1 : static_cast<int>(file.error().code), expected);
    if (!file.ok()) {
        QVERIFY(file.error().text().find(path("f")) != std::string::npos);
        return;
    }
    QCOMPARE((*file)->read(0, 100).valueOr("?"), Bytes(there ? "kept" : ""));
}

void FileOpsSuite::replaceWritesWholeFilesAndLeavesNothingElse() {
    FileOps& files = world_->files();
    QVERIFY_OK(files.replace(path("record"), "first and longer"));
    QVERIFY_OK(files.replace(path("record"), "second", true));
    QCOMPARE(files.readAll(path("record")).valueOr({}), Bytes("second"));
    QCOMPARE(files.list(world_->dir()).valueOr({}), Names{"record"});
    QVERIFY(!files.replace(path("missing/record"), "x").ok());
}

void FileOpsSuite::renameReplacesItsTarget() {
    FileOps& files = world_->files();
    QVERIFY_OK(files.replace(path("a"), "A"));
    QVERIFY_OK(files.replace(path("b"), "B"));
    QVERIFY_OK(files.rename(path("a"), path("b")));
    QCOMPARE(files.readAll(path("b")).valueOr({}), Bytes("A"));
    QVERIFY(!files.exists(path("a")));
    QVERIFY(!files.rename(path("a"), path("c")).ok());
}

void FileOpsSuite::removeOfAMissingFileIsFine() {
    FileOps& files = world_->files();
    QVERIFY_OK(files.replace(path("a"), "A"));
    QVERIFY_OK(files.remove(path("a")));
    QVERIFY(!files.exists(path("a")));
    QVERIFY_OK(files.remove(path("a")));
}

void FileOpsSuite::makesAndRemovesTrees() {
    FileOps& files = world_->files();
    QVERIFY_OK(files.makeDirs(path("x/y/z")));
    QVERIFY_OK(files.makeDirs(path("x/y/z")));
    QVERIFY_OK(files.replace(path("x/y/z/f"), "F"));
    QVERIFY_OK(files.syncDir(path("x/y/z")));
    QVERIFY(!files.makeDirs(path("x/y/z/f")).ok());  // a file is in the way
    QVERIFY_OK(files.removeTree(path("x")));
    QVERIFY(!files.exists(path("x")));
    QVERIFY_OK(files.removeTree(path("x")));
}

void FileOpsSuite::listsSortedNames() {
    FileOps& files = world_->files();
    for (const char* name : {"b", "a", "C", "10", "9"}) QVERIFY_OK(files.replace(path(name), "x"));
    QCOMPARE(files.list(world_->dir()).valueOr({}), (Names{"10", "9", "C", "a", "b"}));
    QVERIFY(!files.list(path("missing")).ok());
}

void FileOpsSuite::readAllOfAMissingFileIsNotFound() {
    const auto missing = world_->files().readAll(path("missing"));
    QVERIFY(!missing.ok());
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
}

void FileOpsSuite::lockIsExclusiveAndEndsWithItsOwner() {
    FileOps& files = world_->files();
    auto first = files.lock(path("lock"));
    QVERIFY_OK(first);
    const auto second = files.lock(path("lock"));
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    first->reset();
    QVERIFY_OK(files.lock(path("lock")));
}

void FileOpsSuite::tellsFreeSpace() {
    const auto bytes = world_->files().freeBytes(world_->dir());
    QVERIFY_OK(bytes);
    QVERIFY(bytes.value() > 0);
}

}  // namespace tributary::engine::test
