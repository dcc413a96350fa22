// Messages between a program and the process of its scripts: bytes behind a length of four bytes, over pipes that
// block.
#pragma once

#include <cstddef>
#include <optional>

#include "core/base/bytes.h"

namespace tributary::app {

/// All of it; false when the other end is gone.
[[nodiscard]] bool writePipe(int fd, BytesView bytes);
/// Exactly `size` bytes; false when the other end is gone before.
[[nodiscard]] bool readPipe(int fd, char* into, std::size_t size);

/// Writes one message; false when the other end is gone.
[[nodiscard]] bool writeMessage(int fd, BytesView message);
/// Reads one; nothing when the other end is gone, or announces more than `bytesMax`.
[[nodiscard]] std::optional<Bytes> readMessage(int fd, std::size_t bytesMax);

}  // namespace tributary::app
