// Renaming in the drawing and in its text.
#include "app/desktop/document/renametext.h"

#include "core/systems/maprdb/naming.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/textspans.h"
#include "core/workspace/topologyfile.h"

namespace tributary::desktop {

namespace {

void replaceName(std::string& name, const std::map<std::string, std::string>& names) {
    if (const auto found = names.find(name); found != names.end()) name = found->second;
}

/// Collects replacements of scalars; `understood` turns false at the first one whose bytes are not what was parsed.
struct NameChanges {
    std::string_view text;
    TextChanges changes;
    bool understood = true;

    void scalarAt(std::size_t offset, const std::string& old, const std::map<std::string, std::string>& names) {
        const auto found = names.find(old);
        if (found == names.end()) return;
        std::size_t begin = offset;
        std::size_t length = old.size();
        if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) {
            ++begin;
            if (begin + length >= text.size() || text[begin + length] != text[offset]) {
                understood = false;
                return;
            }
            --begin;
            length += 2;
            if (text.substr(begin + 1, old.size()) != old) understood = false;
        } else if (text.substr(begin, length) != old) {
            understood = false;
        }
        if (understood) changes.replace({begin, begin + length}, yamlScalar(found->second));
    }

    void keysOf(const StrictNode* section, const std::map<std::string, std::string>& names) {
        if (section == nullptr) return;
        for (const StrictNode& each : section->children) scalarAt(each.keyOffset, each.key, names);
    }

    void valuesOf(const StrictNode* section, std::string_view key, const std::map<std::string, std::string>& names) {
        if (section == nullptr) return;
        for (const StrictNode& each : section->children) {
            const StrictNode* value = each.find(key);
            if (value == nullptr) continue;
            if (value->isScalar()) scalarAt(value->offset, value->scalar, names);
            for (const StrictNode& item : value->children) scalarAt(item.offset, item.scalar, names);
        }
    }
};

}  // namespace

Topology renamed(Topology topology, const Renames& renames) {
    for (Cluster& each : topology.clusters) replaceName(each.name, renames.clusters);
    for (Dataset& each : topology.datasets) replaceName(each.path, renames.datasets);
    for (Replica& each : topology.replicas) {
        replaceName(each.from, renames.datasets);
        replaceName(each.to, renames.datasets);
    }
    for (Upstream& each : topology.upstreams) {
        replaceName(each.at, renames.datasets);
        replaceName(each.from, renames.datasets);
    }
    for (Wan& each : topology.wan) {
        replaceName(each.a, renames.clusters);
        replaceName(each.b, renames.clusters);
    }
    for (Region& each : topology.regions) {
        for (std::string& cluster : each.clusters) replaceName(cluster, renames.clusters);
    }
    return topology;
}

Renames clusterRename(const Topology& topology, const std::string& from, const std::string& to) {
    Renames out;
    out.clusters[from] = to;
    const auto path = [&](const std::string& each) {
        const Result<DatasetPath> parsed = parseDatasetPath(each);
        if (!parsed || parsed->cluster != from) return;
        DatasetPath moved = *parsed;
        moved.cluster = to;
        out.datasets[each] = moved.text();
    };
    for (const Dataset& each : topology.datasets) path(each.path);
    for (const Replica& each : topology.replicas) {
        path(each.from);
        path(each.to);
    }
    for (const Upstream& each : topology.upstreams) {
        path(each.at);
        path(each.from);
    }
    return out;
}

std::optional<std::string> renameInText(std::string_view text, std::string_view file, const Renames& renames) {
    const Result<StrictNode> root = parseStrictYaml(text, file);
    if (!root) return std::nullopt;
    NameChanges names{text, {}};
    names.keysOf(root->find("clusters"), renames.clusters);
    names.keysOf(root->find("datasets"), renames.datasets);
    names.valuesOf(root->find("replicas"), "from", renames.datasets);
    names.valuesOf(root->find("replicas"), "to", renames.datasets);
    names.valuesOf(root->find("upstreams"), "at", renames.datasets);
    names.valuesOf(root->find("upstreams"), "from", renames.datasets);
    names.valuesOf(root->find("wan"), "between", renames.clusters);
    names.valuesOf(root->find("regions"), "clusters", renames.clusters);
    if (!names.understood) return std::nullopt;
    return names.changes.applied(text);
}

}  // namespace tributary::desktop
