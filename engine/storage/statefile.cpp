// The SQLite file of a state unit.
#include "engine/storage/statefile.h"

#include <fmt/format.h>

namespace tributary::engine {
namespace {

constexpr std::int64_t kFormat = 2;
constexpr std::int64_t kFormatUnchecked = 1;
constexpr std::int64_t kMetaPosition = 1;
constexpr std::int64_t kMetaRows = 2;
constexpr std::int64_t kMetaVolume = 3;
constexpr std::int64_t kMetaDataset = 4;
constexpr std::int64_t kMetaCluster = 5;
constexpr std::int64_t kMetaStart = 6;
constexpr std::size_t kIdleReadersMax = 2;

// OR ROLLBACK: the caller rolls back on any error. It spares inserts, but not merges, a journal of the statement.
constexpr const char* kInsertRows =
    "INSERT OR ROLLBACK INTO rows(k, v) SELECT k, v FROM entries WHERE true "
    "ON CONFLICT(k) DO UPDATE SET v = fold(k, v, excluded.v)";

/// Prepares each statement into its place; the first failure ends it.
Status prepareAll(Database& database, std::initializer_list<std::pair<Statement*, const char*>> statements) {
    for (const auto& [statement, sql] : statements) {
        auto prepared = database.prepare(sql);
        if (!prepared.ok()) return prepared.error();
        *statement = std::move(prepared).value();
    }
    return okStatus();
}

}  // namespace

StateFileUse::~StateFileUse() {
    if (file_ != nullptr) --file_->users_;
}

StateFileUse& StateFileUse::operator=(StateFileUse&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

StateFile::StateFile(const StateUnitOptions& options) : options_(options), source_(*options.format) {}

StateFile::~StateFile() {
    if (options_.openFiles) options_.openFiles->closed(this);
}

Result<std::shared_ptr<StateFile>> StateFile::open(const StateUnitOptions& options) {
    std::shared_ptr<StateFile> file(new StateFile(options));
    const auto opened = file->use();
    if (!opened.ok()) return opened.error();
    return file;
}

/// The file is open from here on, until the answer ends.
Result<StateFileUse> StateFile::use() {
    OpenFiles* const others = options_.openFiles.get();
    std::optional<StateFileUse> mine;
    {
        const std::lock_guard lock(openMutex_);
        if (writer_ == nullptr) {
            Status opened = connect();
            // Out of descriptors, perhaps: what others do not need just now may be enough.
            if (!opened.ok() && opened.error().code == ErrorCode::Io && others != nullptr && others->closeIdle() > 0) {
                opened = connect();
            }
            if (!opened.ok()) return opened.error();
        }
        ++users_;
        mine = StateFileUse(shared_from_this());
        if (others != nullptr) others->used(mine->file_);
    }
    if (others != nullptr) others->trim();
    return std::move(*mine);
}

Status StateFile::connect() {
    for (const auto step : {&StateFile::openWriter, &StateFile::createSchema, &StateFile::checkOwner,
                            &StateFile::prepareStatements, &StateFile::readPosition}) {
        const Status done = (this->*step)();
        if (done.ok()) continue;
        disconnect();
        return done;
    }
    found_ = true;
    options_.create = false;
    return okStatus();
}

/// The first time: what was left. Later: what it was closed with.
Status StateFile::readPosition() {
    const auto position = writer_->queryInt("SELECT value FROM meta WHERE id = 1");
    const auto rows = writer_->queryInt("SELECT value FROM meta WHERE id = 2");
    if (!position.ok()) return position.error();
    if (!rows.ok()) return rows.error();
    const auto found = static_cast<Lsn>(position.value());
    if (found_ && found != position_) {
        return Error{ErrorCode::Corrupt,
                     fmt::format("the state file was exchanged while it was closed: it holds entries up to {}, and was "
                                 "written up to {}",
                                 found, position_.load()),
                     options_.path, "put the newest file back, then tributary down and tributary up"};
    }
    position_ = found;
    rows_ = static_cast<std::uint64_t>(rows.value());
    // What a killed process left in the WAL may be in the page cache only: durable from here on.
    const auto outcome = writer_->checkpoint(Database::Checkpoint::Truncate);
    if (!outcome.ok()) return outcome.error();
    checkpointedLsn_ = found;
    walBytes_ = 0;
    diskBytes_ = writer_->fileBytes();
    return okStatus();
}

void StateFile::disconnect() {
    {
        const std::lock_guard lock(readersMutex_);
        readers_.clear();
    }
    checkpointer_.reset();
    for (Statement* statement : {&insertRows_, &readRow_, &updateRow_, &deleteRow_, &setMeta_}) {
        *statement = Statement();
    }
    writer_.reset();
}

bool StateFile::closeIfIdle() {
    const std::unique_lock lock(openMutex_, std::try_to_lock);
    if (!lock.owns_lock() || users_ != 0 || writer_ == nullptr) return false;
    if (!closesQuickly()) {
        const auto outcome = writer_->checkpoint(Database::Checkpoint::Truncate);
        if (!outcome.ok()) return false;
        checkpointedLsn_ = position_.load();
        walBytes_ = 0;
        diskBytes_ = writer_->fileBytes();
    }
    disconnect();
    options_.openFiles->closed(this);
    return true;
}

Status StateFile::openWriter() {
    auto opened = Database::open({options_.path, options_.vfsName, options_.create});
    if (!opened.ok()) {
        if (!found_ || opened.error().code != ErrorCode::NotFound) return opened.error();
        return Error{ErrorCode::Corrupt, "the state file is gone: it was removed while it was closed", options_.path,
                     "put it back, then tributary down and tributary up"};
    }
    writer_ = std::move(opened).value();
    std::string setup = fmt::format("PRAGMA page_size={};", options_.pageBytes);
    // Without shared memory (a simulated VFS) WAL needs the lock for good, and before the mode is set.
    if (options_.singleConnection) setup += "PRAGMA locking_mode=EXCLUSIVE;";
    Status set = writer_->exec(setup);
    if (!set.ok()) return set;
    const auto pages = writer_->queryInt("PRAGMA page_count");
    if (!pages.ok()) return pages.error();
    if (pages.value() == 0) {
        if (!options_.create) {
            return Error{
                ErrorCode::Corrupt, "the state file is empty", options_.path,
                "put it back, or make the dataset anew and fill it from a peer: tributary run rebuild-replica"};
        }
        (void)writer_->reserveChecks();  // a VFS without them makes a file of format 1
    }
    setup = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF;";
    // The big statement keeps a journal of its own, as large as the pages it touches: nearly the whole file when keys
    // are random. It spills into a file; a simulated disk has no room for such files between two flushes.
    setup += options_.singleConnection ? "PRAGMA temp_store=MEMORY;" : "PRAGMA temp_store=FILE;";
    setup += fmt::format("PRAGMA cache_size=-{};", options_.cacheBytes >> 10U);
    set = writer_->exec(setup);
    if (!set.ok()) return set;
    auto mode = writer_->prepare("PRAGMA journal_mode");
    if (!mode.ok()) return mode.error();
    const auto row = mode->step();
    if (!row.ok()) return row.error();
    if (mode->columnBytes(0) != "wal") {
        return Error{ErrorCode::Unsupported, "the volume does not support SQLite's write-ahead log", options_.path,
                     "put the volume on a local file system"};
    }
    return okStatus();
}

Status StateFile::createSchema() {
    const auto version = writer_->queryInt("PRAGMA user_version");
    if (!version.ok()) return version.error();
    if (version.value() == kFormatUnchecked) return okStatus();
    if (version.value() == kFormat) {
        if (writer_->pagesChecked()) return okStatus();
        return Error{ErrorCode::Corrupt, "the state file is damaged: it lost the mark of its checksums", options_.path,
                     "move the file away and copy the dataset anew from a replica"};
    }
    if (version.value() != 0) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("state file of format {}; this version reads format {}", version.value(), kFormat),
                     options_.path, "use the version of tributary that wrote it"};
    }
    auto transaction = Transaction::begin(*writer_, Transaction::Kind::Immediate);
    if (!transaction.ok()) return transaction.error();
    const Status made =
        writer_->exec(fmt::format("CREATE TABLE rows(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID;"
                                  "CREATE TABLE meta(id INTEGER PRIMARY KEY, value INTEGER NOT NULL);"
                                  "INSERT INTO meta VALUES({}, 0), ({}, 0); PRAGMA user_version={}",
                                  kMetaPosition, kMetaRows, writer_->pagesChecked() ? kFormat : kFormatUnchecked));
    if (!made.ok()) return made;
    if (Status stored = storeOwner(); !stored.ok()) return stored;
    return transaction->commit();
}

/// Compares what the file says with whose it must be.
Status StateFile::checkOwner() {
    auto read = writer_->prepare("SELECT value FROM meta WHERE id = ?1");
    if (!read.ok()) return read.error();
    std::optional<Error> problem;
    const auto stored = [&](std::int64_t id) {
        read->bind(1, id);
        const auto row = read->step();
        if (!row.ok()) problem = row.error();
        const Bytes value(row.ok() && row.value() ? read->columnBytes(0) : BytesView());
        read->reset();
        return value;
    };
    const Bytes volume = stored(kMetaVolume);
    const Bytes dataset = stored(kMetaDataset);
    const Bytes cluster = stored(kMetaCluster);
    const Bytes start = stored(kMetaStart);
    if (problem) return *problem;
    if (volume.empty()) return okStatus();  // of format 1: told with the next flush
    const StateOwner& owner = options_.owner;
    const auto foreign = [&](std::string what) {
        return Error{ErrorCode::InvalidInput, std::move(what), options_.path,
                     "put its own file back, or move the file away and fill the dataset from a peer: tributary run "
                     "rebuild-replica"};
    };
    if (!owner.cluster.empty() && cluster != owner.cluster) {
        return foreign(fmt::format("the state file is one of cluster {}, not of {}", cluster, owner.cluster));
    }
    if (!owner.dataset.isNil() && dataset != owner.dataset.bytes()) {
        return foreign(fmt::format("the state file is another dataset's: it holds {}, not {}",
                                   Uuid::fromBytes(dataset).text(), owner.dataset.text()));
    }
    if (!owner.volume.isNil() && volume != owner.volume.bytes()) {
        return foreign(fmt::format("the state file is of another volume: it belongs to {}, this one is {}",
                                   Uuid::fromBytes(volume).text(), owner.volume.text()));
    }
    ownerStored_ = start == fmt::format("{:016x}", owner.startId);
    return okStatus();
}

/// Inside the caller's transaction.
Status StateFile::storeOwner() {
    const StateOwner& owner = options_.owner;
    if (ownerStored_ || owner.volume.isNil()) return okStatus();
    auto store = writer_->prepare("INSERT OR REPLACE INTO meta VALUES(?1, ?2)");
    if (!store.ok()) return store.error();
    const std::string start = fmt::format("{:016x}", owner.startId);
    const std::pair<std::int64_t, BytesView> values[] = {{kMetaVolume, owner.volume.bytes()},
                                                         {kMetaDataset, owner.dataset.bytes()},
                                                         {kMetaCluster, owner.cluster},
                                                         {kMetaStart, start}};
    for (const auto& [id, value] : values) {
        store->bind(1, id);
        store->bind(2, value);
        if (Status stored = store->run(); !stored.ok()) return stored;
    }
    return okStatus();
}

Status StateFile::prepareStatements() {
    Status done = registerRowSource(*writer_, "entries", source_);
    if (done.ok()) done = registerRowMerger(*writer_, "fold", source_, mergeFailure_);
    if (!done.ok()) return done;
    const auto pageBytes = writer_->queryInt("PRAGMA page_size");
    if (!pageBytes.ok()) return pageBytes.error();
    pageBytes_ = pageBytes.value();
    writer_->onCommit([this](std::int64_t frames) { walBytes_ = static_cast<std::uint64_t>(frames * pageBytes_); });
    return prepareAll(*writer_, {{&insertRows_, kInsertRows},
                                 {&readRow_, "SELECT v FROM rows WHERE k = ?1"},
                                 {&updateRow_, "UPDATE rows SET v = ?2 WHERE k = ?1"},
                                 {&deleteRow_, "DELETE FROM rows WHERE k = ?1"},
                                 {&setMeta_, "UPDATE meta SET value = ?2 WHERE id = ?1"}});
}

/// The rows of the generations, inside the caller's transaction. @return rows stored afterwards
Result<std::uint64_t> StateFile::apply(const std::vector<std::shared_ptr<const Generation>>& generations,
                                       const FoldContext& context) {
    mergeFailure_.reset();
    source_.begin(generations, context);
    const Status inserted = insertRows_.run();
    const auto gone = inserted.ok() ? touchUp() : Result<std::uint64_t>(inserted.error());
    source_.end();
    if (mergeFailure_) {
        mergeFailure_->where = options_.path;
        return *mergeFailure_;
    }
    if (!gone.ok()) return gone.error();
    return rows_ + source_.rowsOut() - source_.rowsMerged() - gone.value();
}

Status StateFile::setMeta(std::int64_t id, std::uint64_t value) {
    setMeta_.bind(1, id);
    setMeta_.bind(2, static_cast<std::int64_t>(value));
    return setMeta_.run();
}

/// Rows that the big statement could not finish: emptied ones go, new ones lose the tombstones that nothing needs.
/// @return rows deleted
Result<std::uint64_t> StateFile::touchUp() {
    std::uint64_t gone = 0;
    for (const Bytes& key : source_.touchUps()) {
        readRow_.bind(1, BytesView(key));
        const auto found = readRow_.step();
        if (!found.ok()) return found.error();
        if (!found.value()) {
            readRow_.reset();
            continue;
        }
        const auto record = source_.purge(key, readRow_.columnBytes(0));
        if (!record.ok()) {
            readRow_.reset();
            Error error = record.error();
            error.where = options_.path;
            return error;
        }
        Statement& change = record.value().empty() ? deleteRow_ : updateRow_;
        change.bind(1, BytesView(key));
        if (record.value().empty()) {
            ++gone;
        } else {
            change.bind(2, record.value());
        }
        readRow_.reset();
        const Status changed = change.run();
        if (!changed.ok()) return changed.error();
    }
    return gone;
}

Status StateFile::flush(const std::vector<std::shared_ptr<const Generation>>& generations, const FoldContext& context,
                        Lsn position) {
    const auto open = use();
    if (!open.ok()) return open.error();
    auto transaction = Transaction::begin(*writer_, Transaction::Kind::Immediate);
    if (!transaction.ok()) return transaction.error();
    std::uint64_t rows = rows_;
    if (!generations.empty()) {
        const auto applied = apply(generations, context);
        if (!applied.ok()) return applied.error();
        rows = applied.value();
    }
    Status done = setMeta(kMetaRows, rows);
    if (done.ok()) done = setMeta(kMetaPosition, position);
    if (done.ok()) done = storeOwner();
    if (done.ok()) done = transaction->commit();
    if (!done.ok()) return done;
    ownerStored_ = true;
    rows_ = rows;
    position_ = position;
    diskBytes_ = writer_->fileBytes();
    return okStatus();
}

Status StateFile::checkpoint() {
    if (closesQuickly()) return okStatus();  // it may have been closed meanwhile
    const auto open = use();
    if (!open.ok()) return open.error();
    Database* database = writer_.get();
    if (!options_.singleConnection) {
        if (!checkpointer_) {
            auto opened = Database::open({options_.path, options_.vfsName, false});
            if (!opened.ok()) return opened.error();
            const Status set = opened.value()->exec("PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64;");
            if (!set.ok()) return set;
            checkpointer_ = std::move(opened).value();
        }
        database = checkpointer_.get();
    }
    // Committed before the checkpoint starts: durable when everything in the WAL has been brought over.
    const Lsn committed = position_;
    const auto outcome = database->checkpoint(Database::Checkpoint::Passive);
    if (!outcome.ok()) return outcome.error();
    if (outcome->complete()) {
        checkpointedLsn_ = committed;
        // A commit that came in between has told its own size already; never overwrite it with nothing.
        if (position_ == committed) walBytes_ = 0;
    }
    diskBytes_ = database->fileBytes();
    return okStatus();
}

Result<std::unique_ptr<StateReader>> StateFile::openReader() {
    auto reader = std::make_unique<StateReader>();
    if (options_.singleConnection) {
        reader->database = writer_.get();
    } else {
        auto opened = Database::open({options_.path, options_.vfsName, false, false});
        if (!opened.ok()) return opened.error();
        reader->owned = std::move(opened).value();
        reader->database = reader->owned.get();
        const Status set = reader->database->exec("PRAGMA query_only=ON; PRAGMA cache_size=-2048;");
        if (!set.ok()) return set.error();
    }
    const Status prepared = prepareAll(
        *reader->database, {{&reader->get, "SELECT v FROM rows WHERE k = ?1"},
                            {&reader->scanFrom, "SELECT k, v FROM rows WHERE k >= ?1 ORDER BY k"},
                            {&reader->scanRange, "SELECT k, v FROM rows WHERE k >= ?1 AND k < ?2 ORDER BY k"},
                            {&reader->position, "SELECT value FROM meta WHERE id = 1"},
                            {&reader->begin, "BEGIN"},
                            {&reader->rollback, "ROLLBACK"}});
    if (!prepared.ok()) return prepared.error();
    return reader;
}

Result<std::unique_ptr<StateReader>> StateFile::takeReader() {
    auto open = use();
    if (!open.ok()) return open.error();
    std::unique_ptr<StateReader> reader;
    {
        const std::lock_guard lock(readersMutex_);
        if (!readers_.empty()) {
            reader = std::move(readers_.back());
            readers_.pop_back();
        }
    }
    if (reader == nullptr) {
        auto opened = openReader();
        if (!opened.ok()) return opened.error();
        reader = std::move(opened).value();
    }
    reader->use = std::move(open).value();
    return reader;
}

void StateFile::giveReader(std::unique_ptr<StateReader> reader) {
    const StateFileUse use = std::move(reader->use);  // ends when the reader is in its place
    const std::lock_guard lock(readersMutex_);
    if (readers_.size() < kIdleReadersMax) readers_.push_back(std::move(reader));
}

}  // namespace tributary::engine
