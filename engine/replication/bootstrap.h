// The receiving end of a first copy: who copies into a dataset now.
#pragma once

#include <cstdint>
#include <map>

namespace tributary::engine {

/// Copy sessions of one dataset, by control connection. While one is open, tombstones are kept: a row deleted meanwhile
/// must not come back with the copy.
class Bootstrap {
public:
    void begin(std::uint64_t session) { ++open_[session]; }
    void end(std::uint64_t session) {
        const auto at = open_.find(session);
        if (at != open_.end() && --at->second <= 0) open_.erase(at);
    }
    /// The connection is gone: so are its sessions. True when it had any.
    bool forget(std::uint64_t session) { return open_.erase(session) != 0; }
    [[nodiscard]] bool running() const { return !open_.empty(); }

private:
    std::map<std::uint64_t, int> open_;
};

}  // namespace tributary::engine
