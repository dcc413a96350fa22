// One line per way of running.
#include "app/instanceruns/systemport.h"

#include "app/instanceruns/instanceport.h"
#include "app/instanceruns/liveworld.h"
#include "app/instanceruns/toolchild.h"
#include "app/systems/dialects.h"
#include "runbooks/dialects/words.h"

namespace tributary::app {
namespace {

/// A port with the world that it stands on.
class OwnedInstancePort final : public runbooks::SystemPort {
public:
    OwnedInstancePort(std::string environment, std::string program, std::function<bool()> stopped)
        : world_(std::move(environment), std::move(program), std::move(stopped)), port_(world_) {}

    runbooks::CommandOutcome execute(const std::string& line, Millis timeoutMs) override {
        return port_.execute(line, timeoutMs);
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
    LiveWorld world_;
    InstancePort port_;
};

}  // namespace

Result<std::unique_ptr<runbooks::SystemPort>> instancePort(const std::string& workspaceRoot,
                                                           InstancePortOptions options) {
    auto environment = findEnvironment(workspaceRoot);
    if (!environment) return environment.error();
    if (options.program.empty()) {
        auto program = terminalProgram();
        if (!program) return program.error();
        options.program = std::move(program).value();
    }
    return std::unique_ptr<runbooks::SystemPort>(std::make_unique<OwnedInstancePort>(
        std::move(environment).value(), std::move(options.program), std::move(options.stopped)));
}

bool runsOnInstances(std::string_view system) {
    return system == "tarantool";
}

std::string systemOfLine(const std::string& line) {
    const auto split = runbooks::splitWords(line);
    const std::string first =
        split && !split->words.empty() ? split->words.front().text : line.substr(0, line.find(' '));
    const runbooks::Dialect* dialect = dialects().ofProgram(first);
    return dialect == nullptr ? std::string() : std::string(dialect->words().system);
}

Result<std::unique_ptr<runbooks::SystemPort>> portFor(std::string_view system, const std::string& workspaceRoot,
                                                      engine::ClusterDirectory& directory, const std::string& user,
                                                      engine::maprdb::NowMs nowMs, EnginePortOptions options,
                                                      InstancePortOptions instances) {
    if (runsOnInstances(system)) return instancePort(workspaceRoot, std::move(instances));
    return std::unique_ptr<runbooks::SystemPort>(
        std::make_unique<EnginePort>(directory, user, std::move(nowMs), std::move(options)));
}

}  // namespace tributary::app
