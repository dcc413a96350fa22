// Chunked reading and checking of groups.
#include "engine/log/groupreader.h"

namespace tributary::engine {

using namespace logformat;

Result<BytesView> GroupReader::view(std::uint64_t offset, std::size_t size) {
    if (offset >= end_) return BytesView{};
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, end_ - offset));
    const bool inside = offset >= bufferAt_ && offset + size <= bufferAt_ + buffer_.size();
    if (!inside) {
        const std::uint64_t wanted = std::min<std::uint64_t>(std::max(size, kChunkBytes), end_ - offset);
        auto chunk = file_.read(offset, static_cast<std::size_t>(wanted));
        if (!chunk) return chunk.error();
        buffer_ = std::move(chunk).value();
        bufferAt_ = offset;
    }
    return BytesView(buffer_).substr(static_cast<std::size_t>(offset - bufferAt_), size);
}

Result<bool> GroupReader::next(ReadGroup& group) {
    auto head = view(offset_, kGroupHeaderBytes);
    if (!head) return head.error();
    const auto decoded = decodeGroupHeader(seed_, *head);
    if (!decoded || offset_ + decoded->header.bytes > end_) return false;
    auto whole = view(offset_, decoded->header.bytes);
    if (!whole) return whole.error();
    if (whole->size() != decoded->header.bytes || !parse(*whole, *decoded, group)) return false;
    group.offset = offset_;
    offset_ += decoded->header.bytes;
    return true;
}

bool GroupReader::parse(BytesView raw, const DecodedGroup& decoded, ReadGroup& group) const {
    group.header = decoded.header;
    group.entries.clear();
    group.entries.reserve(decoded.header.entries);  // bounded: the header's checksum and sizes were checked
    raw.remove_prefix(kGroupHeaderBytes);
    std::uint32_t headsCrc = seed_;
    for (std::uint32_t i = 0; i < decoded.header.entries; ++i) {
        const auto head = decodeEntryHead(raw);
        if (!head || raw.size() - kEntryHeadBytes < head->payloadBytes) return false;
        const BytesView payload = raw.substr(kEntryHeadBytes, head->payloadBytes);
        if (!checkEntry(seed_, raw, payload)) return false;
        headsCrc = headsChecksum(raw.substr(0, kEntryHeadBytes), headsCrc);
        group.entries.push_back({*head, payload});
        raw.remove_prefix(kEntryHeadBytes + head->payloadBytes);
    }
    return raw.empty() && headsCrc == decoded.headsCrc;
}

}  // namespace tributary::engine
