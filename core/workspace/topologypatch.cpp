// Patches topology.yaml: compares the drawing in the text with the wanted one, element by element.
#include "core/workspace/topologypatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "core/workspace/elementmatch.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/textspans.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

/// The name under which a section lists an element; edges are items and have none.
std::string nameOf(const Cluster& cluster) {
    return cluster.name;
}
std::string nameOf(const Dataset& dataset) {
    return dataset.path;
}
std::string nameOf(const Region& region) {
    return region.name;
}
template <typename T>
constexpr bool kNamed = std::is_same_v<T, Cluster> || std::is_same_v<T, Dataset> || std::is_same_v<T, Region>;

const std::string* findKey(const KeyTexts& texts, std::string_view key) {
    for (const auto& [name, text] : texts) {
        if (name == key) return &text;
    }
    return nullptr;
}

/// The keys of a map as keyTexts() writes it; nullopt when the text is no map, or one without a key.
std::optional<KeyTexts> mapTexts(const std::string& text) {
    if (!text.starts_with('{')) return std::nullopt;
    const Result<StrictNode> root = parseStrictYaml(text, "a value");
    if (!root || !root->isMap() || root->children.empty()) return std::nullopt;
    const TextSpans spans(text);
    KeyTexts out;
    for (const StrictNode& child : root->children) {
        const auto end = spans.valueEnd(child, true);
        if (!end || child.isNull()) return std::nullopt;
        out.emplace_back(child.key, text.substr(child.offset, *end - child.offset));
    }
    return out;
}

/// Collects the changes of one text. Every step answers whether it understood the text's shape.
class Patcher {
public:
    Patcher(std::string_view text, const StrictNode& root) : text_(text), root_(root), spans_(text) {}

    /// nullopt: the text has a shape that is not patched in place.
    std::optional<std::string> run(const Topology& current, const Topology& wanted) {
        if (root_.flow) return std::nullopt;
        const bool understood = section("clusters", current.clusters, wanted.clusters) &&
                                section("datasets", current.datasets, wanted.datasets) &&
                                section("replicas", current.replicas, wanted.replicas) &&
                                section("upstreams", current.upstreams, wanted.upstreams) &&
                                section("peers", current.peers, wanted.peers) &&
                                section("connections", current.connections, wanted.connections) &&
                                section("wan", current.wan, wanted.wan) &&
                                section("regions", current.regions, wanted.regions);
        if (!understood) return std::nullopt;
        if (!newSections_.empty()) {
            const bool needsNewline = !text_.empty() && text_.back() != '\n';
            changes_.insert(text_.size(), (needsNewline ? "\n" : "") + newSections_);
        }
        return changes_.applied(text_);
    }

private:
    template <typename T>
    bool section(std::string_view name, const std::vector<T>& current, const std::vector<T>& wanted) {
        const StrictNode* node = root_.find(name);
        std::vector<bool> kept(current.size(), false);
        std::vector<T> added;
        bool understood = true;
        const std::vector<std::optional<std::size_t>> matches = matchedElements(current, wanted);
        for (std::size_t w = 0; w < wanted.size(); ++w) {
            if (!matches[w]) {
                added.push_back(wanted[w]);
                continue;
            }
            const std::size_t i = *matches[w];
            kept[i] = true;
            if (current[i] == wanted[w]) continue;
            understood = understood && change(*node, node->children[i], keyTexts(current[i]), keyTexts(wanted[w]));
        }
        for (std::size_t i = 0; i < current.size() && understood; ++i) {
            if (!kept[i]) understood = remove(*node, node->children[i]);
        }
        return understood && (added.empty() || add(name, node, added));
    }

    /// One element changed: its values are replaced, inserted or removed one by one.
    bool change(const StrictNode& parent, const StrictNode& element, const KeyTexts& before, const KeyTexts& after) {
        return before == after || changeKeys(element, before, after) || replaceElement(parent, element, after);
    }

    /// The keys of a map that differ. What was begun is taken back when one of them is not understood.
    bool changeKeys(const StrictNode& element, const KeyTexts& before, const KeyTexts& after) {
        TextChanges tried = changes_;
        bool understood = true;
        for (const auto& [key, text] : after) {
            const std::string* old = findKey(before, key);
            if (old != nullptr && *old == text) continue;
            const StrictNode* child = element.find(key);
            understood = understood &&
                         (child == nullptr ? insertKey(element, key, text) : changeValue(element, *child, old, text));
        }
        for (const auto& [key, text] : before) {
            const StrictNode* child = element.find(key);
            if (findKey(after, key) == nullptr && child != nullptr) understood = understood && remove(element, *child);
        }
        if (!understood) changes_ = std::move(tried);
        return understood;
    }

    /// A map that stays one is changed key by key, so that what stands beside and between its keys survives.
    bool changeValue(const StrictNode& parent, const StrictNode& child, const std::string* old,
                     const std::string& text) {
        const auto before = old != nullptr && child.isMap() ? mapTexts(*old) : std::nullopt;
        const auto after = before ? mapTexts(text) : std::nullopt;
        return (after && changeKeys(child, *before, *after)) || replaceValue(parent, child, text);
    }

    bool replaceValue(const StrictNode& parent, const StrictNode& child, const std::string& text) {
        const auto end = spans_.valueEnd(child, parent.flow);
        if (!end || child.isNull()) return false;
        changes_.replace({child.offset, *end}, text);
        return true;
    }

    bool insertKey(const StrictNode& element, const std::string& key, const std::string& text) {
        if (element.children.empty() || !element.isMap()) return false;
        const StrictNode& last = element.children.back();
        if (element.flow) {
            const auto end = spans_.valueEnd(last, true);
            if (!end) return false;
            changes_.insert(*end, fmt::format(", {}: {}", yamlScalar(key), text));
            return true;
        }
        const std::size_t indent = spans_.indentOf(last.keyOffset);
        insertLine(spans_.blockEnd(last.keyOffset, indent),
                   fmt::format("{:{}}{}: {}", "", indent, yamlScalar(key), text));
        return true;
    }

    /// The whole element anew, on one line.
    bool replaceElement(const StrictNode& parent, const StrictNode& element, const KeyTexts& after) {
        if (element.flow) {
            const auto end = spans_.valueEnd(element, parent.flow);
            if (!end) return false;
            changes_.replace({element.offset, *end}, flowMap(after));
            return true;
        }
        if (parent.flow || element.line == 0) return false;
        const auto dash = spans_.dashBefore(element.offset);
        if (parent.isSequence() && !dash) return false;
        const std::size_t begin = parent.isMap() ? element.keyOffset : *dash;
        const std::size_t end = spans_.blockEnd(begin, spans_.indentOf(begin));
        const std::string head = parent.isMap() ? yamlScalar(element.key) + ": " : std::string("- ");
        changes_.replace({begin, end}, head + flowMap(after) + "\n");
        return true;
    }

    /// Removes a child of a map or list: its lines, or its place between the commas.
    bool remove(const StrictNode& parent, const StrictNode& child) {
        const std::size_t start = parent.isMap() ? child.keyOffset : child.offset;
        if (parent.flow) {
            const auto end = spans_.valueEnd(child, true);
            if (!end) return false;
            changes_.replace(spans_.withComma(start, *end), "");
            return true;
        }
        const auto begin = parent.isMap() ? std::optional(start) : spans_.dashBefore(start);
        if (!begin) return false;
        const std::size_t line = spans_.lineStart(*begin);
        if (text_.substr(line, *begin - line).find_first_not_of(' ') != std::string_view::npos) return false;
        changes_.replace({line, spans_.blockEnd(*begin, *begin - line)}, "");
        return true;
    }

    template <typename T>
    static std::string itemText(const T& element) {
        if constexpr (kNamed<T>) {
            return fmt::format("{}: {}", yamlScalar(nameOf(element)), flowMap(keyTexts(element)));
        } else {
            return flowMap(keyTexts(element));
        }
    }

    template <typename T>
    bool add(std::string_view name, const StrictNode* node, const std::vector<T>& added) {
        const std::string_view dash = kNamed<T> ? "" : "- ";
        std::string lines;
        if (node == nullptr || node->isNull()) {
            for (const T& element : added) lines += fmt::format("  {}{}\n", dash, itemText(element));
            if (node == nullptr) {
                newSections_ += fmt::format("{}:\n{}", name, lines);
            } else {
                insertLine(spans_.lineEnd(node->keyOffset), lines.substr(0, lines.size() - 1));
            }
            return true;
        }
        if (node->flow) return addToFlow(*node, added);
        const StrictNode& last = node->children.back();
        const auto begin = kNamed<T> ? std::optional(last.keyOffset) : spans_.dashBefore(last.offset);
        if (!begin) return false;
        const std::size_t indent = spans_.indentOf(*begin);
        for (const T& element : added) lines += fmt::format("{:{}}{}{}\n", "", indent, dash, itemText(element));
        insertLine(spans_.blockEnd(*begin, indent), lines.substr(0, lines.size() - 1));
        return true;
    }

    template <typename T>
    bool addToFlow(const StrictNode& node, const std::vector<T>& added) {
        const auto end = spans_.valueEnd(node, false);
        if (!end) return false;
        std::string items;
        for (const T& element : added) {
            items += (items.empty() && node.children.empty() ? "" : ", ") + itemText(element);
        }
        const auto last = node.children.empty() ? std::optional(*end - 1) : spans_.valueEnd(node.children.back(), true);
        if (!last) return false;
        changes_.insert(*last, items);
        return true;
    }

    /// Inserts a line at `offset`, which is a line's start or the end of a text that may lack its last newline.
    void insertLine(std::size_t offset, const std::string& line) {
        const bool afterNewline = offset == 0 || text_[offset - 1] == '\n';
        changes_.insert(offset, afterNewline ? line + "\n" : "\n" + line);
    }

    std::string_view text_;
    const StrictNode& root_;
    TextSpans spans_;
    TextChanges changes_;
    std::string newSections_;
};

/// The comment lines a file begins with: a licence or a description that survives a rewriting.
std::string leadingComments(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size() && text[at] == '#') {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        out.append(text.substr(at, end - at));
        at = end;
    }
    return out;
}

template <typename T>
std::vector<std::string> sortedTexts(const std::vector<T>& elements) {
    std::vector<std::string> out;
    out.reserve(elements.size());
    for (const T& element : elements) out.push_back(elementText(idOf(element)) + flowMap(keyTexts(element)));
    std::sort(out.begin(), out.end());
    return out;
}

template <typename T>
bool sameElements(const std::vector<T>& left, const std::vector<T>& right) {
    // Mostly the order is the same too, and no text need be made.
    return left == right || (left.size() == right.size() && sortedTexts(left) == sortedTexts(right));
}

}  // namespace

bool sameDrawing(const Topology& left, const Topology& right) {
    const Topology a = withoutPositions(left);
    const Topology b = withoutPositions(right);
    return sameElements(a.clusters, b.clusters) && sameElements(a.datasets, b.datasets) &&
           sameElements(a.replicas, b.replicas) && sameElements(a.upstreams, b.upstreams) &&
           sameElements(a.peers, b.peers) && sameElements(a.connections, b.connections) && sameElements(a.wan, b.wan) &&
           sameElements(a.regions, b.regions);
}

Result<PatchedText> patchTopology(std::string_view text, std::string_view file, const Topology& wanted) {
    const Result<StrictNode> root = parseStrictYaml(text, file);
    if (!root) return root.error();
    const Result<Topology> current = readTopology(*root, file);
    if (!current) return current.error();
    if (auto patched = Patcher(text, *root).run(*current, wanted)) {
        const Result<Topology> check = parseTopology(*patched, file);
        if (check && sameDrawing(*check, wanted)) return PatchedText{std::move(*patched), false};
    }
    std::string rewritten = leadingComments(text) + writeTopology(wanted);
    const Result<Topology> check = parseTopology(rewritten, file);
    if (check && sameDrawing(*check, wanted)) return PatchedText{std::move(rewritten), true};
    return Error{ErrorCode::Internal,
                 fmt::format("the drawing cannot be written as YAML{}", check ? "" : ": " + check.error().text()),
                 std::string(file), "rename the element with the unusual name"};
}

Result<PatchedText> patchTopology(std::string_view text, std::string_view file, const Edit& edit) {
    Result<Topology> wanted = parseTopology(text, file);
    if (!wanted) return wanted.error();
    const Result<EditPtr> inverse = edit.apply(*wanted);
    if (!inverse) return inverse.error();
    return patchTopology(text, file, *wanted);
}

}  // namespace tributary
