// Cutting the text into units and reading only those that changed.
#include "core/workspace/drawingtext.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/workspace/drawingsections.h"
#include "core/workspace/textspans.h"
#include "core/workspace/topologyfile.h"

namespace tributary {

namespace {

/// More separate changes than an edit makes: reading all is quicker to decide on.
constexpr std::size_t kHunksMax = 256;
/// How far behind a change the old text is looked for in the new one.
constexpr std::size_t kLookAheadUnits = 64;

struct ItemCut {
    std::vector<std::size_t> begins;  ///< byte offsets of line starts
    std::vector<int> lines;
    std::size_t indent = 0;
};

/// nullopt unless every item begins a line of its own, all equally deep.
std::optional<ItemCut> cutItems(const StrictNode& section, std::string_view text) {
    if (section.flow || section.children.empty()) return std::nullopt;
    const TextSpans spans(text);
    ItemCut out;
    for (const StrictNode& item : section.children) {
        const auto begin = section.isMap() ? std::optional(item.keyOffset) : spans.dashBefore(item.offset);
        if (!begin) return std::nullopt;
        const std::size_t start = spans.lineStart(*begin);
        const bool alone = text.substr(start, *begin - start).find_first_not_of(' ') == std::string_view::npos;
        const bool after = out.begins.empty() || start > out.begins.back();
        if (!alone || !after || (!out.begins.empty() && *begin - start != out.indent)) return std::nullopt;
        out.indent = *begin - start;
        out.begins.push_back(start);
        out.lines.push_back(section.isMap() ? item.keyLine : item.line);
    }
    return out;
}

std::size_t nodesIn(const StrictNode& node) {
    std::size_t count = 2;  // a key is a node too
    for (const StrictNode& child : node.children) count += nodesIn(child);
    return count;
}

void shiftLine(SourcePos& pos, int from, int by) {
    if (pos.known() && pos.line >= from) pos.line += by;
}

/// Moves what stands at line `from` or below it.
void shiftLines(Topology& topology, int from, int by) {
    if (by == 0) return;
    const auto shiftAll = [&](Permissions& perms) {
        for (auto& [name, permission] : perms) shiftLine(permission.pos, from, by);
    };
    for (Cluster& cluster : topology.clusters) {
        shiftLine(cluster.pos, from, by);
        for (Gateway& gateway : cluster.gateways) shiftLine(gateway.pos, from, by);
        for (Member& member : cluster.members) shiftLine(member.pos, from, by);
        for (Account& account : cluster.accounts) shiftLine(account.pos, from, by);
    }
    for (Dataset& dataset : topology.datasets) {
        shiftLine(dataset.pos, from, by);
        shiftAll(dataset.perms);
        for (FieldFormat& each : dataset.format) shiftLine(each.pos, from, by);
        for (Family& family : dataset.families) {
            shiftLine(family.pos, from, by);
            shiftAll(family.perms);
        }
    }
    for (Peer& peer : topology.peers) shiftLine(peer.pos, from, by);
    for (Connection& connection : topology.connections) shiftLine(connection.pos, from, by);
    for (Replica& replica : topology.replicas) shiftLine(replica.pos, from, by);
    for (Upstream& upstream : topology.upstreams) shiftLine(upstream.pos, from, by);
    for (Wan& wan : topology.wan) shiftLine(wan.pos, from, by);
    for (Region& region : topology.regions) shiftLine(region.pos, from, by);
}

int newlinesIn(std::string_view text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

/// Whether a line may end the document or begin another.
bool hasMarker(std::string_view lines) {
    for (const std::string_view marker : {"---", "...", "%"}) {
        for (std::size_t at = lines.find(marker); at != std::string_view::npos; at = lines.find(marker, at + 1)) {
            if (at == 0 || lines[at - 1] == '\n' || lines[at - 1] == '\r') return true;
        }
    }
    return false;
}

/// Finds stretches of lines in a part of a text.
class LineFinder {
public:
    LineFinder(std::string_view text, std::size_t begin, std::size_t end) : text_(text) {
        for (std::size_t at = begin; at < end; at = lineEnd(at)) starts_[lineAt(at)].push_back(at);
    }
    /// The first place from `from` on where these lines stand.
    [[nodiscard]] std::optional<std::size_t> find(std::string_view lines, std::size_t from) const {
        const auto found = starts_.find(lines.substr(0, lines.find('\n')));
        if (found == starts_.end()) return std::nullopt;
        const auto stands = [&](std::size_t at) { return at >= from && text_.substr(at).starts_with(lines); };
        const auto at = std::find_if(found->second.begin(), found->second.end(), stands);
        return at == found->second.end() ? std::nullopt : std::optional(*at);
    }

private:
    [[nodiscard]] std::size_t lineEnd(std::size_t at) const {
        const std::size_t newline = text_.find('\n', at);
        return newline == std::string_view::npos ? text_.size() : newline + 1;
    }
    [[nodiscard]] std::string_view lineAt(std::size_t at) const {
        return text_.substr(at, std::min(text_.find('\n', at), text_.size()) - at);
    }

    std::string_view text_;
    std::unordered_map<std::string_view, std::vector<std::size_t>> starts_;  // nobody walks it
};

}  // namespace

/// What the items of a hunk draw, read as a document of their own.
struct DrawingText::Reading {
    Section section = Section::None;
    Topology topology;
    std::vector<Unit> units;  ///< begins and lines counted from the hunk's begin
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    int newlines = 0;
    std::optional<std::size_t> indent;
};

std::string DrawingText::headOf(Section section) {
    return fmt::format("tributary: {}\n{}:\n", kTopologyFormat, kSectionNames[static_cast<std::size_t>(section)]);
}

Result<DrawingText> DrawingText::read(std::string text, std::string file) {
    const Result<StrictNode> root = parseStrictYaml(text, file);
    if (!root) return root.error();
    Result<Topology> topology = readTopology(*root, file);
    if (!topology) return topology.error();
    DrawingText out(std::move(file));
    out.text_ = std::move(text);
    out.topology_ = std::make_shared<const Topology>(std::move(*topology));
    out.cutText(*root);
    return out;
}

void DrawingText::cutText(const StrictNode& root) {
    nodes_ = nodesIn(root);
    if (!root.isMap() || root.flow) return;
    const TextSpans spans(text_);
    for (const StrictNode& node : root.children) {
        const auto name = std::find(kSectionNames.begin(), kSectionNames.end(), node.key);
        const auto section = static_cast<Section>(name - kSectionNames.begin());
        const std::size_t begin = units_.empty() ? 0 : spans.lineStart(node.keyOffset);
        units_.push_back({begin, units_.empty() ? 1 : node.keyLine, section, false});
        if (section == Section::None) continue;
        Cut& cut = cuts_[static_cast<std::size_t>(section)];
        // "replicas:" alone; not "replicas: ~", which an item cannot follow.
        const bool empty = node.isNull() && node.offset == node.keyOffset;
        const auto items = cutItems(node, text_);
        cut.open =
            items.has_value() || (empty && spans.lineEnd(node.keyOffset) == text_.find('\n', node.keyOffset) + 1 &&
                                  text_.find(':', node.keyOffset) + 1 == text_.find('\n', node.keyOffset));
        if (!items) continue;
        cut.indent = items->indent;
        for (std::size_t i = 0; i < items->begins.size(); ++i) {
            units_.push_back({items->begins[i], items->lines[i], section, true});
        }
    }
}

std::size_t DrawingText::endOf(std::size_t unit) const {
    return unit + 1 < units_.size() ? units_[unit + 1].begin : text_.size();
}

std::string_view DrawingText::unitText(std::size_t unit) const {
    return std::string_view(text_).substr(units_[unit].begin, endOf(unit) - units_[unit].begin);
}

std::size_t DrawingText::elementAt(std::size_t unit) const {
    std::size_t first = unit;
    while (first > 0 && units_[first - 1].item) --first;  // a header stands between two sections
    return unit - first;
}

Status DrawingText::take(std::string text) {
    if (text == text_ && !units_.empty()) return okStatus();
    if (takeChanges(text)) return okStatus();
    Result<DrawingText> whole = read(std::move(text), file_);
    if (!whole) return whole.error();
    const std::size_t readings = wholeReadings_ + 1;
    *this = std::move(*whole);
    wholeReadings_ = readings;
    return okStatus();
}

bool DrawingText::takeChanges(const std::string& text) {
    constexpr StrictLimits kLimits;
    if (units_.empty() || text.size() > kLimits.bytesMax) return false;
    const auto hunks = hunksTo(text);
    if (!hunks) return false;
    std::vector<Reading> readings;
    std::size_t nodes = nodes_;
    for (const Hunk& hunk : *hunks) {
        std::optional<Reading> reading = readAlone(hunk, text);
        if (!reading || !namesAreFree(hunk, *reading)) return false;
        nodes += reading->nodes;
        readings.push_back(std::move(*reading));
    }
    if (nodes > kLimits.nodesMax) return false;
    Topology topology = *topology_;
    // From the last to the first: the places of those before stay what they are.
    for (std::size_t i = hunks->size(); i > 0; --i) install((*hunks)[i - 1], std::move(readings[i - 1]), topology);
    nodes_ = nodes;
    text_ = text;
    topology_ = std::make_shared<const Topology>(std::move(topology));
    return true;
}

std::optional<std::vector<DrawingText::Hunk>> DrawingText::hunksTo(std::string_view text) const {
    const std::string_view old = text_;
    const std::size_t shortest = std::min(old.size(), text.size());
    std::size_t head = 0;
    while (head < shortest && old[head] == text[head]) ++head;
    std::size_t tail = 0;
    while (tail < shortest - head && old[old.size() - 1 - tail] == text[text.size() - 1 - tail]) ++tail;
    // Units from here on lie in the common tail, each as far from its text's end as before.
    const auto begins = [](const Unit& unit, std::size_t offset) { return unit.begin < offset; };
    const auto tailUnit = static_cast<std::size_t>(
        std::lower_bound(units_.begin(), units_.end(), old.size() - tail, begins) - units_.begin());
    const std::size_t tailAt =
        tailUnit < units_.size() ? text.size() - (old.size() - units_[tailUnit].begin) : text.size();
    auto unit =
        static_cast<std::size_t>(std::lower_bound(units_.begin(), units_.end(), head + 1, begins) - units_.begin()) - 1;
    std::size_t at = units_[unit].begin;
    const LineFinder lines(text, at, tailAt);
    std::vector<Hunk> hunks;
    while (unit < tailUnit || at < tailAt) {
        if (unit < tailUnit && text.substr(at).starts_with(unitText(unit))) {
            at += unitText(unit).size();
            ++unit;
            continue;
        }
        if (at > tailAt) return std::nullopt;
        Hunk hunk{unit, tailUnit, at, tailAt};
        for (std::size_t next = unit; next < std::min(tailUnit, unit + kLookAheadUnits); ++next) {
            const auto found = lines.find(unitText(next), at);
            if (!found) continue;
            hunk.last = next;
            hunk.end = *found;
            break;
        }
        unit = hunk.last;
        at = hunk.end;
        addHunk(hunks, hunk);
        if (hunks.size() > kHunksMax) return std::nullopt;
    }
    if (at != tailAt) return std::nullopt;
    return hunks;
}

/// New text may go on with the item before it (a deeper line, a comment in a block of text): that item is read again.
void DrawingText::addHunk(std::vector<Hunk>& hunks, Hunk hunk) const {
    const bool grows = hunk.end > hunk.begin && hunk.first > 0 && units_[hunk.first - 1].item;
    if (grows && (hunks.empty() || hunks.back().last < hunk.first)) {
        --hunk.first;
        hunk.begin -= endOf(hunk.first) - units_[hunk.first].begin;
    }
    if (!hunks.empty() && hunks.back().last == hunk.first) {
        hunks.back().last = hunk.last;
        hunks.back().end = hunk.end;
    } else {
        hunks.push_back(hunk);
    }
}

std::optional<DrawingText::Reading> DrawingText::readAlone(const Hunk& hunk, std::string_view text) const {
    if (hunk.last == 0) return std::nullopt;  // before the first line
    Reading out;
    out.section = hunk.first < hunk.last ? units_[hunk.first].section : units_[hunk.first - 1].section;
    if (out.section == Section::None) return std::nullopt;
    const Cut& cut = cuts_[static_cast<std::size_t>(out.section)];
    const auto isItem = [&](const Unit& unit) { return unit.item && unit.section == out.section; };
    const auto begin = units_.begin() + static_cast<std::ptrdiff_t>(hunk.first);
    const auto end = units_.begin() + static_cast<std::ptrdiff_t>(hunk.last);
    if (!cut.open || !std::all_of(begin, end, isItem)) return std::nullopt;
    const std::string_view changed = text.substr(hunk.begin, hunk.end - hunk.begin);
    const bool wholeLines = (hunk.begin == 0 || text[hunk.begin - 1] == '\n') &&
                            (changed.empty() || changed.back() == '\n' || hunk.end == text.size());
    if (!wholeLines || hasMarker(changed)) return std::nullopt;
    const std::string head = headOf(out.section);
    const std::string alone = head + std::string(changed);
    const Result<StrictNode> root = parseStrictYaml(alone, file_);
    if (!root || root->children.size() != 2 || root->flow) return std::nullopt;
    const StrictNode& node = root->children.back();
    const int linesAbove = newlinesIn(head) + 1;
    if (!node.isNull()) {
        const auto items = cutItems(node, alone);
        if (!items || (cut.indent && *cut.indent != items->indent)) return std::nullopt;
        out.indent = items->indent;
        for (std::size_t i = 0; i < items->begins.size(); ++i) {
            out.units.push_back({items->begins[i] - head.size(), items->lines[i] - linesAbove, out.section, true});
        }
    }
    Result<Topology> read = readTopology(*root, file_);
    if (!read) return std::nullopt;
    out.topology = std::move(*read);
    out.nodes = nodesIn(node);
    out.bytes = changed.size();
    out.newlines = newlinesIn(changed);
    return out;
}

bool DrawingText::namesAreFree(const Hunk& hunk, const Reading& reading) const {
    std::set<std::string_view> names;
    for (const Cluster& each : reading.topology.clusters) names.insert(each.name);
    for (const Dataset& each : reading.topology.datasets) names.insert(each.path);
    if (names.empty()) return true;
    const std::size_t first = hunk.first < hunk.last ? elementAt(hunk.first) : 0;
    const auto isTaken = [&](std::size_t place, std::string_view name) {
        return (place < first || place >= first + (hunk.last - hunk.first)) && names.contains(name);
    };
    const Topology& old = *topology_;
    if (reading.section == Section::Clusters) {
        for (std::size_t i = 0; i < old.clusters.size(); ++i) {
            if (isTaken(i, old.clusters[i].name)) return false;
        }
    } else {
        for (std::size_t i = 0; i < old.datasets.size(); ++i) {
            if (isTaken(i, old.datasets[i].path)) return false;
        }
    }
    return true;
}

void DrawingText::install(const Hunk& hunk, Reading reading, Topology& topology) {
    const std::size_t oldBegin = hunk.first < units_.size() ? units_[hunk.first].begin : text_.size();
    const std::size_t oldEnd = hunk.last < units_.size() ? units_[hunk.last].begin : text_.size();
    const std::string_view old = text_;
    const int line = hunk.first < units_.size() ? units_[hunk.first].line
                                                : units_.back().line + newlinesIn(unitText(units_.size() - 1));
    const int lineEnd = line + newlinesIn(old.substr(oldBegin, oldEnd - oldBegin));
    const int linesBy = reading.newlines - (lineEnd - line);
    const std::size_t first = elementAt(hunk.first);
    eachSection(topology, [&](std::size_t section, auto& elements) {
        if (section != static_cast<std::size_t>(reading.section)) return;
        const auto at = elements.begin() + static_cast<std::ptrdiff_t>(first);
        elements.erase(at, at + static_cast<std::ptrdiff_t>(hunk.last - hunk.first));
    });
    if (oldEnd < text_.size()) shiftLines(topology, lineEnd, linesBy);
    shiftLines(reading.topology, 0, line - 1 - newlinesIn(headOf(reading.section)));
    eachSection(topology, [&](std::size_t section, auto& elements) {
        if (section != static_cast<std::size_t>(reading.section)) return;
        auto& fresh = sectionOf(reading.topology, elements);
        elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(first), std::make_move_iterator(fresh.begin()),
                        std::make_move_iterator(fresh.end()));
    });
    for (Unit& unit : reading.units) {
        unit.begin += oldBegin;
        unit.line += line;
    }
    for (std::size_t i = hunk.last; i < units_.size(); ++i) {
        units_[i].begin = units_[i].begin + reading.bytes - (oldEnd - oldBegin);
        units_[i].line += linesBy;
    }
    const auto at = units_.begin() + static_cast<std::ptrdiff_t>(hunk.first);
    const auto gap = units_.erase(at, at + static_cast<std::ptrdiff_t>(hunk.last - hunk.first));
    units_.insert(gap, reading.units.begin(), reading.units.end());
    Cut& cut = cuts_[static_cast<std::size_t>(reading.section)];
    const bool left = std::any_of(units_.begin(), units_.end(),
                                  [&](const Unit& unit) { return unit.item && unit.section == reading.section; });
    cut.indent = !left ? std::nullopt : reading.indent ? reading.indent : cut.indent;
}

}  // namespace tributary
