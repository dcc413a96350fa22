// The key of a door, in a file of its owner's: whoever speaks there proves to know it.
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::app {

/// The key in the file `path`. Errors: NotFound; PermissionDenied when others can read it, or this user cannot; Corrupt
/// when it is too short; Io.
[[nodiscard]] Result<Bytes> readDoorKey(const std::string& path);

/// The same, and makes it (0600, 256 random bits in hexadecimal digits) when there is none, with its folder. Of two
/// processes that make it at a time both get that of the first. Errors: as above, but NotFound.
[[nodiscard]] Result<Bytes> makeDoorKey(const std::string& path);

}  // namespace tributary::app
