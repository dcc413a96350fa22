// Lines of config.yaml, changed by the places of its tree and read again.
#include "core/systems/tarantool/configedit.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "core/workspace/strictyaml.h"

namespace tributary::tarantool {
namespace {

constexpr std::size_t kStep = 2;  // blanks of one level, where nothing shows another habit

/// A node as text that equal nodes share: one line of YAML.
std::string flowText(const StrictNode& node) {
    if (node.isNull()) return "null";
    if (node.isScalar()) {
        const bool isPlain = !node.quoted && node.scalar.find_first_of(":#{}[],&*'\"") == std::string::npos;
        if (isPlain) return node.scalar;
        std::string out = "'";
        for (const char c : node.scalar) out += c == '\'' ? std::string("''") : std::string(1, c);
        return out + "'";
    }
    std::vector<std::string> parts;
    parts.reserve(node.children.size());
    for (const StrictNode& child : node.children) {
        parts.push_back(node.isMap() ? fmt::format("{}: {}", child.key, flowText(child)) : flowText(child));
    }
    return (node.isMap() ? "{" : "[") + join(parts, ", ") + (node.isMap() ? "}" : "]");
}

StrictNode* childOf(StrictNode& node, std::string_view key) {
    const auto found = std::find_if(node.children.begin(), node.children.end(),
                                    [&](const StrictNode& child) { return child.key == key; });
    return node.isMap() && found != node.children.end() ? &*found : nullptr;
}

/// The node that holds all instances of the replica set that has one of this name, or nullptr.
StrictNode* siblingsOf(StrictNode& root, std::string_view instance) {
    StrictNode* groups = childOf(root, "groups");
    if (groups == nullptr) return nullptr;
    for (StrictNode& group : groups->children) {
        StrictNode* sets = childOf(group, "replicasets");
        if (sets == nullptr) continue;
        for (StrictNode& set : sets->children) {
            StrictNode* instances = childOf(set, "instances");
            if (instances != nullptr && childOf(*instances, instance) != nullptr) return instances;
        }
    }
    return nullptr;
}

Error noInstance(std::string_view instance, std::string_view file) {
    return {ErrorCode::NotFound, fmt::format("config.yaml names no instance {}", instance), std::string(file),
            "add it under instances of a replica set"};
}

Error notEditable(const StrictNode& node, std::string_view file) {
    return {ErrorCode::Unsupported, fmt::format("'{}' cannot be edited safely here", node.key),
            fmt::format("{}:{}:{}", file, node.keyLine, node.keyColumn),
            "write it in block style, a line for each option, or make this change with an editor"};
}

/// The lines of a text, and where blocks of keys end.
class ConfigLines {
public:
    explicit ConfigLines(std::string_view text) : lines_(split(text, '\n')) {
        if (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
    }
    /// The number behind the last line of the key's block, from 1; blank lines and comments below it are not of it.
    [[nodiscard]] std::size_t endOf(const StrictNode& node) const {
        const auto indent = static_cast<std::size_t>(node.keyColumn) - 1;
        auto at = static_cast<std::size_t>(node.keyLine);
        std::size_t end = at;
        for (; at < lines_.size(); ++at) {
            const std::size_t first = lines_[at].find_first_not_of(' ');
            if (first == std::string::npos || lines_[at][first] == '#') continue;
            const bool isItem = lines_[at].compare(first, 2, "- ") == 0 && first == indent;
            if (first <= indent && !isItem) break;
            end = at + 1;
        }
        return end;
    }
    void erase(std::size_t from, std::size_t end) { lines_.erase(begin(from), begin(end)); }
    void insert(std::size_t behind, const std::vector<std::string>& lines) {
        lines_.insert(begin(behind), lines.begin(), lines.end());
    }
    /// What stands behind the value of a key's line: " # why", or nothing.
    [[nodiscard]] std::string remarkOf(const StrictNode& node) const {
        const std::string& line = lines_[static_cast<std::size_t>(node.keyLine) - 1];
        std::size_t from = line.find(node.isScalar() && node.quoted ? "' #" : " #");
        if (from == std::string::npos) return {};
        from = line.find(" #", from);
        while (from > 0 && line[from - 1] == ' ') --from;
        return line.substr(from);
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const std::string& line : lines_) out += line + "\n";
        return out;
    }

private:
    std::vector<std::string>::iterator begin(std::size_t at) {
        return lines_.begin() + static_cast<std::ptrdiff_t>(at);
    }
    std::vector<std::string> lines_;
};

std::string keyText(std::size_t indent, std::string_view key) {
    return std::string(indent, ' ') + std::string(key) + ":";
}

/// `key: value` for the rest of a path, a line for each level.
std::vector<std::string> pathLines(std::size_t indent, const std::vector<std::string>& path, std::size_t from,
                                   std::string_view value) {
    std::vector<std::string> lines;
    for (std::size_t at = from; at < path.size(); ++at) {
        lines.push_back(keyText(indent + (at - from) * kStep, path[at]));
    }
    lines.back() += " " + std::string(value);
    return lines;
}

/// One config.yaml: its text, its tree, and the tree that is wanted.
class Edit {
public:
    static Result<Edit> open(std::string_view config, std::string_view file) {
        Result<StrictNode> root = parseStrictYaml(config, file);
        if (!root) return root.error();
        return Edit(config, file, std::move(root).value());
    }

    Result<std::string> set(std::string_view instance, std::string_view key, std::string_view value) {
        const Result<StrictNode> wanted = parseStrictYaml(value, "the value");
        if (!wanted || value.find('\n') != std::string_view::npos || trim(value).empty()) {
            return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no YAML on one line", value), {}, "rw"};
        }
        StrictNode* node = find(instance);
        if (node == nullptr) return noInstance(instance, file_);
        const std::vector<std::string> path = split(key, '.');
        for (std::size_t at = 0; at < path.size(); ++at) {
            StrictNode* child = childOf(*node, path[at]);
            if (child == nullptr) return grow(*node, path, at, value, *wanted);
            node = child;
        }
        const auto indent = static_cast<std::size_t>(node->keyColumn) - 1;
        const std::string remark = lines_.remarkOf(*node);
        if (isInFlow(instance, path)) return notEditable(*node, file_);
        replaceBlock(*node, {keyText(indent, node->key) + " " + std::string(trim(value)) + remark});
        become(*node, *wanted);
        return proved(*node);
    }

    Result<std::string> unset(std::string_view instance, std::string_view key) {
        StrictNode* parent = find(instance);
        if (parent == nullptr) return noInstance(instance, file_);
        const std::vector<std::string> path = split(key, '.');
        for (std::size_t at = 0; at + 1 < path.size(); ++at) {
            StrictNode* child = childOf(*parent, path[at]);
            if (child == nullptr) return text_;
            parent = child;
        }
        StrictNode* node = childOf(*parent, path.back());
        if (node == nullptr) return text_;
        if (isInFlow(instance, path)) return notEditable(*node, file_);
        return take(*parent, *node);
    }

    Result<std::string> add(std::string_view instance, std::string_view like, std::string_view listen,
                            std::string_view mode) {
        if (find(instance) != nullptr) {
            return Error{ErrorCode::AlreadyExists, fmt::format("config.yaml has an instance {} already", instance),
                         file_, "choose another name"};
        }
        StrictNode* siblings = siblingsOf(root_, like);
        if (siblings == nullptr) return noInstance(like, file_);
        if (siblings->flow) return notEditable(*siblings, file_);
        const StrictNode& last = siblings->children.back();
        const auto indent = static_cast<std::size_t>(last.keyColumn) - 1;
        lines_.insert(lines_.endOf(last), {keyText(indent, instance), keyText(indent + kStep, "database"),
                                           keyText(indent + 2 * kStep, "mode") + " " + std::string(mode),
                                           keyText(indent + kStep, "iproto"), keyText(indent + 2 * kStep, "listen"),
                                           std::string(indent + 2 * kStep, ' ') + fmt::format("- uri: '{}'", listen)});
        Result<StrictNode> made = parseStrictYaml(
            fmt::format("{{database: {{mode: {}}}, iproto: {{listen: [{{uri: '{}'}}]}}}}", mode, listen), "it");
        if (!made) return made.error();
        made->key = std::string(instance);
        const StrictNode place = last;
        siblings->children.push_back(std::move(made).value());
        return proved(place);
    }

    Result<std::string> remove(std::string_view instance) {
        StrictNode* siblings = siblingsOf(root_, instance);
        if (siblings == nullptr) return noInstance(instance, file_);
        StrictNode* node = childOf(*siblings, instance);
        if (siblings->flow) return notEditable(*node, file_);
        if (siblings->children.size() == 1) {
            return Error{ErrorCode::Conflict, fmt::format("{} is the last instance of its replica set", instance),
                         file_, "take the replica set out with an editor"};
        }
        return take(*siblings, *node);
    }

    StrictNode* find(std::string_view instance) {
        StrictNode* siblings = siblingsOf(root_, instance);
        return siblings == nullptr ? nullptr : childOf(*siblings, instance);
    }

private:
    Edit(std::string_view text, std::string_view file, StrictNode root)
        : text_(text), file_(file), root_(std::move(root)), lines_(text) {}

    /// Whether a key of the path, or what holds it, stands inside {...}, where lines say nothing.
    bool isInFlow(std::string_view instance, const std::vector<std::string>& path) {
        StrictNode* holder = siblingsOf(root_, instance);
        if (holder->flow) return true;
        holder = childOf(*holder, instance);
        for (const std::string& key : path) {
            if (holder->flow) return true;
            holder = childOf(*holder, key);
            if (holder == nullptr) return false;
        }
        return false;
    }

    void replaceBlock(const StrictNode& node, const std::vector<std::string>& by) {
        const auto from = static_cast<std::size_t>(node.keyLine) - 1;
        lines_.erase(from, lines_.endOf(node));
        lines_.insert(from, by);
    }

    /// Below `node`, which lacks path[at].
    Result<std::string> grow(StrictNode& node, const std::vector<std::string>& path, std::size_t at,
                             std::string_view value, const StrictNode& wanted) {
        const bool isEmpty = node.isNull() || (node.isMap() && node.children.empty());
        if (!isEmpty && (!node.isMap() || node.flow)) return notEditable(node, file_);
        const StrictNode place = node;
        if (isEmpty) {
            const auto indent = static_cast<std::size_t>(node.keyColumn) - 1;
            std::vector<std::string> by = pathLines(indent + kStep, path, at, value);
            by.insert(by.begin(), keyText(indent, node.key));
            replaceBlock(node, by);
        } else {
            const StrictNode& last = node.children.back();
            const auto indent = static_cast<std::size_t>(last.keyColumn) - 1;
            lines_.insert(lines_.endOf(last), pathLines(indent, path, at, value));
        }
        StrictNode* holder = &node;
        for (std::size_t i = at; i < path.size(); ++i) {
            holder->kind = StrictNode::Kind::Map;
            StrictNode child;
            child.key = path[i];
            holder->children.push_back(std::move(child));
            holder = &holder->children.back();
        }
        become(*holder, wanted);
        return proved(place);
    }

    Result<std::string> take(StrictNode& parent, const StrictNode& node) {
        const StrictNode place = node;
        if (parent.children.size() == 1) {
            const auto indent = static_cast<std::size_t>(parent.keyColumn) - 1;
            replaceBlock(parent, {keyText(indent, parent.key) + " {}"});
        } else {
            replaceBlock(node, {});
        }
        std::erase_if(parent.children, [&](const StrictNode& child) { return child.key == place.key; });
        return proved(place);
    }

    static void become(StrictNode& node, const StrictNode& wanted) {
        const std::string key = node.key;
        node = wanted;
        node.key = key;
    }

    /// The new text, when it says what is wanted and nothing else.
    Result<std::string> proved(const StrictNode& place) {
        std::string text = lines_.text();
        const Result<StrictNode> again = parseStrictYaml(text, file_);
        if (!again || flowText(*again) != flowText(root_)) return notEditable(place, file_);
        return text;
    }

    std::string text_;
    std::string file_;
    StrictNode root_;
    ConfigLines lines_;
};

}  // namespace

Result<std::string> configValue(std::string_view config, std::string_view file, std::string_view instance,
                                std::string_view key) {
    auto edit = Edit::open(config, file);
    if (!edit) return edit.error();
    StrictNode* node = edit->find(instance);
    if (node == nullptr) return noInstance(instance, file);
    for (const std::string& part : split(key, '.')) {
        node = childOf(*node, part);
        if (node == nullptr) return std::string();
    }
    return flowText(*node);
}

bool sameConfigValue(std::string_view a, std::string_view b) {
    if (trim(a).empty() || trim(b).empty()) return trim(a) == trim(b);
    const auto left = parseStrictYaml(a, "a");
    const auto right = parseStrictYaml(b, "b");
    if (!left || !right) return false;
    // Quotes decide what a word is only where it might be something else; names and addresses are texts either way.
    return left->isScalar() && right->isScalar() ? left->scalar == right->scalar : flowText(*left) == flowText(*right);
}

Result<std::string> setConfigValue(std::string_view config, std::string_view file, std::string_view instance,
                                   std::string_view key, std::string_view value) {
    auto edit = Edit::open(config, file);
    return edit ? edit->set(instance, key, value) : edit.error();
}

Result<std::string> unsetConfigValue(std::string_view config, std::string_view file, std::string_view instance,
                                     std::string_view key) {
    auto edit = Edit::open(config, file);
    return edit ? edit->unset(instance, key) : edit.error();
}

Result<std::string> addConfigInstance(std::string_view config, std::string_view file, std::string_view instance,
                                      std::string_view like, std::string_view listen, std::string_view mode) {
    auto edit = Edit::open(config, file);
    return edit ? edit->add(instance, like, listen, mode) : edit.error();
}

Result<std::string> removeConfigInstance(std::string_view config, std::string_view file, std::string_view instance) {
    auto edit = Edit::open(config, file);
    return edit ? edit->remove(instance) : edit.error();
}

Result<std::string> addInstanceName(std::string_view instances, std::string_view name) {
    const auto root = parseStrictYaml(instances, "instances.yml");
    if (!root) return root.error();
    if (root->find(name) != nullptr) return std::string(instances);
    std::string text(instances);
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text + std::string(name) + ":\n";
}

Result<std::string> removeInstanceName(std::string_view instances, std::string_view name) {
    const auto root = parseStrictYaml(instances, "instances.yml");
    if (!root) return root.error();
    const StrictNode* node = root->find(name);
    if (node == nullptr) return std::string(instances);
    if (root->flow) return notEditable(*node, "instances.yml");
    ConfigLines lines(instances);
    lines.erase(static_cast<std::size_t>(node->keyLine) - 1, lines.endOf(*node));
    return lines.text();
}

}  // namespace tributary::tarantool
