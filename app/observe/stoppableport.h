// A port whose commands may be broken off by a person: what was broken off is in doubt.
#pragma once

#include <atomic>

#include "runbooks/port/forwardedport.h"

namespace tributary::app {

/// Passes everything on. A command that ended as "cancelled" after the second stop request did part of its work: it is
/// told as "timeout", which the runner journals as in doubt, instead of as refused, which it would take for no effect.
class StoppablePort final : public runbooks::ForwardedPort {
public:
    /// Both outlive the port.
    StoppablePort(runbooks::SystemPort& port, const std::atomic<int>& stopRequests)
        : ForwardedPort(port), stopRequests_(stopRequests) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override {
        runbooks::CommandOutcome outcome = ForwardedPort::execute(line, timeoutMs);
        const bool brokenOff = !outcome.ok && outcome.errorKind == errorCodeName(ErrorCode::Cancelled);
        if (brokenOff && stopRequests_.load() >= 2) outcome.errorKind = errorCodeName(ErrorCode::Timeout);
        return outcome;
    }

private:
    const std::atomic<int>& stopRequests_;
};

}  // namespace tributary::app
