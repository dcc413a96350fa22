// What was done to ordered trees: counted against a bound, and taken back when it is refused.
#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <vector>

namespace tributary::engine {

/// The changes of one unit. `Place` says in which of its trees; `Item` has `std::size_t memoryBytes() const`. One
/// thread.
template <typename Place, typename Item>
class TreeJournal {
public:
    using ItemPtr = std::shared_ptr<const Item>;

    explicit TreeJournal(std::size_t bytesMax) : bytesMax_(bytesMax) {}

    /// Whether `fresh` may take the place of `old`; either may be nullptr. What frees memory always may.
    [[nodiscard]] bool fits(const Item* old, const Item* fresh) const {
        const std::size_t after = bytes_ + sizeOf(fresh) - sizeOf(old);
        return after <= bytesMax_ || after <= bytes_;
    }
    /// `fresh` has taken the place of `old`.
    void changed(Place place, ItemPtr old, ItemPtr fresh) {
        bytes_ = bytes_ + sizeOf(fresh.get()) - sizeOf(old.get());
        if (inTransaction_) changes_.push_back({std::move(place), std::move(old), std::move(fresh)});
    }

    /// Changes are remembered from now on.
    void begin() {
        assert(!inTransaction_);
        inTransaction_ = true;
    }
    void commit() {
        changes_.clear();
        inTransaction_ = false;
    }
    /// `exchange(place, out, in)` is called for each change, newest first, to take `out` out and put `in` in.
    template <typename Exchange>
    void rollback(const Exchange& exchange) {
        for (auto at = changes_.rbegin(); at != changes_.rend(); ++at) {
            exchange(at->place, at->fresh, at->old);
            bytes_ = bytes_ + sizeOf(at->old.get()) - sizeOf(at->fresh.get());
        }
        commit();
    }
    [[nodiscard]] bool inTransaction() const { return inTransaction_; }
    /// Of the open transaction.
    [[nodiscard]] std::size_t changes() const { return changes_.size(); }
    /// Bytes of all items that are in. What only a copy of a tree still holds does not count.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
    struct Change {
        Place place;
        ItemPtr old;
        ItemPtr fresh;
    };
    static std::size_t sizeOf(const Item* item) { return item == nullptr ? 0 : item->memoryBytes(); }

    std::size_t bytesMax_;
    std::size_t bytes_ = 0;
    std::vector<Change> changes_;
    bool inTransaction_ = false;
};

}  // namespace tributary::engine
