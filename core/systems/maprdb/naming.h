// Global dataset paths: /mapr/<cluster>/<path>.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/systems/naming.h"

namespace tributary {

/// The parts of `/mapr/<cluster>/<path>` (maprdb.md 1.1): the only form that names a dataset of any cluster.
struct DatasetPath {
    std::string cluster;  ///< "sanfrancisco"
    std::string local;    ///< "/customers", as a command on that cluster may write it
    std::string name;     ///< "customers", the last component

    [[nodiscard]] std::string text() const { return "/mapr/" + cluster + local; }
    friend bool operator==(const DatasetPath&, const DatasetPath&) = default;
};

/// Parses a global path. Errors: InvalidInput with the repaired path as the fix where it can be told (a missing leading
/// slash, which makes the path relative to the user's home folder; a missing /mapr; doubled or trailing slashes).
[[nodiscard]] Result<DatasetPath> parseDatasetPath(std::string_view text);

}  // namespace tributary
