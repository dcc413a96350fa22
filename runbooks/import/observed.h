// Captured answers of a real system as a drawing.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary::runbooks {

/// One captured file. `path` is the table that its lists belong to, when the text itself does not say.
struct ObservedText {
    std::string fileName;
    std::string path;  ///< empty: told by a command line or a `table info` in the text
    std::string text;
};

struct ObservedDrawing {
    Topology topology;
    std::vector<std::string> notes;  ///< what the answers left open
};

/// Reads `-json` answers of table info, table cf list, table replica list, table upstream list and cluster gateway
/// list; each may follow the command line that it answers. Tables that were described are drawn as existing.
/// Errors: InvalidInput naming the file for a text that is no such answer, and for a list whose table is not known.
[[nodiscard]] Result<ObservedDrawing> drawObserved(const std::vector<ObservedText>& texts);

}  // namespace tributary::runbooks
