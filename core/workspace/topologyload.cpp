// Reads topology.yaml into the drawing.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/topology/attributes.h"
#include "core/topology/measures.h"
#include "core/workspace/drawingkeys.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

constexpr std::int64_t kVersionsMax = std::numeric_limits<std::int32_t>::max();

/// Reads the sections; the reader keeps the first error, so that the code reads straight through.
class TopologyLoader {
public:
    explicit TopologyLoader(std::string_view file) : in_(file) {}

    Result<Topology> load(const StrictNode& root) {
        if (Status version = checkVersion(root); !version) return version.error();
        in_.map(root, "the drawing", drawingKeyNames("the drawing"));
        eachNamed(root, "clusters", [&](const StrictNode& node) { cluster(node); });
        eachNamed(root, "datasets", [&](const StrictNode& node) { dataset(node); });
        eachItem(root, "replicas", [&](const StrictNode& node) { replica(node); });
        eachItem(root, "upstreams", [&](const StrictNode& node) { upstream(node); });
        eachItem(root, "wan", [&](const StrictNode& node) { wan(node); });
        if (!in_.ok()) return in_.error();
        return std::move(out_);
    }

private:
    Status checkVersion(const StrictNode& root) {
        if (!root.isMap()) {
            in_.fail({1, 1}, root.isNull() ? "the file is empty" : "the drawing must be a map",
                     "begin it with 'tributary: 1'");
            return in_.status();
        }
        const StrictNode* version = root.find("tributary");
        if (version == nullptr) {
            in_.fail({1, 1}, "the format version is missing: this is no drawing of Tributary's, or an incomplete one",
                     "add 'tributary: 1' as its first line");
            return in_.status();
        }
        const std::int64_t number =
            in_.integer(*version, "the format version", 1, std::numeric_limits<std::int32_t>::max());
        if (in_.ok() && number > kTopologyFormat) {
            return Error{
                ErrorCode::Unsupported,
                fmt::format("the drawing has format version {}, this program reads up to {}", number, kTopologyFormat),
                in_.where(version->pos()), fmt::format("use a Tributary that reads format version {}", number)};
        }
        return in_.status();
    }

    template <typename Read>
    void eachNamed(const StrictNode& root, std::string_view section, Read read) {
        const StrictNode* node = root.find(section);
        if (node == nullptr || node->isNull() || !in_.namedMap(*node, section)) return;
        for (const StrictNode& child : node->children) {
            if (child.key.empty()) in_.fail(child.keyPos(), fmt::format("a name in {} must not be empty", section));
            read(child);
        }
    }

    template <typename Read>
    void eachItem(const StrictNode& root, std::string_view section, Read read) {
        const StrictNode* node = root.find(section);
        if (node == nullptr || node->isNull() || !in_.sequence(*node, section)) return;
        for (const StrictNode& child : node->children) read(child);
    }

    /// A value that a parser of text understands; its error gets the node's position.
    template <typename T, typename Parse>
    T parsed(const StrictNode& node, std::string_view thing, Parse parse) {
        const std::string text = in_.text(node, thing);
        if (!in_.ok()) return T{};
        const Result<T> value = parse(text);
        if (value) return *value;
        in_.fail(node.pos(), fmt::format("{}: {}", thing, value.error().what), value.error().fix);
        return T{};
    }

    std::string word(const StrictNode& node, std::string_view thing, const std::vector<std::string>& words) {
        const std::string text = in_.text(node, thing);
        if (in_.ok() && std::find(words.begin(), words.end(), text) == words.end()) {
            const std::string near = nearest(text, words);
            in_.fail(
                node.pos(), fmt::format("{} cannot be '{}'", thing, text),
                near.empty() ? fmt::format("one of: {}", join(words, ", ")) : fmt::format("did you mean '{}'?", near));
        }
        return text;
    }

    /// A name that will be a folder, a word of a script, a piece of a terminal's line.
    void named(std::string_view thing, const std::string& name, SourcePos pos) {
        if (!in_.ok()) return;
        if (const Status status = checkName(thing, name); !status)
            in_.fail(pos, status.error().what, status.error().fix);
    }

    std::vector<std::string> names(const StrictNode& node, std::string_view list, std::string_view thing) {
        std::vector<std::string> out = in_.texts(node, list);
        for (const std::string& name : out) named(thing, name, node.pos());
        return out;
    }

    void cluster(const StrictNode& node) {
        if (!in_.map(node, "a cluster", drawingKeyNames("a cluster"))) return;
        Cluster out;
        out.name = node.key;
        out.pos = node.keyPos();
        named("a cluster", out.name, out.pos);
        if (const auto* each = node.find("system")) out.system = word(*each, "system", systemNames());
        if (const auto* each = node.find("secure")) out.secure = in_.boolean(*each, "secure");
        if (const auto* each = node.find("users")) out.users = names(*each, "users", "a user");
        if (const auto* each = node.find("groups"); each != nullptr && in_.namedMap(*each, "groups")) {
            for (const StrictNode& group : each->children) {
                named("a group", group.key, group.keyPos());
                out.groups[group.key] = names(group, "a group", "a user");
            }
        }
        if (const auto* each = node.find("gateways"); each != nullptr && in_.sequence(*each, "gateways")) {
            for (const StrictNode& item : each->children) out.gateways.push_back(gateway(item));
        }
        out_.clusters.push_back(std::move(out));
    }

    Gateway gateway(const StrictNode& node) {
        Gateway out;
        out.pos = node.pos();
        if (!node.isMap()) {
            out.name = in_.text(node, "a gateway");
            named("a gateway", out.name, out.pos);
            return out;
        }
        in_.map(node, "a gateway", drawingKeyNames("a gateway"));
        if (const auto* each = in_.require(node, "name", "a gateway")) {
            out.name = in_.text(*each, "name");
            named("a gateway", out.name, each->pos());
        }
        if (const auto* each = node.find("address")) {
            out.address = in_.text(*each, "address");
            if (!parseHostPort(out.address)) {
                in_.fail(each->pos(), fmt::format("'{}' is not host:port", out.address),
                         "as in 10.0.0.7:7660 or [::1]:7660");
            }
        }
        return out;
    }

    void permissions(const StrictNode& node, Permissions& perms, const std::vector<std::string>& known) {
        const StrictNode* section = node.find("perms");
        if (section == nullptr || !in_.namedMap(*section, "perms")) return;
        for (const StrictNode& each : section->children) {
            if (each.key == "bulkload") {
                in_.fail(each.keyPos(), "bulkload is an attribute of a table, the permission is called bulkloadperm",
                         "write 'bulkloadperm'");
            }
            if (std::find(known.begin(), known.end(), each.key) == known.end()) {
                in_.map(*section, "perms", known);
                return;
            }
            perms[each.key] = {in_.anyText(each, each.key), each.pos()};
        }
    }

    Family family(const StrictNode& node) {
        Family out;
        out.pos = node.pos();
        if (!node.isMap()) {
            out.name = in_.text(node, "a family");
            named("a column family", out.name, out.pos);
            return out;
        }
        in_.map(node, "a family", drawingKeyNames("a family"));
        if (const auto* each = in_.require(node, "name", "a family")) {
            out.name = in_.text(*each, "name");
            named("a column family", out.name, each->pos());
        }
        if (const auto* each = node.find("versions")) out.maxVersions = in_.integer(*each, "versions", 1, kVersionsMax);
        if (const auto* each = node.find("minversions")) {
            out.minVersions = in_.integer(*each, "minversions", 0, kVersionsMax);
        }
        if (const auto* each = node.find("ttl")) out.ttlSeconds = parsed<std::int64_t>(*each, "ttl", parseSeconds);
        if (const auto* each = node.find("compression")) {
            out.compression = word(*each, "compression", compressionNames());
        }
        if (const auto* each = node.find("inmemory")) out.inMemory = in_.boolean(*each, "inmemory");
        if (const auto* each = node.find("jsonpath")) out.jsonPath = in_.anyText(*each, "jsonpath");
        permissions(node, out.perms, familyPermissionNames());
        return out;
    }

    void dataset(const StrictNode& node) {
        if (!in_.map(node, "a dataset", drawingKeyNames("a dataset"))) return;
        Dataset out;
        out.path = node.key;
        out.pos = node.keyPos();
        if (const auto* each = in_.require(node, "kind", "a dataset")) {
            out.kind = parsed<DatasetKind>(*each, "kind", parseDatasetKind);
        }
        const bool stream = out.kind == DatasetKind::Stream;
        refuse(node, stream, {"families", "bulkload", "deletettl"}, "a stream");
        refuse(node, !stream, {"topics"}, "a table");
        if (const auto* each = node.find("families"); each != nullptr && in_.sequence(*each, "families")) {
            for (const StrictNode& item : each->children) {
                Family next = family(item);
                for (const Family& other : out.families) {
                    if (other.name == next.name) in_.fail(item.pos(), fmt::format("family '{}' twice", next.name));
                }
                out.families.push_back(std::move(next));
            }
        }
        if (const auto* each = node.find("exists")) out.exists = in_.boolean(*each, "exists");
        if (const auto* each = node.find("bulkload")) out.bulkLoad = in_.boolean(*each, "bulkload");
        if (const auto* each = node.find("deletettl")) {
            out.deleteTtlSeconds = parsed<std::int64_t>(*each, "deletettl", parseSeconds);
        }
        if (const auto* each = node.find("topics")) out.topics = in_.texts(*each, "topics");
        permissions(node, out.perms, permissionNames(out.kind));
        if (const Status names = checkPermissionNames(out.perms); !names) {
            in_.fail(out.perms.at("readperm").pos, names.error().what, names.error().fix);
        }
        out_.datasets.push_back(std::move(out));
    }

    void refuse(const StrictNode& node, bool when, const std::vector<std::string>& keys, std::string_view thing) {
        for (const std::string& key : keys) {
            const StrictNode* each = when ? node.find(key) : nullptr;
            if (each != nullptr) in_.fail(each->keyPos(), fmt::format("{} has no '{}'", thing, key), "remove the key");
        }
    }

    void replica(const StrictNode& node) {
        constexpr std::string_view kThing = "a replica edge";
        if (!in_.map(node, kThing, drawingKeyNames(kThing))) return;
        Replica out;
        out.pos = node.pos();
        if (const auto* each = in_.require(node, "from", kThing)) out.from = in_.text(*each, "from");
        if (const auto* each = in_.require(node, "to", kThing)) out.to = in_.text(*each, "to");
        if (const auto* each = node.find("synchronous")) out.synchronous = in_.boolean(*each, "synchronous");
        if (const auto* each = node.find("paused")) out.paused = in_.boolean(*each, "paused");
        if (const auto* each = node.find("throttle")) out.throttle = in_.boolean(*each, "throttle");
        if (const auto* each = node.find("columns")) out.columns = columns(*each);
        if (const auto* each = node.find("networkcompression")) {
            out.networkCompression = in_.text(*each, "networkcompression");
        }
        if (const auto* each = node.find("networkencryption")) {
            out.networkEncryption = in_.boolean(*each, "networkencryption");
        }
        out_.replicas.push_back(std::move(out));
    }

    /// A list, or the comma text of the -columns option. An empty item is a JSON table's default family.
    std::vector<std::string> columns(const StrictNode& node) {
        if (node.isScalar()) return splitList(node.scalar);
        std::vector<std::string> out;
        if (!in_.sequence(node, "columns")) return out;
        for (const StrictNode& item : node.children) out.push_back(in_.anyText(item, "a column"));
        return out;
    }

    void upstream(const StrictNode& node) {
        constexpr std::string_view kThing = "an upstream edge";
        if (!in_.map(node, kThing, drawingKeyNames(kThing))) return;
        Upstream out;
        out.pos = node.pos();
        if (const auto* each = in_.require(node, "at", kThing)) out.at = in_.text(*each, "at");
        if (const auto* each = in_.require(node, "from", kThing)) out.from = in_.text(*each, "from");
        out_.upstreams.push_back(std::move(out));
    }

    void wan(const StrictNode& node) {
        constexpr std::string_view kThing = "a wan line";
        if (!in_.map(node, kThing, drawingKeyNames(kThing))) return;
        Wan out;
        out.pos = node.pos();
        if (const auto* each = in_.require(node, "between", kThing)) {
            const std::vector<std::string> ends = in_.texts(*each, "between");
            if (in_.ok() && ends.size() != 2) {
                in_.fail(each->pos(), "between needs exactly two clusters", "as in [sanfrancisco, newyork]");
            } else if (in_.ok()) {
                out.a = ends[0];
                out.b = ends[1];
            }
        }
        if (const auto* each = node.find("latency")) out.latencyUs = parsed<Micros>(*each, "latency", parseLatency);
        if (const auto* each = node.find("bandwidth")) {
            out.bandwidthBytesPerSecond = parsed<std::uint64_t>(*each, "bandwidth", parseBandwidth);
        }
        if (const auto* each = node.find("outage")) {
            out.outageSeconds = parsed<std::int64_t>(*each, "outage", parseSeconds);
        }
        out_.wan.push_back(std::move(out));
    }

    StrictReader in_;
    Topology out_;
};

}  // namespace

Result<Topology> parseTopology(std::string_view text, std::string_view file) {
    const Result<StrictNode> root = parseStrictYaml(text, file);
    if (!root) return root.error();
    return readTopology(*root, file);
}

Result<Topology> readTopology(const StrictNode& root, std::string_view file) {
    return TopologyLoader(file).load(root);
}

Result<Topology> loadTopology(const std::string& path) {
    const Result<std::string> text = readTextFile(path);
    if (!text) return text.error();
    return parseTopology(*text, path);
}

}  // namespace tributary
