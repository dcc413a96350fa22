// The SQLite file of a state unit: schema, connections, one flush transaction, checkpoints.
//
// Format 2 (PRAGMA user_version): rows(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID holds the records of the dataset kind;
// meta(id, value) holds 1 = position (lsn), 2 = number of rows, 3 = uuid of the volume, 4 = uuid of the dataset,
// 5 = cluster, 6 = start id of the process that flushed last. Every page carries a checksum (core/db/pagechecks.h).
// Format 1 has no checksums, and may lack 3 to 6: such a file gets them with its next flush, and stays of format 1
// until it is made anew. WAL, synchronous=NORMAL: a commit is atomic but not durable until the next checkpoint, so the
// log is kept from checkpointedLsn() on.
//
// The file need not be open (openfiles.h): it closes while nobody uses it, when its WAL has been brought over, and the
// next use opens it again and finds the position that it was closed with.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "engine/storage/flushsource.h"
#include "engine/storage/openfiles.h"

namespace tributary::engine {

/// Whose file it is. A file that says otherwise is refused; nil uuids are not compared.
struct StateOwner {
    Uuid volume;
    Uuid dataset;
    std::string cluster;
    std::uint64_t startId = 0;  ///< of this process' life of the volume
};

/// How to open a state unit. `format` and `pool` are shared by many units.
struct StateUnitOptions {
    std::string path;                               ///< the file; its folder must exist
    bool create = true;                             ///< false: a file that is missing or empty is an error
    StateOwner owner;                               ///< whose it must be
    std::string vfsName;                            ///< SQLite VFS (Seams::vfsName); empty = default, without checksums
    bool singleConnection = false;                  ///< simulated VFS: one connection, everything on one thread
    std::shared_ptr<const RowFormat> format;        ///< dataset kind
    std::shared_ptr<OpenFiles> openFiles;           ///< bounds what is open; null = the file stays open
    FoldContext context;                            ///< rules and clocks at the start
    std::uint32_t pageBytes = 16384;                ///< of a new file; 16 KiB flush random keys 1.6 x faster than 4
    std::size_t cacheBytes = 8U << 20U;             ///< of the writing connection
    std::uint64_t checkpointWalBytes = 16U << 20U;  ///< makeCheckpoint() has work from here on
    std::uint64_t walBytesMax = 512U << 20U;        ///< above it a flush waits for a running checkpoint
};

class StateFile;

/// Keeps a state file open as long as it lives.
class StateFileUse {
public:
    StateFileUse() = default;
    ~StateFileUse();
    StateFileUse(StateFileUse&& other) noexcept = default;
    StateFileUse& operator=(StateFileUse&& other) noexcept;
    StateFileUse(const StateFileUse&) = delete;
    StateFileUse& operator=(const StateFileUse&) = delete;

private:
    friend class StateFile;
    explicit StateFileUse(std::shared_ptr<StateFile> file) : file_(std::move(file)) {}
    std::shared_ptr<StateFile> file_;
};

/// A reading connection with its statements; used by one thread at a time. In single-connection mode it borrows the
/// writer.
struct StateReader {
    StateFileUse use;  // ends after the connection
    std::unique_ptr<Database> owned;
    Database* database = nullptr;
    Statement get;
    Statement scanFrom;   // from <= k
    Statement scanRange;  // from <= k < to
    Statement position;
    Statement begin;
    Statement rollback;
};

class StateFile : public std::enable_shared_from_this<StateFile> {
public:
    /// Opens or creates; brings a WAL left by a crash into the file, so that the position found is durable. Errors:
    /// Corrupt (a damaged page, an empty file), InvalidInput (another volume's or another dataset's), Unsupported
    /// (newer format), NotFound, DiskFull, Io.
    static Result<std::shared_ptr<StateFile>> open(const StateUnitOptions& options);
    ~StateFile();
    StateFile(const StateFile&) = delete;
    StateFile& operator=(const StateFile&) = delete;

    /// One transaction: the generations' rows, then the position. Materialise worker.
    Status flush(const std::vector<std::shared_ptr<const Generation>>& generations, const FoldContext& context,
                 Lsn position);
    /// Checkpoint worker.
    Status checkpoint();

    /// A free reading connection, or a new one. Any thread.
    Result<std::unique_ptr<StateReader>> takeReader();
    void giveReader(std::unique_ptr<StateReader> reader);

    // Any thread.
    [[nodiscard]] const StateUnitOptions& options() const { return options_; }
    [[nodiscard]] Lsn position() const { return position_; }                ///< committed
    [[nodiscard]] Lsn checkpointedLsn() const { return checkpointedLsn_; }  ///< survives a power cut
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] std::uint64_t walBytes() const { return walBytes_; }
    [[nodiscard]] std::uint64_t diskBytes() const { return diskBytes_; }
    std::atomic<int> openViews{0};

    // For OpenFiles; any thread.
    [[nodiscard]] bool inUse() const { return users_ != 0; }
    [[nodiscard]] bool closesQuickly() const { return walBytes_ == 0 && checkpointedLsn_ == position_; }
    /// False when it is in use, or when its WAL could not be brought over: then it stays open.
    bool closeIfIdle();

private:
    friend class StateFileUse;
    explicit StateFile(const StateUnitOptions& options);
    Result<StateFileUse> use();
    Status connect();
    Status readPosition();
    void disconnect();
    Status openWriter();
    Status createSchema();
    Status checkOwner();
    Status storeOwner();
    Status prepareStatements();
    Result<std::unique_ptr<StateReader>> openReader();
    Result<std::uint64_t> apply(const std::vector<std::shared_ptr<const Generation>>& generations,
                                const FoldContext& context);
    Status setMeta(std::int64_t id, std::uint64_t value);
    Result<std::uint64_t> touchUp();

    StateUnitOptions options_;
    FlushSource source_;
    std::optional<Error> mergeFailure_;
    std::mutex openMutex_;  ///< held while connections open and close
    std::atomic<int> users_{0};
    bool found_ = false;  ///< opened before: position and rows are known
    std::unique_ptr<Database> writer_;
    Statement insertRows_;
    Statement readRow_;
    Statement updateRow_;
    Statement deleteRow_;
    Statement setMeta_;
    bool ownerStored_ = false;
    std::unique_ptr<Database> checkpointer_;
    std::mutex readersMutex_;
    std::vector<std::unique_ptr<StateReader>> readers_;
    std::int64_t pageBytes_ = 0;
    std::atomic<Lsn> position_{0};
    std::atomic<Lsn> checkpointedLsn_{0};
    std::atomic<std::uint64_t> rows_{0};
    std::atomic<std::uint64_t> walBytes_{0};
    std::atomic<std::uint64_t> diskBytes_{0};
};

}  // namespace tributary::engine
