// Reads: the stored record of a row joined with what the memtable generations hold of it.
#include "engine/storage/stateview.h"

#include <algorithm>

namespace tributary::engine {
namespace {

constexpr std::size_t kPickedKeys = 1024;  // keys taken at a time from a generation that is not sorted yet

/// A position in the keys of one generation, whether it is sorted or not.
class KeyCursor {
public:
    KeyCursor(const VisibleGeneration& visible, BytesView from, BytesView to) : visible_(visible), to_(to) {
        if (generation().frozen()) {
            order_ = &generation().sorted();
            at_ = static_cast<std::size_t>(
                std::lower_bound(order_->begin(), order_->end(), from,
                                 [this](std::uint32_t op, BytesView key) { return generation().keyOf(op) < key; }) -
                order_->begin());
        } else {
            picked_ = generation().smallestKeys(from, to_, kPickedKeys);
        }
        load();
    }
    [[nodiscard]] bool atEnd() const { return atEnd_; }
    [[nodiscard]] BytesView key() const { return key_; }
    void next() {
        ++at_;
        load();
    }
    /// Adds the row's operations; false when all of them are newer than the view.
    bool collect(RowFolder& folder) const {
        return generation().collect(key_, Generation::hashOf(key_), visible_.entryLimit, folder);
    }

private:
    [[nodiscard]] const Generation& generation() const { return *visible_.generation; }
    void load() {
        if (order_ != nullptr) {
            atEnd_ = at_ >= order_->size();
            if (!atEnd_) key_ = generation().keyOf((*order_)[at_]);
            if (!atEnd_ && !to_.empty() && key_ >= to_) atEnd_ = true;
            return;
        }
        if (at_ >= picked_.size() && picked_.size() == kPickedKeys) {
            Bytes after(picked_.back());
            after.push_back('\0');  // the smallest key behind it
            picked_ = generation().smallestKeys(after, to_, kPickedKeys);
            at_ = 0;
        }
        atEnd_ = at_ >= picked_.size();
        if (!atEnd_) key_ = picked_[at_];
    }

    const VisibleGeneration& visible_;
    BytesView to_;
    const std::vector<std::uint32_t>* order_ = nullptr;
    std::vector<BytesView> picked_;
    std::size_t at_ = 0;
    BytesView key_;
    bool atEnd_ = false;
};

class SqliteStateView final : public StateView {
public:
    SqliteStateView(ViewSource source, std::unique_ptr<StateReader> reader)
        : source_(std::move(source)),
          reader_(std::move(reader)),
          folder_(source_.file->options().format->makeFolder()) {
        folder_->setContext(*source_.context);
        ++source_.file->openViews;
    }
    ~SqliteStateView() override {
        --source_.file->openViews;
        try {
            // Without a transaction (begin() failed) this fails, too. A broken connection is not given back.
            if (reader_->owned && !reader_->rollback.run().ok()) return;
            source_.file->giveReader(std::move(reader_));
        } catch (...) {  // NOLINT(bugprone-empty-catch): no memory to keep the connection, or to say why not
        }
    }
    SqliteStateView(const SqliteStateView&) = delete;
    SqliteStateView& operator=(const SqliteStateView&) = delete;

    /// Fixes the picture of the file (except in single-connection mode, where no flush runs meanwhile).
    Status begin() {
        if (!reader_->owned) return okStatus();
        const Status begun = reader_->begin.run();
        if (!begun.ok()) return begun;
        return dropMaterialised();
    }

    Lsn position() const override { return source_.position; }

    Result<std::optional<Bytes>> get(BytesView key) override {
        const Status fresh = refresh();
        if (!fresh.ok()) return fresh.error();
        folder_->reset();
        bool found = false;
        const std::uint64_t hash = source_.generations.empty() ? 0 : Generation::hashOf(key);
        for (const VisibleGeneration& visible : source_.generations) {
            found |= visible.generation->collect(key, hash, visible.entryLimit, *folder_);
        }
        Statement& query = reader_->get;
        query.bind(1, key);
        const auto row = query.step();
        if (!row.ok()) return row.error();
        std::optional<Bytes> record;
        if (row.value()) {
            if (!folder_->addRecord(query.columnBytes(0))) {
                query.reset();
                return damaged();
            }
            found = true;
        }
        if (found) {
            const BytesView folded = folder_->finish(FoldMode::Keep);
            if (!folded.empty()) record.emplace(folded);
        }
        query.reset();
        return record;
    }

    Result<ScanChunk> scan(BytesView from, BytesView to, std::size_t rowsMax, std::size_t bytesMax) override {
        const Status fresh = refresh();
        if (!fresh.ok()) return fresh.error();
        std::vector<KeyCursor> cursors;
        cursors.reserve(source_.generations.size());
        for (const VisibleGeneration& visible : source_.generations) cursors.emplace_back(visible, from, to);
        Statement& query = to.empty() ? reader_->scanFrom : reader_->scanRange;
        query.bind(1, from);
        if (!to.empty()) query.bind(2, to);
        auto chunk = merge(query, cursors, rowsMax, bytesMax);
        query.reset();
        return chunk;
    }

private:
    Result<ScanChunk> merge(Statement& query, std::vector<KeyCursor>& cursors, std::size_t rowsMax,
                            std::size_t bytesMax) {
        ScanChunk chunk;
        std::size_t bytes = 0;
        auto stored = query.step();
        for (;;) {
            if (!stored.ok()) return stored.error();
            const auto least = leastKey(stored.value() ? std::optional(query.columnBytes(0)) : std::nullopt, cursors);
            if (!least) {
                chunk.atEnd = true;
                return chunk;
            }
            if (chunk.rows.size() >= rowsMax || (bytes >= bytesMax && !chunk.rows.empty())) return chunk;
            StoredRow row;
            row.key.assign(*least);
            folder_->reset();
            for (const KeyCursor& cursor : cursors) {
                if (!cursor.atEnd() && cursor.key() == row.key) (void)cursor.collect(*folder_);  // false: newer
            }
            const bool inFile = stored.value() && query.columnBytes(0) == row.key;
            if (inFile && !folder_->addRecord(query.columnBytes(1))) return damaged();
            row.record.assign(folder_->finish(FoldMode::Keep));
            for (KeyCursor& cursor : cursors) {
                if (!cursor.atEnd() && cursor.key() == row.key) cursor.next();
            }
            if (inFile) stored = query.step();
            if (row.record.empty()) continue;
            bytes += row.key.size() + row.record.size();
            chunk.rows.push_back(std::move(row));
        }
    }

    static std::optional<BytesView> leastKey(std::optional<BytesView> least, const std::vector<KeyCursor>& cursors) {
        for (const KeyCursor& cursor : cursors) {
            if (!cursor.atEnd() && (!least || cursor.key() < *least)) least = cursor.key();
        }
        return least;
    }

    /// Single connection: a flush made before the view was opened may have run since.
    Status refresh() { return reader_->owned ? okStatus() : dropMaterialised(); }

    /// Forgets generations that the file already holds: folding them again over rows whose tombstones were purged with
    /// them could bring masked cells back.
    Status dropMaterialised() {
        const auto row = reader_->position.step();
        if (!row.ok()) return row.error();
        const auto position = static_cast<Lsn>(row.value() ? reader_->position.columnInt(0) : 0);
        reader_->position.reset();
        auto& generations = source_.generations;
        while (!generations.empty() && generations.front().generation->frozen() &&
               generations.front().generation->lastLsn() <= position) {
            generations.erase(generations.begin());
        }
        return okStatus();
    }

    [[nodiscard]] Error damaged() const {
        return Error{ErrorCode::Corrupt, "the stored record of a row is damaged", source_.file->options().path,
                     "move the file away and copy the dataset anew from a replica"};
    }

    ViewSource source_;
    std::unique_ptr<StateReader> reader_;
    std::unique_ptr<RowFolder> folder_;
};

}  // namespace

Result<std::unique_ptr<StateView>> openStateView(ViewSource source) {
    auto reader = source.file->takeReader();
    if (!reader.ok()) return reader.error();
    auto view = std::make_unique<SqliteStateView>(std::move(source), std::move(reader).value());
    const Status begun = view->begin();
    if (!begun.ok()) return begun.error();
    return std::unique_ptr<StateView>(std::move(view));
}

}  // namespace tributary::engine
