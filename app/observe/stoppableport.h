// A port whose commands may be broken off by a person: what was broken off is in doubt.
#pragma once

#include <atomic>

#include "runbooks/port/systemport.h"

namespace tributary::app {

/// Passes everything on. A command that ended as "cancelled" after the second stop request did part of its work: it is
/// told as "timeout", which the runner journals as in doubt, instead of as refused, which it would take for no effect.
class StoppablePort final : public runbooks::SystemPort {
public:
    /// Both outlive the port.
    StoppablePort(runbooks::SystemPort& port, const std::atomic<int>& stopRequests)
        : port_(port), stopRequests_(stopRequests) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override {
        runbooks::CommandOutcome outcome = port_.execute(line, timeoutMs);
        const bool brokenOff = !outcome.ok && outcome.errorKind == errorCodeName(ErrorCode::Cancelled);
        if (brokenOff && stopRequests_.load() >= 2) outcome.errorKind = errorCodeName(ErrorCode::Timeout);
        return outcome;
    }
    Status validate(const std::string& line) override { return port_.validate(line); }
    runbooks::CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override {
        return port_.check(name, arguments);
    }
    std::vector<runbooks::LinkObservation> links() override { return port_.links(); }
    std::string fingerprint() override { return port_.fingerprint(); }
    std::vector<std::string> describe() override { return port_.describe(); }
    runbooks::LineEffect effectOf(const std::string& line, const runbooks::LookAround& around) override {
        return port_.effectOf(line, around);
    }

private:
    runbooks::SystemPort& port_;
    const std::atomic<int>& stopRequests_;
};

}  // namespace tributary::app
