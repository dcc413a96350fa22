// One line per system whose members are processes of their own.
#include <array>

#include "app/databases/databases.h"
#include "app/instances/replicasets.h"
#include "app/systems/membersystem.h"

namespace tributary::app {
namespace {

struct Row {
    std::string_view name;
    const MemberSystem& (*system)();
};

constexpr std::array<Row, 2> kRows{{{"tarantool", replicaSets}, {"voltdb", databases}}};

}  // namespace

const MemberSystem* memberSystem(std::string_view name) {
    for (const Row& row : kRows) {
        if (row.name == name) return &row.system();
    }
    return nullptr;
}

std::vector<const MemberSystem*> memberSystems() {
    std::vector<const MemberSystem*> out;
    out.reserve(kRows.size());
    for (const Row& row : kRows) out.push_back(&row.system());
    return out;
}

}  // namespace tributary::app
