// Rows as the log of an instance holds them: slices of its entries, with their headers.
#pragma once

#include "engine/log/commitlog.h"
#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

struct LoggedRow {
    PacketHeader header;
    BytesView bytes;  ///< header and body as encoded; borrowed from the entry
};

/// Walks over the rows of one entry; none for entries of other datasets, and for those that hold no rows. The entry
/// outlives it.
class LoggedRows {
public:
    LoggedRows(const LogEntry& entry, std::uint32_t datasetId);

    /// False behind the last row, and at damage.
    bool next(LoggedRow& row);
    [[nodiscard]] bool ok() const { return isOk_; }

private:
    ByteReader rows_{BytesView()};
    bool isOk_ = true;
};

/// Whether a row has a number of an instance, by which others know it: neither a row of a picture nor a local one.
[[nodiscard]] bool isNumbered(const PacketHeader& header);

}  // namespace tributary::engine::tarantool
