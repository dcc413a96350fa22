// CRC32C (Castagnoli), the checksum of every frame and log record; computed by ISA-L.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace tributary {

/// CRC32C of `data`, seeded: pass the crc of what came before to continue it, or a segment id to bind it to a place.
[[nodiscard]] std::uint32_t crc32c(BytesView data, std::uint32_t seed = 0);

}  // namespace tributary
