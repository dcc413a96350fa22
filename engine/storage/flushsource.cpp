// Merging frozen generations by key for a flush.
#include "engine/storage/flushsource.h"

#include <fmt/format.h>
#include <algorithm>

namespace tributary::engine {
namespace {

constexpr std::size_t kFetchOps = 16;   // rows ahead whose operations are pulled towards the cache
constexpr std::size_t kFetchBytes = 8;  // rows ahead whose payload bytes are

}  // namespace

FlushSource::FlushSource(const RowFormat& format) : rows_(format.makeFolder()), merges_(format.makeFolder()) {}

void FlushSource::begin(std::vector<std::shared_ptr<const Generation>> generations, const FoldContext& context) {
    rows_->setContext(context);
    merges_->setContext(context);
    cursors_.clear();
    for (auto& generation : generations) {
        const auto* order = &generation->sorted();
        cursors_.push_back({std::move(generation), order, 0, {}});
    }
}

void FlushSource::end() {
    cursors_.clear();
    atEnd_ = true;
}

void FlushSource::load(Cursor& cursor) const {
    const auto& order = *cursor.order;
    if (cursor.at + kFetchOps < order.size()) cursor.generation->prefetchOp(order[cursor.at + kFetchOps]);
    if (cursor.at + kFetchBytes < order.size()) cursor.generation->prefetchBytes(order[cursor.at + kFetchBytes]);
    cursor.key = cursor.generation->keyOf(order[cursor.at]);
}

void FlushSource::advance(Cursor& cursor) const {
    if (++cursor.at < cursor.order->size()) load(cursor);
}

void FlushSource::rewind() {
    for (Cursor& cursor : cursors_) {
        cursor.at = 0;
        if (!cursor.order->empty()) load(cursor);
    }
    rowsOut_ = 0;
    rowsMerged_ = 0;
    touchUps_.clear();
    purgePending_ = false;
    atEnd_ = false;
    next();
}

void FlushSource::next() {
    if (purgePending_) touchUps_.emplace_back(key_);
    purgePending_ = false;
    while (foldNext()) {
        if (value_.empty()) continue;
        purgePending_ = rows_->hasPurgeable();
        ++rowsOut_;
        return;
    }
    atEnd_ = true;
}

bool FlushSource::foldNext() {
    const Cursor* least = nullptr;
    for (const Cursor& cursor : cursors_) {
        if (cursor.at < cursor.order->size() && (least == nullptr || cursor.key < least->key)) least = &cursor;
    }
    if (least == nullptr) return false;
    key_ = least->key;
    rows_->reset();
    for (Cursor& cursor : cursors_) {
        if (cursor.at >= cursor.order->size() || cursor.key != key_) continue;
        cursor.generation->collectChain((*cursor.order)[cursor.at], *rows_);
        advance(cursor);
    }
    value_ = rows_->finish(FoldMode::Keep);
    return true;
}

Result<BytesView> FlushSource::merge(BytesView key, BytesView stored, BytesView incoming) {
    merges_->reset();
    if (!merges_->addRecord(stored) || !merges_->addRecord(incoming)) {
        return Error{ErrorCode::Corrupt,
                     fmt::format("the stored record of a row with a {}-byte key is damaged", key.size()),
                     {},
                     "move the file away and copy the dataset anew from a replica"};
    }
    const BytesView merged = merges_->finish(FoldMode::Purge);
    if (!incoming.empty()) {
        ++rowsMerged_;
        purgePending_ = false;
        if (merged.empty()) touchUps_.emplace_back(key);
    }
    return merged;
}

}  // namespace tributary::engine
