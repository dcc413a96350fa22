// Reads topology.yaml into the drawing.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/systems/attributes.h"
#include "core/systems/maprdb/vocabulary.h"
#include "core/systems/registry.h"
#include "core/topology/measures.h"
#include "core/workspace/drawingkeys.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

std::vector<const AttributeTable<Cluster>*> clusterTables() {
    std::vector<const AttributeTable<Cluster>*> out;
    for (const System& each : systems()) out.push_back(&clusterAttributes(each.name));
    return out;
}

std::vector<const AttributeTable<Dataset>*> datasetTables() {
    std::vector<const AttributeTable<Dataset>*> out;
    for (const System& each : systems()) {
        if (!each.kinds.empty()) out.push_back(&datasetAttributes(each.kinds.front().kind));
    }
    return out;
}

/// The keys that some system's elements have, each once.
template <typename T>
std::vector<std::string> allKeys(const std::vector<const AttributeTable<T>*>& tables) {
    std::vector<std::string> out;
    for (const AttributeTable<T>* table : tables) {
        for (const Attribute<T>& row : table->rows) {
            const bool known = std::find(out.begin(), out.end(), row.spec.name) != out.end();
            if (!row.spec.identity && !known) out.emplace_back(row.spec.name);
        }
    }
    return out;
}

/// Reads the sections; the reader keeps the first error, so that the code reads straight through.
class TopologyLoader {
public:
    explicit TopologyLoader(std::string_view file) : in_(file) {}

    Result<Topology> load(const StrictNode& root) {
        if (Status version = checkVersion(root); !version) return version.error();
        in_.map(root, "the drawing", drawingKeyNames("the drawing"));
        eachNamed(root, "clusters", [&](const StrictNode& node) { cluster(node); });
        eachNamed(root, "datasets", [&](const StrictNode& node) { dataset(node); });
        eachItem(root, "replicas", [&](const StrictNode& node) { edge(node, replicaAttributes(), out_.replicas); });
        eachItem(root, "upstreams", [&](const StrictNode& node) { edge(node, upstreamAttributes(), out_.upstreams); });
        eachItem(root, "peers", [&](const StrictNode& node) { edge(node, peerAttributes(), out_.peers); });
        eachItem(root, "connections",
                 [&](const StrictNode& node) { edge(node, connectionAttributes(), out_.connections); });
        eachItem(root, "wan", [&](const StrictNode& node) { wan(node); });
        eachNamed(root, "regions", [&](const StrictNode& node) { region(node); });
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

    void require(const Status& status, SourcePos pos) {
        if (in_.ok() && !status) in_.fail(pos, status.error().what, status.error().fix);
    }

    /// A name that will be a folder, a word of a script, a piece of a terminal's line.
    void named(std::string_view thing, const std::string& name, SourcePos pos) {
        if (in_.ok()) require(checkName(thing, name), pos);
    }

    std::vector<std::string> names(const StrictNode& node, std::string_view list, std::string_view thing) {
        std::vector<std::string> out = in_.texts(node, list);
        for (const std::string& name : out) named(thing, name, node.pos());
        return out;
    }

    /// A list, or the comma text of the -columns option. An empty item is a JSON table's default family.
    std::vector<std::string> columns(const StrictNode& node) {
        if (node.isScalar()) return splitList(node.scalar);
        std::vector<std::string> out;
        if (!in_.sequence(node, "columns")) return out;
        for (const StrictNode& item : node.children) out.push_back(in_.anyText(item, "a column"));
        return out;
    }

    std::string checkedText(const StrictNode& node, std::string_view thing, Status (*check)(std::string_view)) {
        std::string text = in_.text(node, thing);
        if (in_.ok()) require(check(text), node.pos());
        return text;
    }

    AttributeValue value(const StrictNode& node, const AttributeSpec& spec) {
        switch (spec.value) {
            case ValueForm::Text: return in_.text(node, spec.name);
            case ValueForm::AnyText: return in_.anyText(node, spec.name);
            case ValueForm::Name: {
                std::string name = in_.text(node, spec.name);
                named(spec.item, name, node.pos());
                return name;
            }
            case ValueForm::Address: return checkedText(node, spec.name, checkAddress);
            case ValueForm::Identity: return checkedText(node, spec.name, checkIdentity);
            case ValueForm::Word: return word(node, spec.name, spec.words());
            case ValueForm::Flag: return in_.boolean(node, spec.name);
            case ValueForm::Integer: return in_.integer(node, spec.name, spec.low, spec.high);
            case ValueForm::Seconds:
            case ValueForm::Span: return parsed<std::int64_t>(node, spec.name, parseSeconds);
            case ValueForm::Latency: return parsed<Micros>(node, spec.name, parseLatency);
            case ValueForm::Rate:
                return static_cast<std::int64_t>(parsed<std::uint64_t>(node, spec.name, parseBandwidth));
            case ValueForm::Names: return names(node, spec.name, spec.item);
            case ValueForm::Texts: return in_.texts(node, spec.name);
            case ValueForm::Columns: return columns(node);
            case ValueForm::Structure: break;
        }
        return {};
    }

    /// Every row of the table that one value fills; the structures are the caller's.
    template <typename T>
    void attributes(const StrictNode& node, const AttributeTable<T>& table, T& out) {
        for (const Attribute<T>& row : table.rows) {
            if (row.spec.identity || row.set == nullptr) continue;
            if (row.spec.required()) in_.require(node, row.spec.name, table.thing);
            const StrictNode* each = in_.ok() ? node.find(row.spec.name) : nullptr;
            if (each != nullptr) row.set(out, value(*each, row.spec));
        }
    }

    /// What is a word of another system or kind only is refused by name, not as a slip of the pen.
    template <typename T>
    void refuseForeign(const StrictNode& node, const AttributeTable<T>& table, const T& element,
                       std::string_view thing) {
        for (const StrictNode& child : node.children) {
            const Attribute<T>* row = table.find(child.key);
            if (row != nullptr && (row->applies == nullptr || row->applies(element))) continue;
            in_.fail(child.keyPos(), fmt::format("{} has no '{}'", thing, child.key), "remove the key");
        }
    }

    void cluster(const StrictNode& node) {
        static const std::vector<std::string> kKeys = allKeys(clusterTables());
        if (!in_.map(node, "a cluster", kKeys)) return;
        Cluster out;
        out.name = node.key;
        out.pos = node.keyPos();
        named("a cluster", out.name, out.pos);
        if (const auto* each = node.find("system")) out.system = word(*each, "system", systemNames());
        if (!in_.ok()) return;
        const AttributeTable<Cluster>& table = clusterAttributes(out.system);
        refuseForeign(node, table, out, table.thing);
        attributes(node, table, out);
        for (const Attribute<Cluster>& row : table.rows) {
            const StrictNode* each = row.set == nullptr && in_.ok() ? node.find(row.spec.name) : nullptr;
            if (each != nullptr) clusterPart(*each, row.spec.name, out);
        }
        out_.clusters.push_back(std::move(out));
    }

    void clusterPart(const StrictNode& node, std::string_view key, Cluster& out) {
        if (key == "gateways" && in_.sequence(node, key)) {
            for (const StrictNode& item : node.children) {
                out.gateways.push_back(nameOrMap(item, gatewayAttributes(), "a gateway"));
            }
        } else if (key == "groups" && in_.namedMap(node, key)) {
            for (const StrictNode& group : node.children) {
                named("a group", group.key, group.keyPos());
                out.groups[group.key] = names(group, "a group", "a user");
            }
        } else if (key == "members" && in_.namedMap(node, key)) {
            for (const StrictNode& each : node.children) {
                out.members.push_back(part(each, memberAttributes(out.system), memberNoun(out.system)));
            }
        } else if (key == "users" && in_.namedMap(node, key)) {
            for (const StrictNode& each : node.children) {
                out.accounts.push_back(part(each, accountAttributes(), "a user"));
            }
        }
    }

    /// NAME: {...}, or NAME: alone.
    template <typename T>
    T part(const StrictNode& node, const AttributeTable<T>& table, std::string_view name) {
        T out;
        out.name = node.key;
        out.pos = node.keyPos();
        named(name, out.name, out.pos);
        if (node.isNull() || !in_.map(node, table.thing, drawingKeyNames(table.thing))) return out;
        attributes(node, table, out);
        return out;
    }

    /// NAME, or {name: NAME, ...}.
    template <typename T>
    T nameOrMap(const StrictNode& node, const AttributeTable<T>& table, std::string_view name) {
        T out;
        out.pos = node.pos();
        if (!node.isMap()) {
            out.name = in_.text(node, table.thing);
            named(name, out.name, out.pos);
            return out;
        }
        in_.map(node, table.thing, drawingKeyNames(table.thing));
        attributes(node, table, out);
        return out;
    }

    void permissions(const StrictNode& node, Permissions& perms, const std::vector<std::string>& known) {
        const StrictNode* section = in_.ok() ? node.find("perms") : nullptr;
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
        Family out = nameOrMap(node, familyAttributes(), "a column family");
        if (node.isMap()) permissions(node, out.perms, familyPermissionNames());
        return out;
    }

    void dataset(const StrictNode& node) {
        static const std::vector<std::string> kKeys = allKeys(datasetTables());
        if (!in_.map(node, "a dataset", kKeys)) return;
        Dataset out;
        out.path = node.key;
        out.pos = node.keyPos();
        if (const auto* each = in_.require(node, "kind", "a dataset")) {
            out.kind = parsed<DatasetKind>(*each, "kind", parseDatasetKind);
        }
        if (!in_.ok()) return;
        const AttributeTable<Dataset>& table = datasetAttributes(out.kind);
        refuseForeign(node, table, out, specOfKind(out.kind).noun);
        attributes(node, table, out);
        for (const Attribute<Dataset>& row : table.rows) {
            const StrictNode* each = row.set == nullptr && in_.ok() ? node.find(row.spec.name) : nullptr;
            if (each != nullptr) datasetPart(*each, row.spec.name, out);
        }
        if (table.find("perms") != nullptr) {
            permissions(node, out.perms, permissionNames(out.kind));
            if (const Status names = checkPermissionNames(out.perms); !names) {
                require(names, out.perms.at("readperm").pos);
            }
        }
        out_.datasets.push_back(std::move(out));
    }

    void datasetPart(const StrictNode& node, std::string_view key, Dataset& out) {
        if (key == "families" && in_.sequence(node, key)) {
            for (const StrictNode& item : node.children) {
                Family next = family(item);
                for (const Family& other : out.families) {
                    if (other.name == next.name) in_.fail(item.pos(), fmt::format("family '{}' twice", next.name));
                }
                out.families.push_back(std::move(next));
            }
        } else if (key == "format" && in_.sequence(node, key)) {
            for (const StrictNode& item : node.children) out.format.push_back(fieldFormat(item, out.kind));
        }
    }

    std::string fieldType(const StrictNode& node, DatasetKind kind) {
        std::string out = in_.text(node, "type");
        if (in_.ok()) require(checkFieldType(kind, out), node.pos());
        return out;
    }

    /// [NAME, TYPE], or {name: NAME, type: TYPE, nullable: true}.
    FieldFormat fieldFormat(const StrictNode& node, DatasetKind kind) {
        FieldFormat out;
        out.pos = node.pos();
        if (node.isMap()) {
            in_.map(node, "a field", {"name", "type", "nullable"});
            if (const auto* each = in_.require(node, "name", "a field")) out.name = in_.text(*each, "name");
            const auto* type = node.find("type");
            out.type = type == nullptr ? std::string(defaultFieldType(kind)) : fieldType(*type, kind);
            if (const auto* each = node.find("nullable")) out.nullable = in_.boolean(*each, "nullable");
        } else if (in_.sequence(node, "a field")) {
            if (node.children.size() != 2) {
                in_.fail(node.pos(), "a field needs a name and a type", "as in [id, unsigned]");
                return out;
            }
            out.name = in_.text(node.children[0], "name");
            out.type = fieldType(node.children[1], kind);
        }
        return out;
    }

    /// An edge: nothing but single values.
    template <typename T>
    void edge(const StrictNode& node, const AttributeTable<T>& table, std::vector<T>& list) {
        if (!in_.map(node, table.thing, drawingKeyNames(table.thing))) return;
        T out;
        out.pos = node.pos();
        attributes(node, table, out);
        list.push_back(std::move(out));
    }

    void wan(const StrictNode& node) {
        const AttributeTable<Wan>& table = wanAttributes();
        if (!in_.map(node, table.thing, drawingKeyNames(table.thing))) return;
        Wan out;
        out.pos = node.pos();
        if (const auto* each = in_.require(node, "between", table.thing)) {
            const std::vector<std::string> ends = in_.texts(*each, "between");
            if (in_.ok() && ends.size() != 2) {
                in_.fail(each->pos(), "between needs exactly two clusters", "as in [sanfrancisco, newyork]");
            } else if (in_.ok()) {
                out.a = ends[0];
                out.b = ends[1];
            }
        }
        attributes(node, table, out);
        out_.wan.push_back(std::move(out));
    }

    void region(const StrictNode& node) {
        const AttributeTable<Region>& table = regionAttributes();
        if (!in_.map(node, table.thing, drawingKeyNames(table.thing))) return;
        Region out;
        out.name = node.key;
        out.pos = node.keyPos();
        named(table.thing, out.name, out.pos);
        attributes(node, table, out);
        out_.regions.push_back(std::move(out));
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
