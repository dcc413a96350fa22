// What of a deployment file a drawing has words for: one row per value, for reading and writing alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/systems/voltdb/xmltext.h"
#include "core/topology/topology.h"

namespace tributary::voltdb {

/// A cluster as its file has it.
struct DeploymentValues {
    Cluster cluster;
    std::vector<std::string> sources;       ///< "host" or "host:port", of all connections
    std::optional<std::int64_t> preferred;  ///< the id of the cluster that is asked for the snapshot
};

enum class DeploymentForm { Number, Flag, Text, Hosts };

struct DeploymentSetting {
    /// Elements below the root. "feature:droverflow" is the child `feature` whose attribute `name` says so.
    std::vector<std::string_view> path;
    std::string_view attribute;  ///< empty: the element's characters
    DeploymentForm form = DeploymentForm::Text;
    std::string_view fallback;  ///< what holds when it is not there
    std::int64_t low = 0;       ///< of Number
    std::int64_t high = 0;
    /// Nothing: the fallback.
    std::optional<std::string> (*wanted)(const DeploymentValues&) = nullptr;
    /// Takes a value in its canonical form. Errors: InvalidInput.
    Status (*take)(DeploymentValues&, const std::string& value) = nullptr;
};

[[nodiscard]] const std::vector<DeploymentSetting>& deploymentSettings();

/// One spelling of what means the same. Errors: InvalidInput, naming the value.
[[nodiscard]] Result<std::string> canonicalValue(const DeploymentSetting& setting, std::string_view value);

/// Whether the element is meant by a step of a path.
[[nodiscard]] bool isStep(const XmlElement& element, std::string_view step);
/// The element of the first `depth` steps of a path, or nullptr. Borrowed.
[[nodiscard]] const XmlElement* elementAt(const XmlElement& root, const DeploymentSetting& setting, std::size_t depth);

/// The values that a file has, its tree read already. Errors: InvalidInput at file:line:column.
[[nodiscard]] Result<DeploymentValues> readValues(const XmlElement& root, std::string_view file);

}  // namespace tributary::voltdb
