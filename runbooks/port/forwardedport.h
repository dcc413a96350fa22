// A port that passes everything on to another one: who stands between a runner and a system says only what it does
// otherwise.
#pragma once

#include "runbooks/port/systemport.h"

namespace tributary::runbooks {

/// The thread of the port behind it.
class ForwardedPort : public SystemPort {
public:
    /// `behind` outlives this.
    explicit ForwardedPort(SystemPort& behind) : behind_(behind) {}

    CommandOutcome execute(const std::string& line, Millis timeoutMs) override {
        return behind_.execute(line, timeoutMs);
    }
    Status validate(const std::string& line) override { return behind_.validate(line); }
    CheckOutcome check(const std::string& name, const std::vector<std::string>& arguments) override {
        return behind_.check(name, arguments);
    }
    std::vector<LinkObservation> links() override { return behind_.links(); }
    std::string fingerprint() override { return behind_.fingerprint(); }
    std::vector<std::string> describe() override { return behind_.describe(); }
    LineEffect effectOf(const std::string& line, const LookAround& around) override {
        return behind_.effectOf(line, around);
    }

private:
    SystemPort& behind_;
};

}  // namespace tributary::runbooks
