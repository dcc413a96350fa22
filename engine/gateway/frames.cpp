// Framing. The buffer is compacted only when more than half of it is consumed, so that draining stays linear.
#include "engine/gateway/frames.h"

#include <fmt/format.h>

#include "core/base/crc32c.h"

namespace tributary::engine {

Bytes encodeFrame(FrameType type, BytesView body) {
    Bytes out;
    out.reserve(kFrameHeaderBytes + body.size());
    appendFixed<std::uint32_t>(out, static_cast<std::uint32_t>(body.size() + 1));
    appendFixed<std::uint32_t>(out, 0);
    out.push_back(static_cast<char>(type));
    out.append(body);
    const std::uint32_t crc = crc32c(BytesView(out).substr(8));
    std::memcpy(out.data() + 4, &crc, sizeof(crc));
    return out;
}

void FrameReader::feed(BytesView bytes) {
    if (failed_) return;
    if (consumed_ == buffer_.size()) {
        buffer_.clear();
        consumed_ = 0;
    } else if (consumed_ > buffer_.size() / 2) {
        buffer_.erase(0, consumed_);
        consumed_ = 0;
    }
    buffer_.append(bytes);
}

Result<std::optional<Frame>> FrameReader::next() {
    if (failed_) return Error{ErrorCode::Corrupt, "stream failed earlier", {}, {}};
    const BytesView rest = BytesView(buffer_).substr(consumed_);
    if (rest.size() < 8) return std::optional<Frame>{};
    ByteReader reader(rest);
    const auto length = reader.fixed<std::uint32_t>();
    const auto crc = reader.fixed<std::uint32_t>();
    if (length == 0 || length > frameBytesMax_) {
        failed_ = true;
        return Error{
            ErrorCode::Corrupt,
            fmt::format("the peer announced a frame of {} bytes; at most {} are accepted here", length, frameBytesMax_),
            {},
            {}};
    }
    if (rest.size() < 8 + std::size_t{length}) return std::optional<Frame>{};
    const BytesView content = rest.substr(8, length);
    if (crc32c(content) != crc) {
        failed_ = true;
        return Error{ErrorCode::Corrupt, "a frame's checksum is wrong", {}, {}};
    }
    consumed_ += 8 + std::size_t{length};
    return std::optional<Frame>(Frame{static_cast<FrameType>(content[0]), content.substr(1)});
}

}  // namespace tributary::engine
