// The forms of names, told apart by their first character and their separator.
#include "core/systems/naming.h"

#include <fmt/format.h>

#include "core/base/naming.h"
#include "core/systems/maprdb/naming.h"

namespace tributary {

namespace {

bool isClusterName(std::string_view text) {
    return checkName("a cluster", text).ok();
}

}  // namespace

std::string_view systemOfForm(std::string_view text) {
    return text.starts_with('/') || text.starts_with("mapr/") ? "maprdb" : "";
}

bool formFits(std::string_view system, std::string_view text) {
    return (systemOfForm(text) == "maprdb") == (system == "maprdb");
}

Endpoint endpointOf(std::string_view text) {
    Endpoint out;
    if (systemOfForm(text) == "maprdb") {
        if (const Result<DatasetPath> path = parseDatasetPath(text)) {
            out.cluster = path->cluster;
            out.dataset = path->local;
        }
        return out;
    }
    const std::size_t mark = text.find_first_of(":/");
    if (mark == std::string_view::npos) {
        if (isClusterName(text)) out.cluster = text;
        return out;
    }
    const std::string_view rest = text.substr(mark + 1);
    if (rest.empty() || !isClusterName(text.substr(0, mark))) return out;
    if (text[mark] == ':') {
        out.dataset = rest;
    } else if (isClusterName(rest)) {
        out.member = rest;
    } else {
        return out;
    }
    out.cluster = text.substr(0, mark);
    return out;
}

std::string_view clusterForm() {
    return "/mapr/CLUSTER/...";
}

std::string clusterOf(std::string_view dataset) {
    Endpoint end = endpointOf(dataset);
    return end.isDataset() ? std::move(end.cluster) : std::string();
}

std::string datasetIn(std::string_view system, std::string_view cluster, std::string_view name) {
    return system == "maprdb" ? fmt::format("/mapr/{}/{}", cluster, name) : joinedDataset(cluster, name);
}

std::string joinedDataset(std::string_view cluster, std::string_view dataset) {
    return fmt::format("{}:{}", cluster, dataset);
}

std::string joinedMember(std::string_view cluster, std::string_view member) {
    return fmt::format("{}/{}", cluster, member);
}

}  // namespace tributary
