// The hash index of a memtable generation, and its order.
#include "engine/storage/generation.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace tributary::engine {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kGroup = 16;  // operations whose slots are fetched together, to overlap the cache misses

/// Eight bytes of a key from `skip` on, as a number that orders like them; missing bytes count as 0.
std::uint64_t prefixOf(BytesView key, std::size_t skip) {
    std::uint64_t word = 0;
    if (key.size() > skip) std::memcpy(&word, key.data() + skip, std::min<std::size_t>(8, key.size() - skip));
    return __builtin_bswap64(word);
}

std::size_t commonPrefix(BytesView a, BytesView b, std::size_t most) {
    const std::size_t size = std::min({a.size(), b.size(), most});
    std::size_t same = 0;
    while (same < size && a[same] == b[same]) ++same;
    return same;
}

std::unique_lock<std::mutex> lockUnlessFrozen(std::mutex& mutex, bool frozen) {
    return frozen ? std::unique_lock<std::mutex>() : std::unique_lock<std::mutex>(mutex);
}

}  // namespace

Generation::Generation(std::shared_ptr<const RowFormat> format, MemoryPool& pool)
    : format_(std::move(format)), pool_(pool), slots_(kFirstSlots) {
    account();
}

Generation::~Generation() {
    pool_.give(bytes_);
}

std::uint64_t Generation::hashOf(BytesView key) {
    return XXH3_64bits(key.data(), key.size());
}

void Generation::account() {
    const std::size_t now = payloadBytes_ + ops_.capacity() * sizeof(Op) + slots_.size() * sizeof(Slot) +
                            entries_.size() * sizeof(EntryRef);
    pool_.take(now - bytes_);  // sizes never shrink
    bytes_ = now;
}

void Generation::append(EntryRef entry, std::uint32_t operations) {
    assert(!frozen());
    const std::lock_guard lock(mutex_);
    const char* at = entry.mutations.data();
    const char* end = at + entry.mutations.size();
    const auto index = static_cast<std::uint32_t>(entries_.size());
    lastLsn_ = entry.lsn;
    payloadBytes_ += entry.hold ? entry.hold->size() : entry.mutations.size();
    entries_.push_back(std::move(entry));
    while ((keyCount_ + operations) * 5 > slots_.size() * 3) growIndex();
    struct Pending {
        const char* at;
        BytesView key;
        std::uint64_t hash;
    };
    std::array<Pending, kGroup> group;
    while (at != end) {
        std::size_t count = 0;
        for (; count < kGroup && at != end; ++count) {
            const char* next = nullptr;
            const BytesView key = format_->keyAt(at, end, next);
            group[count] = {at, key, hashOf(key)};
            __builtin_prefetch(&slots_[static_cast<std::uint32_t>(group[count].hash) & (slots_.size() - 1)], 1);
            at = next;
        }
        for (std::size_t i = 0; i < count; ++i) insert(group[i].at, group[i].key, group[i].hash, index);
    }
    account();
}

void Generation::insert(const char* at, BytesView key, std::uint64_t hash, std::uint32_t entry) {
    const std::size_t mask = slots_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash);
    const auto op = static_cast<std::uint32_t>(ops_.size());
    for (std::size_t place = tag & mask;; place = (place + 1) & mask) {
        Slot& slot = slots_[place];
        if (slot.op == kNone) {
            slot = {tag, op};
            ops_.push_back({at, entry | kOpener, kNone});
            ++keyCount_;
            return;
        }
        if (slot.tag == tag && keyOf(slot.op) == key) {
            // Behind the opener, so that the opener stays the chain's head: the fold does not mind the order.
            ops_.push_back({at, entry, ops_[slot.op].next});
            ops_[slot.op].next = op;
            return;
        }
    }
}

void Generation::growIndex() {
    // A slot's place is the low bits of its tag, so that growing touches no keys.
    std::vector<Slot> bigger(slots_.size() * 2);
    const std::size_t mask = bigger.size() - 1;
    for (const Slot& slot : slots_) {
        if (slot.op == kNone) continue;
        std::size_t at = slot.tag & mask;
        while (bigger[at].op != kNone) at = (at + 1) & mask;
        bigger[at] = slot;
    }
    slots_ = std::move(bigger);
}

BytesView Generation::keyOf(std::uint32_t opener) const {
    const Op& op = ops_[opener];
    const BytesView list = entries_[op.entry & ~kOpener].mutations;
    const char* next = nullptr;
    return format_->keyAt(op.at, list.data() + list.size(), next);
}

std::uint32_t Generation::find(BytesView key, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = tag & mask; slots_[at].op != kNone; at = (at + 1) & mask) {
        if (slots_[at].tag == tag && keyOf(slots_[at].op) == key) return slots_[at].op;
    }
    return kNone;
}

void Generation::addChain(std::uint32_t opener, std::uint32_t entryLimit, RowFolder& folder) const {
    for (std::uint32_t op = opener; op != kNone; op = ops_[op].next) {
        const std::uint32_t entry = ops_[op].entry & ~kOpener;
        if (entry < entryLimit) folder.addOperation(ops_[op].at, entries_[entry]);
    }
}

bool Generation::collect(BytesView key, std::uint64_t hash, std::uint32_t entryLimit, RowFolder& folder) const {
    const auto lock = lockUnlessFrozen(mutex_, frozen());
    const std::uint32_t opener = find(key, hash);
    if (opener == kNone || (ops_[opener].entry & ~kOpener) >= entryLimit) return false;
    addChain(opener, entryLimit, folder);
    return true;
}

std::vector<BytesView> Generation::smallestKeys(BytesView from, BytesView to, std::size_t keysMax) const {
    std::vector<BytesView> keys;  // a heap with the largest on top, while the pass runs
    const auto lock = lockUnlessFrozen(mutex_, frozen());
    for (std::uint32_t op = 0; op < ops_.size(); ++op) {
        if ((ops_[op].entry & kOpener) == 0) continue;
        const BytesView key = keyOf(op);
        if (key < from || (!to.empty() && key >= to)) continue;
        if (keys.size() == keysMax) {
            if (key >= keys.front()) continue;
            std::pop_heap(keys.begin(), keys.end());
            keys.pop_back();
        }
        keys.push_back(key);
        std::push_heap(keys.begin(), keys.end());
    }
    std::sort_heap(keys.begin(), keys.end());
    return keys;
}

const std::vector<std::uint32_t>& Generation::sorted() const {
    assert(frozen());
    std::call_once(sortedOnce_, [this] { sort(); });
    return order_;
}

void Generation::sort() const {
    struct Item {
        std::uint64_t prefix;
        std::uint32_t op;
    };
    std::vector<Item> items;
    items.reserve(keyCount_);
    // Keys often begin alike ("user00..."): the prefix is taken behind what all of them share.
    std::size_t shared = SIZE_MAX;
    BytesView first;
    for (std::uint32_t op = 0; op < ops_.size(); ++op) {
        if ((ops_[op].entry & kOpener) == 0) continue;
        const BytesView key = keyOf(op);
        if (items.empty()) first = key;
        shared = commonPrefix(first, key, shared);
        items.push_back({0, op});
    }
    for (Item& item : items) item.prefix = prefixOf(keyOf(item.op), shared);
    const auto less = [this](const Item& a, const Item& b) {
        return a.prefix != b.prefix ? a.prefix < b.prefix : keyOf(a.op) < keyOf(b.op);
    };
    if (!std::is_sorted(items.begin(), items.end(), less)) std::sort(items.begin(), items.end(), less);
    order_.reserve(items.size());
    for (const Item& item : items) order_.push_back(item.op);
}

}  // namespace tributary::engine
