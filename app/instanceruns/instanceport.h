// Instances of an environment behind the runbooks' port.
#pragma once

#include "app/instanceruns/instanceworld.h"
#include "app/instanceruns/memberport.h"

namespace tributary::app {

/// Does one operation of tt, box or instance: the same for runs, the console and the shell. Errors: of the program,
/// of a console's answer (Conflict), of editInstance(); Timeout.
[[nodiscard]] Result<Outcome> executeOnInstances(InstanceWorld& world, const Operation& op, Millis timeoutMs);

/// One thread at a time. The world outlives the port.
class InstancePort final : public MemberPort {
public:
    explicit InstancePort(InstanceWorld& world);

    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override;
    /// One for each upstream of each instance that answers: its lag is unknown unless it follows, since what stands
    /// there otherwise is the past; operationsPending are the rows that it is behind.
    std::vector<runbooks::LinkObservation> links() override;
    /// What is configured.
    std::vector<std::string> describe() override;
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override;

private:
    Result<Outcome> carryOut(const Operation& op, Millis timeoutMs) override;

    InstanceWorld& world_;
};

}  // namespace tributary::app
