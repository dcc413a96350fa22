// Replication as a host sees it: made with the host, told what happens, asked what it needs.
#pragma once

#include <functional>
#include <limits>

#include "core/base/result.h"
#include "engine/log/lsn.h"

namespace tributary::engine::voltdb {

/// Executor's thread only.
class DrSide {
public:
    virtual ~DrSide() = default;
    using Begun = std::function<void(const Status&)>;
    /// The host has its database and answers calls. `begun` is called once, now or later. Errors: the host must not run
    /// this way: nobody could reach it, or what is known of other clusters cannot be read (clients would write into a
    /// replica, and replication begin anew, without a word). Other troubles are told by statistics and the log.
    virtual void begun(Begun begun) = 0;
    /// As ControlKind::logPublished(), logSynced() and neededFrom().
    virtual void logPublished() = 0;
    virtual void logSynced() = 0;
    [[nodiscard]] virtual Lsn neededFrom() { return std::numeric_limits<Lsn>::max(); }
    /// DDL was run: VoltControl::schema() is another one.
    virtual void schemaChanged() = 0;
    /// @Quiesce, and a pause: what waits for the flush interval goes now.
    virtual void flush() {}
};

}  // namespace tributary::engine::voltdb
