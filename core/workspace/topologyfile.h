// topology.yaml: the drawing as a file. The format is written down in core/workspace/README.md.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"
#include "core/workspace/strictyaml.h"

namespace tributary {

/// The format version this program writes, and the newest it reads.
inline constexpr int kTopologyFormat = 1;

/// Reads the text of a topology.yaml; every element keeps its position. Errors: InvalidInput at file:line:column
/// (everything parseStrictYaml refuses, unknown keys, missing keys, wrong types, names given twice); Unsupported when
/// the file's format version is newer, naming the version needed. The rules of a system are not applied here.
[[nodiscard]] Result<Topology> parseTopology(std::string_view text, std::string_view file);
/// The same from a text already parsed as YAML.
[[nodiscard]] Result<Topology> readTopology(const StrictNode& root, std::string_view file);
/// Reads and parses a file.
[[nodiscard]] Result<Topology> loadTopology(const std::string& path);

/// The drawing in canonical form: one line per element, defaults left out. parseTopology reads an equal drawing back.
[[nodiscard]] std::string writeTopology(const Topology& topology);

/// The same with one line per key of clusters and datasets, and one per member: for drawings that people go on writing.
[[nodiscard]] std::string writeTopologyInBlocks(const Topology& topology);

/// One scalar as it stands in a file: plain where that reads back as the same text in every context, else quoted.
[[nodiscard]] std::string yamlScalar(std::string_view text);

/// The keys of an element with their values as they stand in a file; keys at their default are left out.
using KeyTexts = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] KeyTexts keyTexts(const Cluster& cluster);
[[nodiscard]] KeyTexts keyTexts(const Dataset& dataset);
[[nodiscard]] KeyTexts keyTexts(const Replica& replica);
[[nodiscard]] KeyTexts keyTexts(const Upstream& upstream);
[[nodiscard]] KeyTexts keyTexts(const Peer& peer);
[[nodiscard]] KeyTexts keyTexts(const Connection& connection);
[[nodiscard]] KeyTexts keyTexts(const Wan& wan);
[[nodiscard]] KeyTexts keyTexts(const Region& region);
/// "{from: a, to: b}".
[[nodiscard]] std::string flowMap(const KeyTexts& texts);

}  // namespace tributary
