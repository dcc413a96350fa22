// Clusters of VoltDB behind the runbooks' port.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/databaseruns/databaseworld.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// One thread at a time. The world outlives the port.
class DatabasePort final : public runbooks::SystemPort {
public:
    explicit DatabasePort(DatabaseWorld& world) : world_(world) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override;
    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    /// One for each remote cluster that a consumer names in DRROLE.
    std::vector<runbooks::LinkObservation> links() override;
    /// Of the hosts that have root folders.
    std::string fingerprint() override;
    std::vector<std::string> describe() override;
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override;

private:
    DatabaseWorld& world_;
};

/// The same on this machine's clusters, in the environment of a workspace or of a folder. `program` is tributary's own
/// file; empty: found. `stopped`: true breaks waits off. Errors: NotFound.
[[nodiscard]] Result<std::unique_ptr<runbooks::SystemPort>> databasePort(const std::string& root, std::string program,
                                                                         std::function<bool()> stopped);

}  // namespace tributary::app
