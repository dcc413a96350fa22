// A support bundle unpacked for looking: its drawing and the journals of its runs, as a folder like a workspace's.
#pragma once

#include <cstddef>
#include <string>

#include "core/base/result.h"

namespace tributary::app {

/// What a bundle may hold at most; more is refused, since it comes from somebody else.
struct BundleLimits {
    std::size_t entriesMax = 4'000;
    std::size_t runsMax = 500;
    std::size_t fileBytesMax = std::size_t{64} * 1024 * 1024;
    std::size_t wholeBytesMax = std::size_t{256} * 1024 * 1024;
};

/// How many runs were unpacked.
struct UnpackedBundle {
    std::size_t runs = 0;
};

/// Writes topology.yaml and .tributary/runs/ID/journal.jsonl into `folder`, which must not exist and is made; of all
/// else in the bundle nothing is written. Blocks. Errors: Corrupt when it is no archive, or a damaged one; InvalidInput
/// when it is no support bundle, or larger than the limits; AlreadyExists; Io. After an error the folder is gone.
[[nodiscard]] Result<UnpackedBundle> unpackBundle(const std::string& file, const std::string& folder,
                                                  const BundleLimits& limits = {});

}  // namespace tributary::app
