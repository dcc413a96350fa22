// One memtable generation: references to payloads, a hash index over their keys, and an order once it is frozen.
//
// A row operation costs 16 bytes plus 8-16 of index; its bytes stay in the payload that log and shipper share. Each key
// has a chain: the opener (its first operation here) is in the hash table, later operations hang behind it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/storage/memorypool.h"
#include "engine/storage/rowformat.h"

namespace tributary::engine {

/// Written by the executor until freeze(), read by any thread at any time. While it is active, reads take a mutex that
/// the writer takes once per entry; afterwards there is no lock.
class Generation {
public:
    Generation(std::shared_ptr<const RowFormat> format, MemoryPool& pool);
    ~Generation();
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    /// Executor only, ascending lsn; the entry's mutations were checked and hold `operations` row operations.
    void append(EntryRef entry, std::uint32_t operations);
    /// Executor only: nothing is appended from now on.
    void freeze() { frozen_.store(true, std::memory_order_release); }
    [[nodiscard]] bool frozen() const { return frozen_.load(std::memory_order_acquire); }

    // The next six: executor's thread, or any once frozen.
    [[nodiscard]] bool empty() const { return ops_.empty(); }
    [[nodiscard]] Lsn lastLsn() const { return lastLsn_; }
    [[nodiscard]] std::uint64_t rows() const { return keyCount_; }  ///< distinct keys
    [[nodiscard]] std::size_t operations() const { return ops_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    /// Entries so far: a reader that passes it as `entryLimit` sees only these.
    [[nodiscard]] std::uint32_t entryCount() const { return static_cast<std::uint32_t>(entries_.size()); }

    [[nodiscard]] static std::uint64_t hashOf(BytesView key);
    /// Adds the key's operations of the first `entryLimit` entries to the folder. True when there was one.
    bool collect(BytesView key, std::uint64_t hash, std::uint32_t entryLimit, RowFolder& folder) const;
    /// The smallest keys in [from, to) (empty `to` = no end), ascending, at most `keysMax`; for an unsorted generation.
    /// One pass over all keys. Views live as long as the generation.
    [[nodiscard]] std::vector<BytesView> smallestKeys(BytesView from, BytesView to, std::size_t keysMax) const;

    /// Frozen only: openers in ascending order of their keys; sorted by the first caller, others wait.
    [[nodiscard]] const std::vector<std::uint32_t>& sorted() const;
    [[nodiscard]] BytesView keyOf(std::uint32_t opener) const;
    /// Adds the whole chain of an opener. Frozen only.
    void collectChain(std::uint32_t opener, RowFolder& folder) const { addChain(opener, UINT32_MAX, folder); }
    /// Pulls what collectChain(opener) will need towards the cache: first the operation, later its bytes.
    void prefetchOp(std::uint32_t opener) const { __builtin_prefetch(&ops_[opener]); }
    void prefetchBytes(std::uint32_t opener) const {
        __builtin_prefetch(ops_[opener].at);
        __builtin_prefetch(ops_[opener].at + 64);
    }

private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    static constexpr std::uint32_t kOpener = 1U << 31U;

    struct Op {
        const char* at;       // in the payload
        std::uint32_t entry;  // index into entries_; top bit: first of its key
        std::uint32_t next;   // chain
    };
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t op = kNone;
    };

    void insert(const char* at, BytesView key, std::uint64_t hash, std::uint32_t entry);
    [[nodiscard]] std::uint32_t find(BytesView key, std::uint64_t hash) const;
    void addChain(std::uint32_t opener, std::uint32_t entryLimit, RowFolder& folder) const;
    void growIndex();
    void account();
    void sort() const;

    std::shared_ptr<const RowFormat> format_;
    MemoryPool& pool_;
    std::vector<EntryRef> entries_;
    std::vector<Op> ops_;
    std::vector<Slot> slots_;  // power of two
    std::uint64_t keyCount_ = 0;
    Lsn lastLsn_ = 0;
    std::size_t payloadBytes_ = 0;
    std::size_t bytes_ = 0;
    std::atomic<bool> frozen_{false};
    mutable std::mutex mutex_;  // guards everything above between the writer and readers until frozen
    mutable std::once_flag sortedOnce_;
    mutable std::vector<std::uint32_t> order_;
};

}  // namespace tributary::engine
