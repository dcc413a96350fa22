// What appliers ask of the instance that they work for.
#pragma once

#include <functional>
#include <string>

#include "engine/systems/tarantool/instance/instancesettings.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

/// Executor's thread only; outlives its appliers.
class ApplierBox {
public:
    virtual ~ApplierBox() = default;
    [[nodiscard]] virtual const InstanceSettings& settings() const = 0;
    /// What is published.
    [[nodiscard]] virtual Vclock publishedClock() const = 0;
    /// The replica set that the data is of; the configured one while there is none.
    [[nodiscard]] virtual Uuid replicasetOfData() const = 0;
    using Written = std::function<void(Result<Bytes>)>;
    /// Writes a body of rows (rowlist.h): its reply once it is durable, now or later. `changesSchema`: rows of system
    /// spaces are among them.
    virtual void writeRows(Bytes body, bool changesSchema, Written written) = 0;
    /// A member has been met, and has this (reusednumbers.h).
    virtual void met(const Uuid& member, const Vclock& theirs) = 0;
    /// A line for the log of the process.
    virtual void logLine(const std::string& line) = 0;

    /// It is this instance that begins the replica set: its first rows are to be written.
    virtual void bootstrapNow(std::function<void(Status)> done) = 0;
    /// What an unfinished join left is to be thrown away.
    virtual void forgetJoin(std::function<void(Status)> done) = 0;
    /// The data of a master is whole, and here.
    virtual void joined() = 0;
    /// Every peer was tried: with what there is it goes on.
    virtual void peersTried() = 0;
    /// Too few of a changed list are followed (ReplicationOptions::connectQuorum): no writes until peersTried().
    virtual void peersWanted() = 0;
};

}  // namespace tributary::engine::tarantool
