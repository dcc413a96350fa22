// The doors of a cluster, dialled in turn: whichever end of a link dials holds one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/replication/linkconfig.h"
#include "engine/seams/seams.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// What was dialled last. Nothing was heard yet.
struct DialledDoor {
    std::string host;  ///< for people
    Wire wire;
    std::unique_ptr<Connection> connection;  ///< without handlers
};

/// Executor's thread only. Round-robin, across sessions.
class LinkRoute {
public:
    LinkRoute(Seams& seams, const LinkConfig& config) : seams_(seams), config_(config) {}

    /// From here on each door of `cluster` is dialled once. `gateways`: their names, empty = those as drawn. False when
    /// none is known: failure() says so. `encrypted`: doors that speak no TLS are none.
    bool begin(const std::string& cluster, const std::vector<std::string>& gateways, bool encrypted = false);
    [[nodiscard]] bool exhausted() const { return tried_ == endpoints_.size(); }
    /// Why nobody was reached: code in `where`.
    [[nodiscard]] Error failure() const;
    /// Dials the next one. Not when exhausted. Errors: no key of that cluster (code in `where`).
    Result<DialledDoor> dial(ConnectionClass kind = ConnectionClass::Data);
    /// What answered proved nothing: it is passed over like a closed port.
    void unproven(const Error& why);
    /// Whether why a connection came to nothing is more than that nobody answered.
    [[nodiscard]] static bool tells(const Error& error) {
        return error.code != ErrorCode::Unavailable && error.code != ErrorCode::Timeout && !error.what.empty();
    }
    /// What somebody says who has proved nothing, as an error: a text, bounded, and no more.
    [[nodiscard]] static Error strangersRefusal(const std::string& place, BytesView body);
    /// The door saw newer sessions. True when it is to be asked again, since the next greeting names a newer one: once.
    bool again();

private:
    Seams& seams_;
    const LinkConfig& config_;
    std::string cluster_;
    std::vector<Endpoint> endpoints_;
    std::size_t next_ = 0;
    std::size_t tried_ = 0;
    Error unproven_;  ///< why the last one that answered is no gateway of the cluster; no text = none was
    bool encrypted_ = false;
    bool fenced_ = false;  ///< told of a newer epoch since begin()
};

}  // namespace tributary::engine
