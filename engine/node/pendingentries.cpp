// Entries between log and state.
#include "engine/node/pendingentries.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace tributary::engine {
namespace {

constexpr std::size_t kScanRows = 256;
constexpr std::size_t kScanBytes = 1U << 20U;

}  // namespace

void PendingEntries::add(EntryRef entry) {
    assert(entries_.empty() || entries_.back().entry.lsn < entry.lsn);
    Kept& kept = entries_.emplace_back(Kept{std::move(entry), {}});
    const BytesView mutations = kept.entry.mutations;
    bytes_ += mutations.size();
    const char* at = mutations.data();
    const char* end = at + mutations.size();
    // Keys of an entry mostly ascend: the place behind the last one is tried first. An equal key stands in front of it
    // where it is the older.
    auto hint = byKey_.end();
    while (at != end) {
        const char* next = nullptr;
        const BytesView key = format_->keyAt(at, end, next);
        const bool isBefore = hint == byKey_.end() || key < hint->first;
        const bool isBehind = hint == byKey_.begin() || std::prev(hint)->first <= key;
        const Place place{&kept.entry, at};
        kept.places.push_back(isBefore && isBehind ? byKey_.emplace_hint(hint, key, place)
                                                   : byKey_.emplace(key, place));
        hint = std::next(kept.places.back());
        at = next;
    }
}

void PendingEntries::forget(const Kept& kept) {
    bytes_ -= kept.entry.mutations.size();
    for (const auto& place : kept.places) byKey_.erase(place);
}

void PendingEntries::published(Lsn lsn) {
    if (entries_.empty() || entries_.front().entry.lsn != lsn) return;
    forget(entries_.front());
    entries_.pop_front();
}

void PendingEntries::refused(const Bytes* stored) {
    const auto is = [stored](const Kept& kept) { return kept.entry.hold.get() == stored; };
    const auto at = std::find_if(entries_.begin(), entries_.end(), is);
    if (at == entries_.end()) return;  // it went with one that it was decided on
    for (auto left = std::distance(at, entries_.end()); left > 0; --left) {
        forget(entries_.back());
        entries_.pop_back();
    }
}

bool PendingEntries::collect(BytesView key, RowFolder& folder) const {
    const auto [from, to] = byKey_.equal_range(key);
    if (from == to) return false;
    // A record that every entry changes has as many operations as entries are pending.
    for (auto at = format_->newestIsAll() ? std::prev(to) : from; at != to; ++at)
        folder.addOperation(at->second.at, *at->second.entry);
    return true;
}

std::optional<BytesView> PendingEntries::firstKey(BytesView from, BytesView to) const {
    const auto at = byKey_.lower_bound(from);
    if (at == byKey_.end() || (!to.empty() && at->first >= to)) return std::nullopt;
    return at->first;
}

std::size_t JoinedView::bytesLeft() const {
    const std::size_t left = state_.bytesLeft();
    return left == SIZE_MAX ? left : left - std::min(left, pending_.bytes());
}

Status JoinedView::open() {
    if (view_ != nullptr) return okStatus();
    auto opened = state_.view(false);
    if (!opened) return opened.error();
    view_ = std::move(opened).value();
    folder_ = format_.makeFolder();
    folder_->setContext(context_);
    return okStatus();
}

Result<std::optional<Bytes>> JoinedView::joined(BytesView key, const std::optional<BytesView>& stored) {
    folder_->reset();
    if (!pending_.collect(key, *folder_)) return stored ? std::optional(Bytes(*stored)) : std::optional<Bytes>();
    if (stored && !folder_->addRecord(*stored)) {
        return Error{ErrorCode::Corrupt, "the stored record of a row is damaged", {}, {}};
    }
    const BytesView folded = folder_->finish(FoldMode::Keep);
    return folded.empty() ? std::optional<Bytes>() : std::optional(Bytes(folded));
}

Result<std::optional<Bytes>> JoinedView::get(BytesView key) {
    if (Status opened = open(); !opened) return opened.error();
    auto stored = view_->get(key);
    if (!stored) return stored.error();
    return joined(key, stored.value() ? std::optional<BytesView>(*stored.value()) : std::nullopt);
}

Result<bool> JoinedView::merge(const std::vector<StoredRow>& rows, BytesView from, BytesView to, const Visit& visit) {
    auto row = rows.begin();
    std::optional<BytesView> waiting = pending_.firstKey(from, to);
    while (row != rows.end() || waiting) {
        const bool isStored = row != rows.end() && (!waiting || BytesView(row->key) <= *waiting);
        const Bytes key(isStored ? BytesView(row->key) : *waiting);
        const auto record = joined(key, isStored ? std::optional<BytesView>(row->record) : std::nullopt);
        if (!record) return record.error();
        if (record.value() && !visit(key, *record.value())) return false;
        if (isStored) ++row;
        if (waiting && *waiting == key) waiting = pending_.firstKey(key + '\0', to);
    }
    return true;
}

Status JoinedView::scan(BytesView from, BytesView to, const Visit& visit) {
    if (Status opened = open(); !opened) return opened;
    Bytes next(from);
    while (true) {
        const auto chunk = view_->scan(next, to, kScanRows, kScanBytes);
        if (!chunk) return chunk.error();
        const bool atEnd = chunk.value().atEnd || chunk.value().rows.empty();
        const Bytes end = atEnd ? Bytes(to) : chunk.value().rows.back().key + '\0';
        const auto going = merge(chunk.value().rows, next, end, visit);
        if (!going) return going.error();
        if (!going.value() || atEnd) return okStatus();
        next = end;
    }
}

}  // namespace tributary::engine
