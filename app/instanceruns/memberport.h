// What is the same for every system whose members are processes of their own: its lines behind the runbooks' port.
#pragma once

#include <string>

#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/port/systemport.h"

namespace tributary::app {

/// One thread at a time.
class MemberPort : public runbooks::SystemPort {
public:
    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) final;
    Status validate(const std::string& line) final;
    /// A hash of describe(): processes, modes and positions change while a run goes on. Empty where there is nothing.
    std::string fingerprint() final;

protected:
    explicit MemberPort(runbooks::Dialects spoken) : spoken_(std::move(spoken)) {}
    /// Does one operation of the dialects. Errors: of the system; Timeout.
    virtual Result<Outcome> carryOut(const Operation& op, Millis timeoutMs) = 0;
    [[nodiscard]] const runbooks::Dialects& spoken() const { return spoken_; }

private:
    runbooks::Dialects spoken_;
};

}  // namespace tributary::app
