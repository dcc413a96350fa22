// Who waits until the log is synced to a position.
#pragma once

#include <functional>
#include <map>

#include "core/base/result.h"
#include "engine/log/lsn.h"

namespace tributary::engine {

/// Calls back in the order of positions. Executor's thread only.
class DurableWaiters {
public:
    using Done = std::function<void(const Status&)>;

    void add(Lsn lsn, Done done) { waiting_.emplace(lsn, std::move(done)); }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    /// The log is synced to `lsn`.
    void release(Lsn lsn);
    /// Nothing from `fromLsn` on was logged. A refused lsn will be given again: nobody may take the newcomer for what
    /// he waited for.
    void fail(Lsn fromLsn, const Status& status);

private:
    std::multimap<Lsn, Done> waiting_;
};

}  // namespace tributary::engine
