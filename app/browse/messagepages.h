// Messages of several partitions as one page: by time, and inside a partition by offset.
#pragma once

#include <functional>

#include "app/adapters/streamdata.h"
#include "app/systems/databrowser.h"

namespace tributary::app {

/// Reads up to so many messages of a partition from an offset on.
using ReadMessages =
    std::function<Result<ReadPage>(std::uint32_t partition, std::uint64_t offset, std::uint64_t messages)>;

/// One page in the order that `request` asks for. `from` is an offset, of each partition. A partition whose oldest
/// messages are gone begins at the oldest that is there. Errors: InvalidInput (`from` is no offset), Corrupt (`after`
/// is of no page), those of `read`.
[[nodiscard]] Result<BrowsePage> readMessagePage(const std::vector<PartitionShown>& partitions,
                                                 const BrowseRequest& request, const ReadMessages& read);

/// A whole number without sign, of digits alone.
[[nodiscard]] std::optional<std::uint64_t> parseWhole(const std::string& text);

}  // namespace tributary::app
