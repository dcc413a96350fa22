// Clusters whose members are processes of their own: what up, down and status ask of such a system.
//
// The clusters of other systems live in the workspace's daemon (app/daemon). A system with processes of its own has one
// object behind this interface, in a table of its own (membersystems.cpp); nobody else asks which system it is.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/workspace/workspace.h"
#include "engine/node/volumeshape.h"

namespace tributary::app {

/// What a member warns of by itself.
struct MemberAlert {
    std::string type;  ///< warn, error
    std::string message;
    Millis sinceMs = 0;  ///< 0: it does not tell
    friend bool operator==(const MemberAlert&, const MemberAlert&) = default;
};

/// One member as it was seen. What is not known is absent or empty.
struct MemberLook {
    std::string name;   ///< "instance001"
    bool drawn = true;  ///< false: it is configured, or runs, and the drawing has no such member
    /// down (no process), killed (its process ended and nobody had stopped it), ? (a process that does not answer), or
    /// what it says of itself: running, loading, orphan, ...
    std::string state;
    std::string reason;  ///< of a state that is not running
    std::string fix;     ///< what to try about it; may be empty
    std::int64_t pid = 0;
    std::optional<bool> readOnly;
    std::string readOnlyReason;
    std::string listen;
    std::uint32_t id = 0;  ///< among the members of its cluster; 0: not registered, or unknown
    std::string uuid;
    std::map<std::uint32_t, std::int64_t> clock;  ///< how far it is, by the ids of members
    std::optional<Millis> uptimeMs;
    std::vector<MemberAlert> alerts;

    [[nodiscard]] bool answered() const { return state != "down" && state != "killed" && state != "?"; }
    friend bool operator==(const MemberLook&, const MemberLook&) = default;
};

/// "to follows from", between two members.
struct EdgeLook {
    std::string from;   ///< "replicaset001/instance002"
    std::string to;     ///< who reads
    std::string state;  ///< as the reader tells it: follow, stopped, ...; "not connected": never so far; "?": unknown
    std::string error;  ///< why it is not follow
    std::optional<std::int64_t> lagMs;       ///< as told, where it means something
    std::optional<std::int64_t> idleMs;      ///< since the last row or heartbeat
    std::optional<std::int64_t> rowsBehind;  ///< by the positions of both ends
    std::string sourceNote;                  ///< what the source says of this reader, when that is not "follow"
    friend bool operator==(const EdgeLook&, const EdgeLook&) = default;
};

struct ClusterLook {
    /// up, down, killed, ? (somebody does not answer), partly up, or the one state that keeps it from being up
    std::string state;
    std::string reason;
    std::string role;  ///< in the replication between clusters, as drawings spell it; empty: unknown, or there are none
    std::vector<MemberLook> members;
    std::vector<EdgeLook> edges;
    std::vector<std::string> datasets;  ///< by name, of those that replicate
    /// A member answered: datasets is what there is. Else it is unknown.
    bool answered = false;
};

struct MembersStarted {
    std::vector<std::string> started;  ///< "replicaset001/instance001"
    std::vector<std::string> running;  ///< before
    std::vector<std::string> notes;    ///< sentences for people: files written, kept, passwords made
    std::optional<Error> problem;      ///< of the first member that did not start; those before it run
};

struct MembersStopped {
    std::vector<std::string> stopped;
    std::vector<std::string> alreadyDown;
    std::vector<std::pair<std::string, Error>> notStopped;
};

/// A folder with the state of a member.
struct MemberVolume {
    std::string title;   ///< "instance master_master:instance001"
    std::string folder;  ///< a process that runs on it holds `lock` in it
    engine::VolumeShape shape{};
};

/// Every call blocks, and takes any thread but for start(). Owner: the program, for ever.
class MemberSystem {
public:
    virtual ~MemberSystem() = default;

    /// Its clusters: drawn ones, and those that have files in the workspace (also when there is no drawing).
    [[nodiscard]] virtual std::vector<std::string> clusters(const WorkspacePaths& paths,
                                                            const Topology& topology) const = 0;
    /// Those of them that are not in the drawing, as their files tell: they may run.
    [[nodiscard]] virtual std::vector<Cluster> undrawn(const WorkspacePaths& paths, const Topology& topology) const = 0;
    /// Makes ready what the clusters need on disk, starts members that do not run, and waits for their data (ten
    /// seconds at most; then a note says who waits). The calling process must have one thread: each member is a fork of
    /// it. Errors: those of preparing; nothing was started then.
    [[nodiscard]] virtual Result<MembersStarted> start(const WorkspacePaths& paths, const Topology& topology,
                                                       const std::vector<std::string>& clusters) const = 0;
    /// Asks every member to end and waits for it.
    [[nodiscard]] virtual MembersStopped stop(const WorkspacePaths& paths, const Topology& topology,
                                              const std::vector<std::string>& clusters) const = 0;
    /// All that lie in the workspace, of members that are not configured any more too. Errors: Io.
    [[nodiscard]] virtual Result<std::vector<MemberVolume>> volumes(const WorkspacePaths& paths) const = 0;
    /// A file of the workspace, by its name below the root, that belongs to a member's process and that the next start
    /// makes anew: keys, locks, which life of its volume was the last. It stays out of backups.
    [[nodiscard]] virtual bool makesAnew(std::string_view name) const = 0;
    /// Never fails: what does not answer is said so.
    [[nodiscard]] virtual ClusterLook look(const WorkspacePaths& paths, const Topology& topology,
                                           const Cluster& cluster) const = 0;
};

/// The system of that name, or nullptr when its clusters are the daemon's.
[[nodiscard]] const MemberSystem* memberSystem(std::string_view name);
/// All of them.
[[nodiscard]] std::vector<const MemberSystem*> memberSystems();

}  // namespace tributary::app
