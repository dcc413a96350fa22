// The kinds of data that the simulator runs.
#pragma once

#include <string>
#include <vector>

#include "simkind.h"

namespace tributary::simtest {

/// Tables first, then those of TRIBUTARY_TEST_KINDS (tests/CMakeLists.txt), which stand for no product.
[[nodiscard]] std::vector<const SimKind*> simKinds();
/// Null when there is none of that name.
[[nodiscard]] inline const SimKind* simKindNamed(const std::string& name) {
    for (const SimKind* kind : simKinds()) {
        if (kind->name() == name) return kind;
    }
    return nullptr;
}

}  // namespace tributary::simtest
