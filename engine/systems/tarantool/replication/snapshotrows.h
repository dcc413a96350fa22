// A picture of an instance's state as the packets that give it to a new replica.
#pragma once

#include <memory>

#include "engine/storage/stateunit.h"
#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// Tuples by space id and primary key: system spaces come first, and among them the spaces before their indexes, so
/// that a replica can make of each row what it says. What stays on one instance (local spaces) or in its memory
/// (temporary ones) is left out.
class SnapshotRows {
public:
    /// `sync` is that of the request.
    SnapshotRows(std::unique_ptr<StateView> view, std::uint64_t sync);

    /// How far the picture is. Errors: Io, Corrupt.
    [[nodiscard]] Result<Vclock> clock() const;
    /// The last entry of the log that is in it.
    [[nodiscard]] Lsn position() const { return view_->position(); }
    /// Appends packets of about `bytesMax` bytes; false when there are no more. Errors: Io, Corrupt.
    Result<bool> next(Bytes& out, std::size_t bytesMax);

private:
    /// To the next space that is sent; false behind the last.
    Result<bool> openNextSpace();
    void appendPacket(Bytes& out, BytesView tuple);

    std::unique_ptr<StateView> view_;
    Bytes header_;
    Bytes planFrom_;  ///< where the next space is looked for
    std::uint32_t space_ = 0;
    Bytes from_;  ///< the next row of `space_`; empty = none is open
    Bytes to_;
    Bytes scratch_;
};

}  // namespace tributary::engine::tarantool
