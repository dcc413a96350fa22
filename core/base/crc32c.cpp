// Calls ISA-L, whose interface is neither const-correct nor 64-bit.
#include "core/base/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace tributary {

std::uint32_t crc32c(BytesView data, std::uint32_t seed) {
    constexpr std::size_t kChunkBytes = 1U << 30U;
    std::uint32_t crc = ~seed;
    while (!data.empty()) {
        const std::size_t size = std::min(data.size(), kChunkBytes);
        // ISA-L only reads the buffer although its parameter is not const.
        auto* raw = reinterpret_cast<unsigned char*>(const_cast<char*>(data.data()));
        crc = crc32_iscsi(raw, static_cast<int>(size), crc);
        data.remove_prefix(size);
    }
    return ~crc;
}

}  // namespace tributary
