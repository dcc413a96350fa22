// A drawn cluster of VoltDB as its deployment file, and deployment files as a drawing.
//
// Decision: a file that is there is patched, never rewritten: it holds much that no drawing has a word for (security,
// threads, export, comments), and that stays byte for byte. What a drawing says is changed at its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary::voltdb {

/// The deployment file of one drawn cluster.
struct DeploymentFile {
    std::string cluster;
    std::string text;
};

/// A new file for every cluster of VoltDB that the drawing holds, in its order. Errors: NotFound when none is drawn;
/// InvalidInput naming the cluster for one without hosts.
[[nodiscard]] Result<std::vector<DeploymentFile>> deriveDeployments(const Topology& topology);

/// `text` with what the drawing says of `cluster`, and everything else as it was. A value that means the same stays as
/// it is written; one that the drawing leaves at its default is taken away. `file` names the text in errors. Errors:
/// those of reading it; NotFound when no such cluster of VoltDB is drawn.
[[nodiscard]] Result<std::string> patchDeployment(std::string_view text, std::string_view file,
                                                  const Topology& topology, std::string_view cluster);

/// A file to be drawn.
struct DeploymentText {
    std::string cluster;  ///< what it shall be called
    std::string file;     ///< names it in errors
    std::string text;
};

/// Something that a file says and the drawing does not.
struct DeploymentNote {
    std::string file;
    int line = 0;  ///< 0: of no line
    std::string text;
};

struct DrawnDeployments {
    Topology topology;
    std::vector<DeploymentNote> notes;   ///< what was concluded: which cluster a source's hosts belong to
    std::vector<DeploymentNote> unread;  ///< elements and attributes that a drawing has no word for
};

/// Draws clusters out of their files. A deployment file names no hosts of its own: they are those that another file
/// dials when only one cluster can be meant, else the cluster's name with a number. Errors: InvalidInput at
/// file:line:column: no deployment file, a value out of its range, two ids that differ.
[[nodiscard]] Result<DrawnDeployments> drawDeployments(const std::vector<DeploymentText>& files);

}  // namespace tributary::voltdb
