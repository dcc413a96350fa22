// What runbooks, the console and the shell look at and act on, of clusters of VoltDB.
#pragma once

#include <string>
#include <vector>

#include "app/databases/databaselook.h"
#include "app/databases/hostprocess.h"
#include "app/instanceruns/instanceworld.h"
#include "engine/systems/voltdb/data/resulttable.h"

namespace tributary::app {

using ResultTables = std::vector<engine::voltdb::ResultTable>;

/// All calls block; one thread at a time.
class DatabaseWorld {
public:
    virtual ~DatabaseWorld() = default;
    /// As findHosts() and hostsMeant().
    virtual Result<std::vector<HostPlace>> hosts(const std::string& word) = 0;
    virtual Result<std::vector<HostPlace>> meant(const std::string& word) = 0;
    /// Where a folder of a line is: relative ones stand in the environment.
    virtual std::string folder(const std::string& dir) = 0;
    virtual Result<HostSeen> seen(const HostPlace& place) = 0;
    virtual Result<HostSetup> setup(const HostPlace& place) = 0;
    /// A procedure at the first host that answers. Errors: Unavailable, Timeout; Conflict with the words of a refusal.
    virtual Result<ResultTables> ask(const std::vector<HostPlace>& places, const std::string& procedure,
                                     const std::vector<std::string>& arguments) = 0;
    /// Asks a host to end, and waits; `isForced`: one that goes on is ended at once, and what was acknowledged stays.
    virtual Status stop(const HostPlace& place, bool isForced) = 0;
    /// Runs `tributary WORDS...` in the environment. Errors: Timeout (it was ended), Io.
    virtual Result<ToolAnswer> tool(const std::vector<std::string>& words, Millis timeoutMs) = 0;
    /// Lets time pass; false: somebody wants to stop.
    virtual bool pass(Millis ms) = 0;
    virtual Millis steadyMs() = 0;
};

/// The one table that is expected. Errors: Corrupt when there is none.
[[nodiscard]] Result<NamedRows> askRows(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                        const std::string& procedure, const std::vector<std::string>& arguments);

/// The id in a cluster's deployment file: also of one that does not run. Errors: of the world; NotFound without one.
[[nodiscard]] Result<std::int64_t> idOf(DatabaseWorld& world, const std::string& cluster);

/// What a producer still holds for its consumers.
struct Undrained {
    std::vector<std::string> open;  ///< a line per partition that waits; empty: all is acknowledged
    bool hasRemote = true;          ///< false: it shows no partition for that cluster, which is not "acknowledged"
};

/// For one cluster, or for all when `remote` is absent. Errors: of the world; Unavailable also for a partition that
/// does not tell how far it is.
[[nodiscard]] Result<Undrained> undrained(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                          std::optional<std::int64_t> remote);

}  // namespace tributary::app
