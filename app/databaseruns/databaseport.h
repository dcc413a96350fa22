// Clusters of VoltDB behind the runbooks' port.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/databaseruns/databaseworld.h"
#include "app/instanceruns/memberport.h"

namespace tributary::app {

/// One thread at a time. The world outlives the port.
class DatabasePort final : public MemberPort {
public:
    explicit DatabasePort(DatabaseWorld& world);

    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    /// One for each remote cluster that a consumer names in DRROLE.
    std::vector<runbooks::LinkObservation> links() override;
    /// The hosts that have root folders.
    std::vector<std::string> describe() override;
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override;

private:
    Result<Outcome> carryOut(const Operation& op, Millis timeoutMs) override;

    DatabaseWorld& world_;
};

/// The same on this machine's clusters, in the environment of a workspace or of a folder. `program` is tributary's own
/// file; empty: found. `stopped`: true breaks waits off. Errors: NotFound.
[[nodiscard]] Result<std::unique_ptr<runbooks::SystemPort>> databasePort(const std::string& root, std::string program,
                                                                         std::function<bool()> stopped);

}  // namespace tributary::app
