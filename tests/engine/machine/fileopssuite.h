// What every FileOps must do, as a reusable suite: one subclass per implementation supplies the object and a folder.
#pragma once

#include <QObject>
#include <memory>
#include <string>

#include "engine/seams/fileops.h"

namespace tributary::engine::test {

/// A disk with an empty folder on it.
class FileOpsWorld {
public:
    virtual ~FileOpsWorld() = default;
    virtual FileOps& files() = 0;
    [[nodiscard]] virtual std::string dir() const = 0;
};

/// Subclass, override makeWorld(), register with TRIBUTARY_TEST; list this header among the SOURCES (it needs moc)
/// together with fileopssuite.cpp.
class FileOpsSuite : public QObject {
    Q_OBJECT

protected:
    virtual std::unique_ptr<FileOpsWorld> makeWorld() = 0;

private slots:
    void init();
    void cleanup();
    void writesAndReadsAtOffsets();
    void readsFewerOnlyAtTheEnd();
    void gathersPiecesInOrder();
    void gathersMorePiecesThanOneCallTakes();
    void truncatesAndGrows();
    void openModes_data();
    void openModes();
    void replaceWritesWholeFilesAndLeavesNothingElse();
    void renameReplacesItsTarget();
    void removeOfAMissingFileIsFine();
    void makesAndRemovesTrees();
    void listsSortedNames();
    void readAllOfAMissingFileIsNotFound();
    void lockIsExclusiveAndEndsWithItsOwner();
    void tellsFreeSpace();

private:
    [[nodiscard]] std::string path(const std::string& name) const { return world_->dir() + "/" + name; }

    std::unique_ptr<FileOpsWorld> world_;
};

}  // namespace tributary::engine::test
