// Captured answers of a real system as a drawing.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"
#include "runbooks/dialects/dialects.h"

namespace tributary::runbooks {

/// One captured file. `path` is the table that its lists belong to, when the text itself does not say.
struct ObservedText {
    std::string fileName;
    std::string path;  ///< empty: told by a command line or a `table info` in the text
    std::string text;  ///< the file's bytes
};

struct ObservedOptions {
    /// Draw the addresses of gateways. They are doors of the real hosts: `up` on another machine cannot open them.
    bool withAddresses = false;
};

struct ObservedDrawing {
    Topology topology;
    std::vector<std::string> notes;    ///< what was left out, what was captured twice
    std::vector<std::string> unknown;  ///< what was not captured, and what is drawn in its place

    /// The drawing's file: topology as YAML, with what is unknown as comments before it.
    [[nodiscard]] std::string text() const;
};

/// Reads `-json` answers of table info, table cf list, table replica list, table upstream list and cluster gateway
/// list; each may follow the command line that it answers. Tables that were described are drawn as existing. Of two
/// answers about one thing the last holds. The half of an agreement whose list was not captured is unknown: it is drawn
/// as the other half implies, and named. Streams and JSON tables are drawn as such; what has no place in a drawing
/// (secondary indexes) is left out and named.
/// Errors: InvalidInput naming the file for a text that is no such answer, and for a list whose table is not known.
[[nodiscard]] Result<ObservedDrawing> drawObserved(const std::vector<ObservedText>& texts, const Dialects& dialects,
                                                   const ObservedOptions& options = {});

}  // namespace tributary::runbooks
