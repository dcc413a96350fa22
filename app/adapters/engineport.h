// The embedded engine behind the runbooks' port: dialect lines, checks and lag, by control requests only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/admin/tableadmin.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// How a port speaks.
struct EnginePortOptions {
    int tzOffsetMinutes = 0;  ///< of the times in answers; minutes east of Greenwich
    engine::maprdb::AdminOptions admin;
};

/// One user's view of the clusters that a directory knows, in this process or another. Blocks; one thread at a time.
class EnginePort final : public runbooks::SystemPort {
public:
    /// `user` is who the directory's clients act as. The directory outlives the port.
    EnginePort(engine::ClusterDirectory& directory, std::string user, engine::maprdb::NowMs nowMs,
               EnginePortOptions options = {});

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override;
    /// Unknown whenever a cluster that the answer needs does not answer; an unknown check or a wrong number of
    /// arguments is Unknown too, with the reason as evidence.
    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    /// The links of a cluster that does not answer are told as they were last seen, "unreachable" and without figures.
    std::vector<runbooks::LinkObservation> links() override;
    /// Datasets with identity and families, and both halves of the edges, of every cluster.
    std::string fingerprint() override;
    std::vector<std::string> describe() override;
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override;

private:
    /// The text that is fingerprinted; empty when a cluster does not answer.
    std::string systemText();
    engine::ClusterDirectory& directory_;
    std::string user_;
    engine::maprdb::NowMs nowMs_;
    EnginePortOptions options_;
    std::map<std::string, std::vector<runbooks::LinkObservation>> lastLinks_;  // by source cluster
};

}  // namespace tributary::app
