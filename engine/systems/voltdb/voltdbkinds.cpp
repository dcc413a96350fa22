// The one registration of VoltDB's kind.
#include "engine/systems/voltdb/voltdbkinds.h"

#include "engine/systems/voltdb/data/voltcontrol.h"

namespace tributary::engine::voltdb {
namespace {

constexpr std::uint64_t kCommitRows = 200'000;
constexpr Millis kCommitEveryMs = 1'000;

}  // namespace

std::shared_ptr<const NodeKinds> onlyDatabase(std::shared_ptr<VoltSettings> settings) {
    const auto make = [settings = std::move(settings)](Node& node) -> std::unique_ptr<ControlKind> {
        return std::make_unique<VoltControl>(node, databaseKind(), settings);
    };
    return std::make_shared<const NodeKinds>(NodeKinds{Kinds({&databaseKind()}), {make}, {&pushLinks()}, {}});
}

void tellHost(NodeConfig& config, std::shared_ptr<VoltSettings> settings) {
    config.durability = settings->commandLog == "synchronous" ? Durability::Fsync : Durability::Deferred;
    config.deferMs = settings->commandLogMs;
    config.flushRows = kCommitRows;
    config.flushEveryMs = kCommitEveryMs;
    config.kinds = onlyDatabase(std::move(settings));
}

VoltControl& hostOf(Node& node) {
    return static_cast<VoltControl&>(node.control(databaseKind()));
}

}  // namespace tributary::engine::voltdb
