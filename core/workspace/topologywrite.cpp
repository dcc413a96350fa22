// Writes the drawing in canonical form.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/systems/attributes.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

std::string flowList(const std::vector<std::string>& items) {
    std::vector<std::string> out;
    out.reserve(items.size());
    for (const std::string& item : items) out.push_back(yamlScalar(item));
    return "[" + join(out, ", ") + "]";
}

std::string valueText(const AttributeSpec& spec, const AttributeValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return flowList(*list);
    if (const auto* text = std::get_if<std::string>(&value)) return yamlScalar(*text);
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr) return yamlScalar("");  // of a required key
    return spec.value == ValueForm::Seconds ? std::to_string(*number) : shownValue(spec, value);
}

/// The keys of a table that are not at their default. `structure` writes those of a shape of their own, or nothing.
template <typename T, typename Structure>
KeyTexts tableTexts(const AttributeTable<T>& table, const T& element, Structure structure) {
    KeyTexts out;
    for (const Attribute<T>& row : table.rows) {
        if (row.spec.identity) continue;
        if (row.get == nullptr) {
            std::string text = structure(row.spec.name);
            if (!text.empty()) out.emplace_back(row.spec.name, std::move(text));
            continue;
        }
        const AttributeValue value = row.get(element);
        const bool shown = !std::holds_alternative<std::monostate>(value) || row.spec.required();
        if (shown) out.emplace_back(row.spec.name, valueText(row.spec, value));
    }
    return out;
}

template <typename T>
KeyTexts tableTexts(const AttributeTable<T>& table, const T& element) {
    return tableTexts(table, element, [](std::string_view) { return std::string(); });
}

/// "[a, {name: b, ...}]": a part that has nothing but its name is written as that.
template <typename T, typename Write>
std::string partList(const std::vector<T>& parts, Write write) {
    std::vector<std::string> out;
    for (const T& part : parts) {
        const KeyTexts texts = write(part);
        out.push_back(texts.size() == 1 ? texts.front().second : flowMap(texts));
    }
    return out.empty() ? std::string() : "[" + join(out, ", ") + "]";
}

/// "{a: {...}, b: {...}}".
template <typename T>
std::string partMap(const AttributeTable<T>& table, const std::vector<T>& parts) {
    KeyTexts out;
    for (const T& part : parts) out.emplace_back(yamlScalar(part.name), flowMap(tableTexts(table, part)));
    return out.empty() ? std::string() : flowMap(out);
}

std::string permissionsText(const Permissions& perms) {
    KeyTexts texts;
    for (const auto& [name, permission] : perms) texts.emplace_back(name, yamlScalar(permission.ace));
    return texts.empty() ? std::string() : flowMap(texts);
}

KeyTexts familyTexts(const Family& family) {
    return tableTexts(familyAttributes(), family, [&](std::string_view) { return permissionsText(family.perms); });
}

std::string groupsText(const Cluster& cluster) {
    KeyTexts groups;
    for (const auto& [name, users] : cluster.groups) groups.emplace_back(yamlScalar(name), flowList(users));
    return groups.empty() ? std::string() : flowMap(groups);
}

std::string formatText(const std::vector<FieldFormat>& format) {
    std::vector<std::string> out;
    out.reserve(format.size());
    for (const FieldFormat& each : format) {
        out.push_back(each.nullable ? fmt::format("{{name: {}, type: {}, nullable: true}}", yamlScalar(each.name),
                                                  yamlScalar(each.type))
                                    : flowList({each.name, each.type}));
    }
    return out.empty() ? std::string() : "[" + join(out, ", ") + "]";
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
    return tableTexts(clusterAttributes(cluster.system), cluster, [&](std::string_view key) {
        if (key == "gateways") {
            return partList(cluster.gateways,
                            [](const Gateway& each) { return tableTexts(gatewayAttributes(), each); });
        }
        if (key == "groups") return groupsText(cluster);
        if (key == "members") return partMap(memberAttributes(cluster.system), cluster.members);
        return key == "users" ? partMap(accountAttributes(), cluster.accounts) : std::string();
    });
}

KeyTexts keyTexts(const Dataset& dataset) {
    return tableTexts(datasetAttributes(dataset.kind), dataset, [&](std::string_view key) {
        if (key == "kind") return std::string(datasetKindName(dataset.kind));
        if (key == "families") return partList(dataset.families, familyTexts);
        if (key == "perms") return permissionsText(dataset.perms);
        return key == "format" ? formatText(dataset.format) : std::string();
    });
}

KeyTexts keyTexts(const Replica& replica) {
    return tableTexts(replicaAttributes(), replica);
}

KeyTexts keyTexts(const Upstream& upstream) {
    return tableTexts(upstreamAttributes(), upstream);
}

KeyTexts keyTexts(const Peer& peer) {
    return tableTexts(peerAttributes(), peer);
}

KeyTexts keyTexts(const Connection& connection) {
    return tableTexts(connectionAttributes(), connection);
}

KeyTexts keyTexts(const Wan& wan) {
    return tableTexts(wanAttributes(), wan, [&](std::string_view) { return flowList({wan.a, wan.b}); });
}

KeyTexts keyTexts(const Region& region) {
    return tableTexts(regionAttributes(), region);
}

std::string writeTopologyInBlocks(const Topology& topology) {
    std::string out = fmt::format("tributary: {}\n", kTopologyFormat);
    if (!topology.clusters.empty()) out += "clusters:\n";
    for (const Cluster& each : topology.clusters) {
        out += fmt::format("  {}:\n", yamlScalar(each.name));
        for (const auto& [key, text] : keyTexts(each)) {
            const bool members = key == "members";
            out += fmt::format("    {}:{}\n", key, members ? "" : " " + text);
            for (const Member& member : members ? each.members : std::vector<Member>{}) {
                out += fmt::format("      {}: {}\n", yamlScalar(member.name),
                                   flowMap(tableTexts(memberAttributes(each.system), member)));
            }
        }
    }
    if (!topology.datasets.empty()) out += "datasets:\n";
    for (const Dataset& each : topology.datasets) {
        out += fmt::format("  {}:\n", yamlScalar(each.path));
        for (const auto& [key, text] : keyTexts(each)) out += fmt::format("    {}: {}\n", key, text);
    }
    writeItems(out, "replicas", topology.replicas);
    writeItems(out, "upstreams", topology.upstreams);
    writeItems(out, "peers", topology.peers);
    writeItems(out, "connections", topology.connections);
    writeItems(out, "wan", topology.wan);
    writeNamed(out, "regions", topology.regions, [](const Region& each) { return each.name; });
    return out;
}

std::string writeTopology(const Topology& topology) {
    std::string out = fmt::format("tributary: {}\n", kTopologyFormat);
    writeNamed(out, "clusters", topology.clusters, [](const Cluster& each) { return each.name; });
    writeNamed(out, "datasets", topology.datasets, [](const Dataset& each) { return each.path; });
    writeItems(out, "replicas", topology.replicas);
    writeItems(out, "upstreams", topology.upstreams);
    writeItems(out, "peers", topology.peers);
    writeItems(out, "connections", topology.connections);
    writeItems(out, "wan", topology.wan);
    writeNamed(out, "regions", topology.regions, [](const Region& each) { return each.name; });
    return out;
}

}  // namespace tributary
