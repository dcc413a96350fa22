// Entries between log and state.
#include "engine/node/pendingentries.h"

#include <algorithm>
#include <cassert>

namespace tributary::engine {

void PendingEntries::add(EntryRef entry) {
    assert(entries_.empty() || entries_.back().lsn < entry.lsn);
    const EntryRef& kept = entries_.emplace_back(std::move(entry));
    bytes_ += kept.mutations.size();
    const char* at = kept.mutations.data();
    const char* end = at + kept.mutations.size();
    while (at != end) {
        const char* next = nullptr;
        const BytesView key = format_->keyAt(at, end, next);
        byKey_.emplace(Bytes(key), Place{&kept, at});
        at = next;
    }
}

void PendingEntries::forget(const EntryRef& entry) {
    bytes_ -= entry.mutations.size();
    const char* at = entry.mutations.data();
    const char* end = at + entry.mutations.size();
    while (at != end) {
        const char* next = nullptr;
        const auto [from, to] = byKey_.equal_range(format_->keyAt(at, end, next));
        const auto place = std::find_if(from, to, [&](const auto& item) { return item.second.at == at; });
        assert(place != to);
        byKey_.erase(place);
        at = next;
    }
}

void PendingEntries::published(Lsn lsn) {
    if (entries_.empty() || entries_.front().lsn != lsn) return;
    forget(entries_.front());
    entries_.pop_front();
}

void PendingEntries::refused(const Bytes* stored) {
    const auto is = [stored](const EntryRef& entry) { return entry.hold.get() == stored; };
    const auto at = std::find_if(entries_.begin(), entries_.end(), is);
    if (at == entries_.end()) return;  // it went with one that it was decided on
    for (auto left = std::distance(at, entries_.end()); left > 0; --left) {
        forget(entries_.back());
        entries_.pop_back();
    }
}

bool PendingEntries::collect(BytesView key, RowFolder& folder) const {
    const auto [from, to] = byKey_.equal_range(key);
    for (auto at = from; at != to; ++at) folder.addOperation(at->second.at, *at->second.entry);
    return from != to;
}

std::size_t JoinedView::bytesLeft() const {
    const std::size_t left = state_.bytesLeft();
    return left == SIZE_MAX ? left : left - std::min(left, pending_.bytes());
}

Result<std::optional<Bytes>> JoinedView::get(BytesView key) {
    if (view_ == nullptr) {
        auto opened = state_.view(false);
        if (!opened) return opened.error();
        view_ = std::move(opened).value();
        folder_ = format_.makeFolder();
        folder_->setContext(context_);
    }
    auto stored = view_->get(key);
    if (!stored) return stored.error();
    folder_->reset();
    if (!pending_.collect(key, *folder_)) return stored;
    if (stored.value() && !folder_->addRecord(*stored.value())) {
        return Error{ErrorCode::Corrupt, "the stored record of a row is damaged", {}, {}};
    }
    const BytesView folded = folder_->finish(FoldMode::Keep);
    return folded.empty() ? std::optional<Bytes>() : std::optional(Bytes(folded));
}

}  // namespace tributary::engine
