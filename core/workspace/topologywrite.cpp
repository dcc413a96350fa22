// Writes the drawing in canonical form.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/topology/measures.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

std::string flowList(const std::vector<std::string>& items) {
    std::vector<std::string> out;
    out.reserve(items.size());
    for (const std::string& item : items) out.push_back(yamlScalar(item));
    return "[" + join(out, ", ") + "]";
}

void addFlag(KeyTexts& out, std::string_view key, bool value) {
    if (value) out.emplace_back(key, "true");
}

void addPermissions(KeyTexts& out, const Permissions& perms) {
    if (perms.empty()) return;
    KeyTexts texts;
    for (const auto& [name, permission] : perms) texts.emplace_back(name, yamlScalar(permission.ace));
    out.emplace_back("perms", flowMap(texts));
}

std::string familyText(const Family& family) {
    KeyTexts out;
    out.emplace_back("name", yamlScalar(family.name));
    if (family.maxVersions) out.emplace_back("versions", std::to_string(*family.maxVersions));
    if (family.minVersions) out.emplace_back("minversions", std::to_string(*family.minVersions));
    if (family.ttlSeconds) out.emplace_back("ttl", std::to_string(*family.ttlSeconds));
    if (!family.compression.empty()) out.emplace_back("compression", yamlScalar(family.compression));
    if (family.inMemory) out.emplace_back("inmemory", *family.inMemory ? "true" : "false");
    if (!family.jsonPath.empty()) out.emplace_back("jsonpath", yamlScalar(family.jsonPath));
    addPermissions(out, family.perms);
    return out.size() == 1 ? out.front().second : flowMap(out);
}

template <typename T, typename Name>
void writeNamed(std::string& out, std::string_view section, const std::vector<T>& elements, Name name) {
    if (elements.empty()) return;
    out += fmt::format("{}:\n", section);
    for (const T& element : elements) {
        out += fmt::format("  {}: {}\n", yamlScalar(name(element)), flowMap(keyTexts(element)));
    }
}

template <typename T>
void writeItems(std::string& out, std::string_view section, const std::vector<T>& elements) {
    if (elements.empty()) return;
    out += fmt::format("{}:\n", section);
    for (const T& element : elements) out += fmt::format("  - {}\n", flowMap(keyTexts(element)));
}

}  // namespace

std::string yamlScalar(std::string_view text) {
    constexpr std::array<std::string_view, 6> kWords{"null", "~", "true", "false", "yes", "no"};
    const std::string lower = toLower(text);
    const auto safe = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_/.:@+-").find(c) != std::string_view::npos;
    };
    const bool plain = !text.empty() && text.size() < 1000 && std::all_of(text.begin(), text.end(), safe) &&
                       std::string_view(":@-+").find(text.front()) == std::string_view::npos && text.back() != ':' &&
                       !text.starts_with("..") && std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
    if (plain) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02X}", byte);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string flowMap(const KeyTexts& texts) {
    std::vector<std::string> out;
    out.reserve(texts.size());
    for (const auto& [key, value] : texts) out.push_back(key + ": " + value);
    return "{" + join(out, ", ") + "}";
}

KeyTexts keyTexts(const Cluster& cluster) {
    KeyTexts out;
    out.emplace_back("system", yamlScalar(cluster.system));
    if (!cluster.gateways.empty()) {
        std::vector<std::string> gateways;
        for (const Gateway& gateway : cluster.gateways) {
            gateways.push_back(
                gateway.address.empty()
                    ? yamlScalar(gateway.name)
                    : fmt::format("{{name: {}, address: {}}}", yamlScalar(gateway.name), yamlScalar(gateway.address)));
        }
        out.emplace_back("gateways", "[" + join(gateways, ", ") + "]");
    }
    if (!cluster.users.empty()) out.emplace_back("users", flowList(cluster.users));
    if (!cluster.groups.empty()) {
        KeyTexts groups;
        for (const auto& [name, users] : cluster.groups) groups.emplace_back(yamlScalar(name), flowList(users));
        out.emplace_back("groups", flowMap(groups));
    }
    addFlag(out, "secure", cluster.secure);
    return out;
}

KeyTexts keyTexts(const Dataset& dataset) {
    KeyTexts out;
    out.emplace_back("kind", std::string(datasetKindName(dataset.kind)));
    if (!dataset.families.empty()) {
        std::vector<std::string> families;
        for (const Family& family : dataset.families) families.push_back(familyText(family));
        out.emplace_back("families", "[" + join(families, ", ") + "]");
    }
    if (!dataset.topics.empty()) out.emplace_back("topics", flowList(dataset.topics));
    addFlag(out, "exists", dataset.exists);
    if (dataset.bulkLoad) out.emplace_back("bulkload", *dataset.bulkLoad ? "true" : "false");
    if (dataset.deleteTtlSeconds) out.emplace_back("deletettl", std::to_string(*dataset.deleteTtlSeconds));
    addPermissions(out, dataset.perms);
    return out;
}

KeyTexts keyTexts(const Replica& replica) {
    KeyTexts out;
    out.emplace_back("from", yamlScalar(replica.from));
    out.emplace_back("to", yamlScalar(replica.to));
    addFlag(out, "synchronous", replica.synchronous);
    addFlag(out, "paused", replica.paused);
    addFlag(out, "throttle", replica.throttle);
    if (!replica.columns.empty()) out.emplace_back("columns", flowList(replica.columns));
    if (!replica.networkCompression.empty()) {
        out.emplace_back("networkcompression", yamlScalar(replica.networkCompression));
    }
    addFlag(out, "networkencryption", replica.networkEncryption);
    return out;
}

KeyTexts keyTexts(const Upstream& upstream) {
    return {{"at", yamlScalar(upstream.at)}, {"from", yamlScalar(upstream.from)}};
}

KeyTexts keyTexts(const Wan& wan) {
    KeyTexts out;
    out.emplace_back("between", flowList({wan.a, wan.b}));
    if (wan.latencyUs != 0) out.emplace_back("latency", formatDuration(wan.latencyUs));
    if (wan.bandwidthBytesPerSecond != 0) {
        out.emplace_back("bandwidth", formatBandwidth(wan.bandwidthBytesPerSecond));
    }
    if (wan.outageSeconds != 0) out.emplace_back("outage", formatDuration(wan.outageSeconds * 1'000'000));
    return out;
}

std::string writeTopology(const Topology& topology) {
    std::string out = fmt::format("tributary: {}\n", kTopologyFormat);
    writeNamed(out, "clusters", topology.clusters, [](const Cluster& each) { return each.name; });
    writeNamed(out, "datasets", topology.datasets, [](const Dataset& each) { return each.path; });
    writeItems(out, "replicas", topology.replicas);
    writeItems(out, "upstreams", topology.upstreams);
    writeItems(out, "wan", topology.wan);
    return out;
}

}  // namespace tributary
