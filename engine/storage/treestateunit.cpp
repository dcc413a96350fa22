// A state unit in memory: every entry is folded into the tree at once; a flush writes a picture of it.
#include "engine/storage/treestateunit.h"

#include <algorithm>
#include <atomic>
#include <cassert>

#include "core/base/exceptions.h"
#include "engine/storage/treejournal.h"
#include "engine/storage/treepicture.h"

namespace tributary::engine {
namespace {

class TreeView final : public StateView {
public:
    explicit TreeView(TreePicture picture) : picture_(std::move(picture)) {}
    Lsn position() const override { return picture_.position; }
    Result<std::optional<Bytes>> get(BytesView key) override {
        const auto row = picture_.tree.find(key);
        return row == nullptr ? std::optional<Bytes>() : std::optional(row->record);
    }
    Result<ScanChunk> scan(BytesView from, BytesView to, std::size_t rowsMax, std::size_t bytesMax) override {
        ScanChunk chunk;
        chunk.atEnd = true;
        std::size_t bytes = 0;
        picture_.tree.walk([&](const TreeRow& row) { return BytesView(row.key) < from; },
                           [&](const RowTree::ItemPtr& row) {
                               if (!to.empty() && BytesView(row->key) >= to) return false;
                               chunk.atEnd = chunk.rows.size() < rowsMax && (chunk.rows.empty() || bytes < bytesMax);
                               if (!chunk.atEnd) return false;
                               bytes += row->key.size() + row->record.size();
                               chunk.rows.push_back({row->key, row->record});
                               return true;
                           });
        return chunk;
    }

private:
    TreePicture picture_;
};

/// What jobs share with their unit, which they may outlive.
struct TreeFile {
    TreeFile(StateUnitOptions opened, FileOps& through) : options(std::move(opened)), files(through) {}
    StateUnitOptions options;
    FileOps& files;
    std::atomic<std::uint64_t> bytes{0};
};

class TreeStateUnit final : public StateUnit {
public:
    TreeStateUnit(std::shared_ptr<TreeFile> file, TreePicture picture, std::size_t bytesMax)
        : file_(std::move(file)),
          context_(file_->options.context),
          folder_(file_->options.format->makeFolder()),
          now_(std::move(picture)),
          flushedLsn_(now_.position),
          storedRows_(now_.tree.size()),
          journal_(bytesMax),
          bytesMax_(bytesMax) {
        folder_->setContext(context_);
        now_.tree.walk([](const TreeRow&) { return false; },
                       [this](const RowTree::ItemPtr& row) {
                           journal_.changed(0, nullptr, row);
                           return true;
                       });
    }

    Status apply(const EntryRef& entry) override;
    Lsn appliedLsn() const override { return now_.position; }
    Lsn flushedLsn() const override { return flushedLsn_; }
    Lsn checkpointedLsn() const override { return flushedLsn_; }
    Lsn coveredLsn() override { return changedRows_ == 0 ? now_.position : std::max(flushedLsn_, beforeChanges_); }
    std::vector<StateRest> rests() override {
        if (coveredLsn() == flushedLsn_) return {};
        return {{flushedLsn_, coveredLsn()}};
    }
    void advanceTo(Lsn lsn) override { now_.position = std::max(now_.position, lsn); }
    std::size_t memoryBytes() const override { return journal_.bytes(); }
    std::size_t bytesLeft() const override { return bytesMax_ - std::min(bytesMax_, journal_.bytes()); }
    std::uint64_t memoryRows() const override { return changedRows_; }
    std::uint64_t storedRows() const override { return storedRows_; }
    Result<std::unique_ptr<StateView>> view(bool) override {
        return std::unique_ptr<StateView>(std::make_unique<TreeView>(now_));
    }
    void setFoldContext(FoldContext context) override {
        context_ = std::move(context);
        folder_->setContext(context_);
    }
    void setNow(Millis nowMs) override {
        context_.nowMs = nowMs;
        folder_->setContext(context_);
    }
    std::unique_ptr<StateJob> makeFlush(Lsn syncedLsn) override;
    std::unique_ptr<StateJob> makeCheckpoint(bool) override { return nullptr; }
    std::uint64_t diskBytes() override { return file_->bytes; }

private:
    friend class PictureJob;
    /// A picture, and how many changes lie before it.
    struct Frozen {
        TreePicture picture;
        std::uint64_t changes = 0;
    };
    Status fold(BytesView key, const char* at, const EntryRef& entry);
    void flushed(const Frozen& written);
    void exchange(const RowTree::ItemPtr& out, const RowTree::ItemPtr& in);

    std::shared_ptr<TreeFile> file_;
    FoldContext context_;
    std::unique_ptr<RowFolder> folder_;
    TreePicture now_;
    Lsn flushedLsn_;
    std::uint64_t storedRows_;
    Lsn beforeChanges_ = 0;  ///< nothing lies between the flushed position and it; counts while there are changes
    std::uint64_t changedRows_ = 0;  ///< since the flushed position
    std::optional<Frozen> waiting_;  ///< not synced yet
    bool flushRunning_ = false;
    TreeJournal<int, TreeRow> journal_;
    std::size_t bytesMax_;
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

class PictureJob final : public StateJob {
public:
    PictureJob(TreeStateUnit& unit, TreeStateUnit::Frozen frozen)
        : unit_(unit), alive_(unit.alive_), file_(unit.file_), frozen_(std::move(frozen)) {}
    ~PictureJob() override {
        if (!alive_.expired()) unit_.flushRunning_ = false;
    }
    PictureJob(const PictureJob&) = delete;
    PictureJob& operator=(const PictureJob&) = delete;
    void run() override {
        outcome_ = orError([this]() -> Status {
            const Bytes bytes = encodePicture(frozen_.picture, file_->options.owner);
            if (Status written = file_->files.replace(file_->options.path, bytes); !written) return written;
            file_->bytes = bytes.size();
            return okStatus();
        });
    }
    Status finish() override {
        if (!alive_.expired() && outcome_.ok()) unit_.flushed(frozen_);
        return outcome_;
    }

private:
    TreeStateUnit& unit_;
    std::weak_ptr<const bool> alive_;
    std::shared_ptr<TreeFile> file_;
    TreeStateUnit::Frozen frozen_;
    Status outcome_ = Error{ErrorCode::Cancelled, "the flush did not run", {}, {}};
};

/// All of an entry or nothing of it.
Status TreeStateUnit::apply(const EntryRef& entry) {
    if (entry.lsn <= now_.position) return okStatus();  // replay of what the file already holds
    const RowFormat& format = *file_->options.format;
    const auto operations = format.check(entry);
    if (!operations) return operations.error();
    journal_.begin();
    const char* at = entry.mutations.data();
    const char* end = at + entry.mutations.size();
    for (std::uint32_t i = 0; i < operations.value(); ++i) {
        const char* next = nullptr;
        const BytesView key = format.keyAt(at, end, next);
        if (Status folded = fold(key, at, entry); !folded) {
            journal_.rollback([this](int, const auto& out, const auto& in) { exchange(out, in); });
            return folded;
        }
        at = next;
    }
    journal_.commit();
    if (changedRows_ == 0 && operations.value() > 0) beforeChanges_ = now_.position;
    changedRows_ += operations.value();
    now_.position = entry.lsn;
    return okStatus();
}

Status TreeStateUnit::fold(BytesView key, const char* at, const EntryRef& entry) {
    const bool newestIsAll = file_->options.format->newestIsAll();
    folder_->reset();
    RowTree::ItemPtr old;
    if (!newestIsAll) {
        old = now_.tree.find(key);
        if (old != nullptr && !folder_->addRecord(old->record)) {
            return Error{ErrorCode::Corrupt, "the record of a row is damaged", file_->options.path, {}};
        }
    }
    folder_->addOperation(at, entry);
    const BytesView record = folder_->finish(FoldMode::Purge);
    RowTree::ItemPtr in;
    if (!record.empty()) {
        in = std::make_shared<const TreeRow>(TreeRow{Bytes(key), Bytes(record)});
        old = now_.tree.insert(in);  // in the place of the one that goes
    } else {
        if (newestIsAll) old = now_.tree.find(key);
        if (old != nullptr) (void)now_.tree.erase(*old);
    }
    journal_.changed(0, std::move(old), std::move(in));
    return okStatus();
}

void TreeStateUnit::exchange(const RowTree::ItemPtr& out, const RowTree::ItemPtr& in) {
    if (in != nullptr) {
        (void)now_.tree.insert(in);  // in the place of the one that goes
    } else if (out != nullptr) {
        (void)now_.tree.erase(*out);
    }
}

/// What is not synced yet waits, frozen, for the next flush: no picture may be ahead of the synced log.
std::unique_ptr<StateJob> TreeStateUnit::makeFlush(Lsn syncedLsn) {
    if (flushRunning_ || changedRows_ == 0) return nullptr;
    if (!waiting_) waiting_ = Frozen{now_, changedRows_};
    if (waiting_->picture.position > syncedLsn) return nullptr;
    flushRunning_ = true;
    auto job = std::make_unique<PictureJob>(*this, std::move(*waiting_));
    waiting_.reset();
    return job;
}

void TreeStateUnit::flushed(const Frozen& written) {
    flushedLsn_ = written.picture.position;
    storedRows_ = written.picture.tree.size();
    changedRows_ -= written.changes;
    beforeChanges_ = flushedLsn_;
}

}  // namespace

Result<std::unique_ptr<StateUnit>> openTreeStateUnit(const StateUnitOptions& options, FileOps& files,
                                                     std::size_t bytesMax) {
    assert(options.format != nullptr);
    auto file = std::make_shared<TreeFile>(options, files);
    TreePicture picture;
    Bytes bytes;
    if (options.create) {
        bytes = encodePicture(picture, options.owner);
        if (Status written = files.replace(options.path, bytes); !written) return written.error();
    } else {
        auto found = files.readAll(options.path);
        if (!found) return found.error();
        bytes = std::move(found).value();
        auto decoded = decodePicture(bytes, options.owner, options.path);
        if (!decoded) return decoded.error();
        picture = std::move(decoded).value();
    }
    file->bytes = bytes.size();
    return std::unique_ptr<StateUnit>(std::make_unique<TreeStateUnit>(std::move(file), std::move(picture), bytesMax));
}

}  // namespace tributary::engine
