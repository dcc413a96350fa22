// Framing. The buffer is compacted only when more than half of it is consumed, so that draining stays linear.
#include "engine/wire/frames.h"

#include <fmt/format.h>

#include "core/base/crc32c.h"

namespace tributary::engine {

Bytes encodeFrame(FrameType type, BytesView body) {
    Bytes out;
    out.reserve(kFrameHeaderBytes + body.size() + kMacBytes);
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

Error FrameReader::fail(std::string what) {
    failed_ = true;
    return Error{ErrorCode::Corrupt, std::move(what), {}, {}};
}

Result<std::optional<Frame>> FrameReader::next() {
    if (failed_) return fail("stream failed earlier");
    const BytesView rest = BytesView(buffer_).substr(consumed_);
    if (rest.size() < 8) return std::optional<Frame>{};
    ByteReader reader(rest);
    const auto length = reader.fixed<std::uint32_t>();
    const auto crc = reader.fixed<std::uint32_t>();
    if (length == 0 || length > frameBytesMax_) {
        return fail(fmt::format("the peer announced a frame of {} bytes; at most {} are accepted here", length,
                                frameBytesMax_));
    }
    const std::size_t size = 8 + std::size_t{length};
    const std::size_t macBytes = mac_ || passOver_ ? kMacBytes : 0;
    if (rest.size() < size + macBytes) return std::optional<Frame>{};
    const BytesView content = rest.substr(8, length);
    if (crc32c(content) != crc) return fail("a frame's checksum is wrong");
    if (mac_ && !mac_->check(rest.substr(0, size), rest.substr(size, macBytes))) {
        return fail("a frame's MAC is wrong: it was not sent by who proved to be the peer, or not in this place");
    }
    consumed_ += size + macBytes;
    return std::optional<Frame>(Frame{static_cast<FrameType>(content[0]), content.substr(1)});
}

Error malformedFrame(std::string_view what) {
    return Error{ErrorCode::Corrupt, fmt::format("malformed {} frame", what), {}, {}};
}

}  // namespace tributary::engine
