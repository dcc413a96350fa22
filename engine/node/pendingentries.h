// What was decided and is not published yet: the next decision must see it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/dataset/policy.h"
#include "engine/storage/rowformat.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

/// The entries of one dataset between log and state, by key. Executor's thread only. Only datasets whose kind decides
/// have any.
class PendingEntries {
public:
    explicit PendingEntries(std::shared_ptr<const RowFormat> format) : format_(std::move(format)) {}
    PendingEntries(const PendingEntries&) = delete;
    PendingEntries& operator=(const PendingEntries&) = delete;

    /// An entry that was just appended. Its mutations were checked.
    void add(EntryRef entry);
    /// The entry at `lsn` is in the state now; entries are published in the order in which they were added.
    void published(Lsn lsn);
    /// The log refused the entry that is stored as `stored`: it goes, and everything that was decided on top of it,
    /// which the log refuses as well, newest first. Known by its bytes, because a refused lsn is given again.
    void refused(const Bytes* stored);
    /// Adds the operations of a key that the format needs, oldest first. False when there is none.
    bool collect(BytesView key, RowFolder& folder) const;
    /// The lowest key with an operation in from <= key < to (empty `to` = no end); nullopt when there is none.
    [[nodiscard]] std::optional<BytesView> firstKey(BytesView from, BytesView to) const;
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }  ///< of their mutations

private:
    struct Place {
        const EntryRef* entry;
        const char* at;
    };
    using Places = std::multimap<BytesView, Place>;
    struct Kept {
        EntryRef entry;
        std::vector<Places::iterator> places;
    };
    void forget(const Kept& kept);

    std::shared_ptr<const RowFormat> format_;
    std::deque<Kept> entries_;  ///< in the order of the log; places point into it
    Places byKey_;              ///< keys are slices of their entries, which hold them
    std::size_t bytes_ = 0;
};

/// State and pending entries, joined. For one decision.
class JoinedView final : public PendingView {
public:
    JoinedView(StateUnit& state, const PendingEntries& pending, const RowFormat& format, FoldContext context)
        : state_(state), pending_(pending), format_(format), context_(std::move(context)) {}
    Result<std::optional<Bytes>> get(BytesView key) override;
    Status scan(BytesView from, BytesView to, const Visit& visit) override;
    [[nodiscard]] std::size_t bytesLeft() const override;
    [[nodiscard]] StateUnit* unit() override { return &state_; }

private:
    Status open();
    /// The record with what is pending folded in; nullopt when nothing is left of it.
    Result<std::optional<Bytes>> joined(BytesView key, const std::optional<BytesView>& stored);
    /// Stored rows and pending keys of a range, in one order. False in the value: the visitor has seen enough.
    Result<bool> merge(const std::vector<StoredRow>& rows, BytesView from, BytesView to, const Visit& visit);

    StateUnit& state_;
    const PendingEntries& pending_;
    const RowFormat& format_;
    FoldContext context_;
    std::unique_ptr<StateView> view_;  ///< opened by the first look
    std::unique_ptr<RowFolder> folder_;
};

}  // namespace tributary::engine
