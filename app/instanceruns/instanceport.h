// Instances of an environment behind the runbooks' port.
#pragma once

#include "app/instanceruns/instanceworld.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Does one operation of tt, box or instance: the same for runs, the console and the shell. Errors: of the program,
/// of a console's answer (Conflict), of editInstance(); Timeout.
[[nodiscard]] Result<Outcome> executeOnInstances(InstanceWorld& world, const Operation& op, Millis timeoutMs);

/// One thread at a time. The world outlives the port.
class InstancePort final : public runbooks::SystemPort {
public:
    explicit InstancePort(InstanceWorld& world) : world_(world) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override;
    Status validate(const std::string& line) override;
    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    /// One for each upstream of each instance that answers: its lag is unknown unless it follows, since what stands
    /// there otherwise is the past; operationsPending are the rows that it is behind.
    std::vector<runbooks::LinkObservation> links() override;
    /// Of what is configured: processes, modes and clocks change while a run goes on.
    std::string fingerprint() override;
    std::vector<std::string> describe() override;
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override;

private:
    InstanceWorld& world_;
};

}  // namespace tributary::app
