// One line per way of running.
#include "app/instanceruns/systemport.h"

#include "app/databaseruns/databaseport.h"
#include "app/instanceruns/instanceport.h"
#include "app/instanceruns/liveworld.h"
#include "app/instanceruns/toolchild.h"
#include "app/systems/dialects.h"
#include "runbooks/dialects/words.h"
#include "runbooks/port/forwardedport.h"

namespace tributary::app {
namespace {

/// Made before what passes on to it.
struct Ground {
    Ground(std::string environment, std::string program, std::function<bool()> stopped)
        : world(std::move(environment), std::move(program), std::move(stopped)), port(world) {}
    LiveWorld world;
    InstancePort port;
};

/// A port with the world that it stands on.
class OwnedInstancePort final : private Ground, public runbooks::ForwardedPort {
public:
    OwnedInstancePort(std::string environment, std::string program, std::function<bool()> stopped)
        : Ground(std::move(environment), std::move(program), std::move(stopped)), ForwardedPort(port) {}
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
    return system == "tarantool" || system == "voltdb";
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
    if (system == "voltdb") {
        return databasePort(workspaceRoot, std::move(instances.program), std::move(instances.stopped));
    }
    if (runsOnInstances(system)) return instancePort(workspaceRoot, std::move(instances));
    return std::unique_ptr<runbooks::SystemPort>(
        std::make_unique<EnginePort>(directory, user, std::move(nowMs), std::move(options)));
}

}  // namespace tributary::app
