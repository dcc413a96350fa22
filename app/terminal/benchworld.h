// Two clusters in processes of their own, on a workspace that lives as long as a bench.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "app/adapters/engineport.h"
#include "app/daemon/directory.h"
#include "app/terminal/benchprocess.h"
#include "app/terminal/stopsignals.h"

namespace tributary::app {

struct BenchWorldOptions {
    std::string durability = "fsync";
    std::string parentDir;      ///< where the workspace is made; empty = TMPDIR, else /var/tmp
    bool replicaExists = true;  ///< the replica's table is there from the beginning
};

/// `source` and `replica`, one node and one gateway each, with the table `rows`. Destroying it ends the processes and
/// removes the workspace.
class BenchWorld {
public:
    static constexpr const char* kSourcePath = "/mapr/source/rows";
    static constexpr const char* kReplicaPath = "/mapr/replica/rows";
    static constexpr const char* kFamily = "f";

    /// Returns once both clusters answer. Errors: Io, Unavailable with the process' own words.
    static Result<std::unique_ptr<BenchWorld>> start(const BenchWorldOptions& options);
    ~BenchWorld();
    BenchWorld(const BenchWorld&) = delete;
    BenchWorld& operator=(const BenchWorld&) = delete;

    /// A new connection to a cluster's TCP control endpoint.
    Result<std::unique_ptr<engine::ControlClient>> connect(const std::string& cluster) const;
    /// Runs one command line.
    Status line(const std::string& text);
    /// Records both halves of an edge and waits until its link replicates.
    Status link(const std::string& from, const std::string& to);
    /// Waits until the replica has caught up with the source.
    Status caughtUp(const std::string& from, const std::string& to);
    [[nodiscard]] pid_t pidOf(const std::string& cluster) const;
    /// Cancelled once Ctrl-C or SIGTERM came. Any thread.
    Status goOn();

private:
    BenchWorld(std::string dir, Topology topology, WorkspaceEngine engine);
    Status startCluster(const std::string& cluster, BenchProcess& process, const std::string& durability);
    Status waitFor(const std::string& check, const std::string& from, const std::string& to);

    std::mutex signalsMutex_;  // of signals_
    StopSignals signals_;
    std::string dir_;
    Topology topology_;
    WorkspaceEngine engine_;
    WorkspaceDirectory directory_;
    EnginePort port_;
    BenchProcess source_;
    BenchProcess replica_;
};

/// The part of a bench's process: runs one cluster of a workspace until it is told to end. `where` is DIR:CLUSTER.
[[nodiscard]] Status serveBench(const std::string& where, const std::string& durability);

}  // namespace tributary::app
