// What a flush feeds to SQL: frozen generations merged by key, each row folded; and the merge with stored records.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/db/rowtable.h"
#include "engine/storage/generation.h"

namespace tributary::engine {

/// Rows of some sorted generations, ascending, each key once, folded with tombstones kept (they may have to meet a
/// stored record). Rows that fold to nothing are left out. Also the merger of a row with its stored record, since both
/// know which rows have to be looked at again afterwards. One thread at a time.
class FlushSource final : public RowSource, public RowMerger {
public:
    explicit FlushSource(const RowFormat& format);

    /// Prepares a flush. The generations are frozen; sorts them where nobody has yet.
    void begin(std::vector<std::shared_ptr<const Generation>> generations, const FoldContext& context);
    /// Lets go of the generations.
    void end();

    void rewind() override;
    void next() override;
    [[nodiscard]] bool atEnd() const override { return atEnd_; }
    BytesView key() override { return key_; }
    BytesView value() override { return value_; }
    Result<BytesView> merge(BytesView key, BytesView stored, BytesView incoming) override;

    /// Rows handed out, and how many of them met a stored record.
    [[nodiscard]] std::uint64_t rowsOut() const { return rowsOut_; }
    [[nodiscard]] std::uint64_t rowsMerged() const { return rowsMerged_; }
    /// Keys to be purged after the statement: rows that became empty, and new rows whose tombstones need not be kept.
    [[nodiscard]] const std::vector<Bytes>& touchUps() const { return touchUps_; }
    /// A record as it should be stored; empty = the row goes. Errors: Corrupt.
    Result<BytesView> purge(BytesView key, BytesView stored) { return merge(key, stored, {}); }

private:
    struct Cursor {
        std::shared_ptr<const Generation> generation;
        const std::vector<std::uint32_t>* order = nullptr;
        std::size_t at = 0;
        BytesView key;
    };
    void load(Cursor& cursor) const;
    void advance(Cursor& cursor) const;
    [[nodiscard]] bool foldNext();

    std::unique_ptr<RowFolder> rows_;    // folds the row that is handed out
    std::unique_ptr<RowFolder> merges_;  // folds it with what is stored, while the row is still in use
    std::vector<Cursor> cursors_;
    BytesView key_;
    BytesView value_;
    bool atEnd_ = true;
    bool purgePending_ = false;  // the row has purgeable tombstones and no stored record was met yet
    std::uint64_t rowsOut_ = 0;
    std::uint64_t rowsMerged_ = 0;
    std::vector<Bytes> touchUps_;
};

}  // namespace tributary::engine
