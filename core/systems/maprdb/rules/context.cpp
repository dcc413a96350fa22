// What the rules of MapR-DB derive from the drawing.
#include "core/systems/maprdb/rules/context.h"

#include <algorithm>
#include <limits>

#include "core/systems/maprdb/naming.h"
#include "core/systems/registry.h"

namespace tributary::maprdb {

namespace {

constexpr std::string_view kName = "maprdb";
constexpr std::size_t kNoLoop = std::numeric_limits<std::size_t>::max();
/// Tarjan's strongly connected components without recursion: a chain of thousands must not end the stack.
class LoopFinder {
public:
    explicit LoopFinder(std::vector<std::vector<std::size_t>> next)
        : next_(std::move(next)), order_(next_.size(), 0), low_(next_.size(), 0), open_(next_.size(), false) {}

    /// Groups of two or more places that reach one another; their order is of no meaning.
    std::vector<std::vector<std::size_t>> run() {
        for (std::size_t place = 0; place < next_.size(); ++place) {
            if (order_[place] == 0) visit(place);
        }
        return std::move(found_);
    }

private:
    struct Frame {
        std::size_t place;
        std::size_t edge = 0;
    };

    void enter(std::size_t place, std::vector<Frame>& frames) {
        order_[place] = low_[place] = ++count_;
        open_[place] = true;
        path_.push_back(place);
        frames.push_back({place});
    }

    void visit(std::size_t start) {
        std::vector<Frame> frames;
        enter(start, frames);
        while (!frames.empty()) {
            const std::size_t place = frames.back().place;
            if (frames.back().edge < next_[place].size()) {
                const std::size_t to = next_[place][frames.back().edge++];
                if (order_[to] == 0) {
                    enter(to, frames);
                } else if (open_[to]) {
                    low_[place] = std::min(low_[place], order_[to]);
                }
                continue;
            }
            frames.pop_back();
            if (!frames.empty()) low_[frames.back().place] = std::min(low_[frames.back().place], low_[place]);
            if (low_[place] == order_[place]) close(place);
        }
    }

    void close(std::size_t root) {
        std::vector<std::size_t> group;
        while (group.empty() || group.back() != root) {
            group.push_back(path_.back());
            open_[path_.back()] = false;
            path_.pop_back();
        }
        if (group.size() > 1) found_.push_back(std::move(group));
    }

    std::vector<std::vector<std::size_t>> next_;
    std::vector<std::size_t> order_;
    std::vector<std::size_t> low_;
    std::vector<bool> open_;
    std::vector<std::size_t> path_;
    std::vector<std::vector<std::size_t>> found_;
    std::size_t count_ = 0;
};

/// The path itself, or what it was certainly meant to be.
std::string repaired(std::string_view path, const Result<DatasetPath>& parsed) {
    if (!parsed && parseDatasetPath(parsed.error().fix)) return parsed.error().fix;
    return std::string(path);
}

}  // namespace

Context::Context(const RuleContext& drawing)
    : topology(drawing.topology), options(drawing.options), index(drawing.index) {
    for (const Dataset& each : topology.datasets) learn(each.path);
    for (const Replica& each : topology.replicas) {
        learn(each.from);
        learn(each.to);
        replicas_.insert(pairOf(each.from, each.to));
    }
    for (const Upstream& each : topology.upstreams) {
        learn(each.at);
        learn(each.from);
        upstreams_.insert(pairOf(each.at, each.from));
    }
    for (const Wan& each : topology.wan) {
        if (index.wanBetween(each.a, each.b) != &each) continue;
        wanAt_.emplace(each.a, &each);
        if (each.a != each.b) wanAt_.emplace(each.b, &each);
    }
    collectEdges();
    findLoops();
    findReachable();
}

void Context::learn(std::string_view path) {
    if (paths_.contains(path)) return;
    const Result<DatasetPath> parsed = parseDatasetPath(path);
    PathFacts facts;
    facts.global = parsed.ok();
    if (parsed) facts.clusterName = parsed->cluster;
    if (parsed) facts.cluster = index.cluster(parsed->cluster);
    facts.meant = meanings_.emplace(repaired(path, parsed), static_cast<std::uint32_t>(meanings_.size())).first->second;
    paths_.emplace(path, std::move(facts));
}

const Context::PathFacts& Context::factsOf(std::string_view path) const {
    static const PathFacts kNowhere;
    const auto found = paths_.find(path);
    return found == paths_.end() ? kNowhere : found->second;
}

void Context::collectEdges() {
    edges_.reserve(topology.replicas.size());
    for (const Replica& replica : topology.replicas) {
        const Dataset* source = index.dataset(replica.from);
        const Dataset* target = index.dataset(replica.to);
        const bool usable = source != nullptr && target != nullptr && source != target;
        if (!usable || !isMaprDb(*source) || !isMaprDb(*target)) continue;
        edges_.push_back({&replica, source, target});
    }
    from_.resize(topology.datasets.size());
    into_.resize(topology.datasets.size());
    for (const Edge& edge : edges_) {
        from_[placeOf(*edge.source)].push_back(&edge);
        into_[placeOf(*edge.target)].push_back(&edge);
    }
}

void Context::findLoops() {
    loopAt_.assign(topology.datasets.size(), kNoLoop);
    std::vector<std::vector<std::size_t>> next(topology.datasets.size());
    for (const Edge& edge : edges_) next[placeOf(*edge.source)].push_back(placeOf(*edge.target));
    for (const std::vector<std::size_t>& group : LoopFinder(std::move(next)).run()) {
        for (const std::size_t place : group) loopAt_[place] = loops_.size();
        loops_.emplace_back();
    }
    for (const Dataset& each : topology.datasets) {
        // By path: a dataset drawn twice counts as its first.
        const std::size_t loop = loopAt_[*index.datasetAt(each.path)];
        if (loop == kNoLoop) continue;
        loops_[loop].members.push_back(&each);
        loops_[loop].clusters.insert(factsOf(each.path).clusterName);
    }
}

void Context::findReachable() {
    std::vector<std::size_t> existing;
    for (const Dataset& each : topology.datasets) {
        if (each.exists) existing.push_back(*index.datasetAt(each.path));
    }
    mayExist_ = reachedFrom(existing);
    for (std::size_t place = 0; place < mayExist_.size(); ++place) {
        if (topology.datasets[place].exists) mayExist_[place] = true;
    }
}

std::vector<bool> Context::reachedFrom(const std::vector<std::size_t>& starts) const {
    std::vector<bool> seen(topology.datasets.size(), false);
    std::vector<std::size_t> open = starts;
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const Edge* edge : from_[at]) {
            const std::size_t to = placeOf(*edge->target);
            if (seen[to]) continue;
            seen[to] = true;
            open.push_back(to);
        }
    }
    return seen;
}

std::size_t Context::placeOf(const Dataset& dataset) const {
    return static_cast<std::size_t>(&dataset - topology.datasets.data());
}

const Cluster* Context::clusterOfPath(std::string_view path) const {
    return factsOf(path).cluster;
}

bool Context::isMaprDb(std::string_view path) const {
    const Cluster* cluster = clusterOfPath(path);
    return cluster == nullptr ? systemOfForm(path) == kName : cluster->system == kName;
}

bool Context::isMaprDb(const Dataset& dataset) const {
    const Cluster* cluster = clusterOfPath(dataset.path);
    return systemOfKind(dataset.kind).name == kName && (cluster == nullptr || cluster->system == kName);
}

bool Context::isForeign(std::string_view end) const {
    const Cluster* cluster = index.cluster(endpointOf(end).cluster);
    return cluster != nullptr && cluster->system != kName;
}

bool Context::isGlobal(std::string_view path) const {
    return factsOf(path).global;
}

const Result<Ace>& Context::ace(const std::string& text) const {
    const auto known = aces_.find(text);
    return known != aces_.end() ? known->second : aces_.emplace(text, parseAce(text)).first->second;
}

const std::vector<const Context::Edge*>& Context::edgesFrom(const Dataset& dataset) const {
    return from_[placeOf(dataset)];
}

const std::vector<const Context::Edge*>& Context::edgesInto(const Dataset& dataset) const {
    return into_[placeOf(dataset)];
}

std::uint64_t Context::pairOf(std::string_view left, std::string_view right) const {
    return (std::uint64_t{factsOf(left).meant} << 32U) | factsOf(right).meant;
}

bool Context::hasReplica(std::string_view from, std::string_view to) const {
    return replicas_.contains(pairOf(from, to));
}

bool Context::hasUpstream(std::string_view at, std::string_view from) const {
    return upstreams_.contains(pairOf(at, from));
}

bool Context::reaches(std::string_view from, std::string_view to) const {
    const auto source = index.datasetAt(from);
    const auto target = index.datasetAt(to);
    if (!source || !target) return false;
    const auto known = reach_.find(*source);
    const auto& reached =
        known != reach_.end() ? known->second : reach_.emplace(*source, reachedFrom({*source})).first->second;
    return reached[*target];
}

bool Context::inOneLoop(std::string_view left, std::string_view right) const {
    const auto a = index.datasetAt(left);
    const auto b = index.datasetAt(right);
    return a && b && loopAt_[*a] != kNoLoop && loopAt_[*a] == loopAt_[*b];
}

bool Context::isMaster(std::string_view path) const {
    return inOneLoop(path, path);
}

std::span<const Dataset* const> Context::loopOf(std::string_view path) const {
    if (!isMaster(path)) return {};
    return loops_[loopAt_[*index.datasetAt(path)]].members;
}

std::int64_t Context::loopOutageSeconds(const Dataset& dataset) const {
    if (!isMaster(dataset.path)) return 0;
    const Loop& loop = loops_[loopAt_[*index.datasetAt(dataset.path)]];
    const std::string& here = factsOf(dataset.path).clusterName;
    std::int64_t longest = 0;
    const auto [first, last] = wanAt_.equal_range(here);
    for (auto each = first; each != last; ++each) {
        const Wan& wan = *each->second;
        if (loop.clusters.contains(wan.a == here ? wan.b : wan.a)) longest = std::max(longest, wan.outageSeconds);
    }
    return longest;
}

bool Context::mayExist(std::string_view path) const {
    const auto place = index.datasetAt(path);
    return place && mayExist_[*place];
}

std::function<void(const RuleContext&, FindingSink&)> judged(void (*check)(const Context&, FindingSink&)) {
    return [check](const RuleContext& drawing, FindingSink& sink) { check(drawing.derived<Context>(), sink); };
}

}  // namespace tributary::maprdb
