// What the rules of MapR-DB derive from the drawing: edges between its datasets, loops, what may exist.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/rules/rule.h"
#include "core/topology/ace.h"

namespace tributary::maprdb {

/// What several rules derive from the drawing, so that no rule walks the drawing for every element of it: a drawing of
/// thousands is judged while it is edited. Borrows topology and options. One thread: answers are kept.
class Context {
public:
    explicit Context(const RuleContext& drawing);
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    const Topology& topology;
    const CheckOptions& options;
    /// Lookups in `topology`.
    const TopologyIndex& index;

    /// The cluster a dataset path lies in, or nullptr when the path is not global or the cluster is not drawn.
    [[nodiscard]] const Cluster* clusterOfPath(std::string_view path) const;
    /// Whether the dataset lies in a cluster of this system; of a cluster that is not drawn the form of the path tells.
    [[nodiscard]] bool isMaprDb(std::string_view path) const;
    /// Whether the dataset is judged by these rules: of a kind of this system and not in another system's cluster.
    [[nodiscard]] bool isMaprDb(const Dataset& dataset) const;
    /// Whether the end of an edge or a dataset lies in a drawn cluster of another system: not for these rules to judge.
    [[nodiscard]] bool isForeign(std::string_view end) const;
    /// Whether the path has the form /mapr/<cluster>/<path>.
    [[nodiscard]] bool isGlobal(std::string_view path) const;
    /// The expression as parseAce() reads it; the same few stand at thousands of datasets.
    [[nodiscard]] const Result<Ace>& ace(const std::string& text) const;

    /// Replica edges between drawn datasets of MapR-DB clusters, self edges left out.
    struct Edge {
        const Replica* replica;
        const Dataset* source;
        const Dataset* target;
    };
    [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }
    /// Those that leave the dataset, in the order of edges().
    [[nodiscard]] const std::vector<const Edge*>& edgesFrom(const Dataset& dataset) const;
    /// Those that lead to the dataset, in the order of edges().
    [[nodiscard]] const std::vector<const Edge*>& edgesInto(const Dataset& dataset) const;

    /// Whether the half of an agreement is drawn. A mistyped path that can be repaired for certain counts as what it
    /// was meant to be: it has a finding of its own and must not bring two more.
    [[nodiscard]] bool hasReplica(std::string_view from, std::string_view to) const;
    [[nodiscard]] bool hasUpstream(std::string_view at, std::string_view from) const;
    /// Whether writes travel from both to both: they are in one loop of replica edges (multi-master).
    [[nodiscard]] bool inOneLoop(std::string_view left, std::string_view right) const;
    /// Whether the dataset is in any loop with another one.
    [[nodiscard]] bool isMaster(std::string_view path) const;
    /// The datasets of the loop that the dataset is in, itself too, in the drawing's order; empty outside loops.
    [[nodiscard]] std::span<const Dataset* const> loopOf(std::string_view path) const;
    /// The longest cut drawn for the networks between the dataset and the others of its loop; 0 when none is drawn.
    [[nodiscard]] std::int64_t loopOutageSeconds(const Dataset& dataset) const;
    /// Whether writes at `from` travel to `to` over one or more edges. Walks the edges on the first question about
    /// `from`: ask inOneLoop() where it will do.
    [[nodiscard]] bool reaches(std::string_view from, std::string_view to) const;
    /// Datasets that exist, or that an edge from an existing one may create.
    [[nodiscard]] bool mayExist(std::string_view path) const;

private:
    static constexpr std::uint32_t kMeantNowhere = 0xFFFFFFFF;
    /// What is known of one path that is drawn somewhere.
    struct PathFacts {
        bool global = false;
        std::string clusterName;  ///< empty when the path is not global
        const Cluster* cluster = nullptr;
        std::uint32_t meant = kMeantNowhere;  ///< equal for paths that are meant to be the same
    };
    [[nodiscard]] const PathFacts& factsOf(std::string_view path) const;
    void learn(std::string_view path);
    void collectEdges();
    void findLoops();
    void findReachable();
    [[nodiscard]] std::uint64_t pairOf(std::string_view left, std::string_view right) const;
    /// Place of an edge's end in Topology::datasets.
    [[nodiscard]] std::size_t placeOf(const Dataset& dataset) const;
    [[nodiscard]] std::vector<bool> reachedFrom(const std::vector<std::size_t>& starts) const;

    // Nobody walks the unordered ones: their order reaches no output.
    std::unordered_map<std::string_view, PathFacts> paths_;
    std::unordered_map<std::string, std::uint32_t> meanings_;  ///< repaired path -> PathFacts::meant
    std::vector<Edge> edges_;
    std::vector<std::vector<const Edge*>> from_;   ///< by place of the dataset
    std::vector<std::vector<const Edge*>> into_;   ///< by place of the dataset
    std::unordered_set<std::uint64_t> replicas_;   ///< pairs of meanings: (from, to)
    std::unordered_set<std::uint64_t> upstreams_;  ///< pairs of meanings: (at, from)
    std::vector<std::size_t> loopAt_;              ///< by place of the dataset: its loop, or kNoLoop
    struct Loop {
        std::vector<const Dataset*> members;
        std::set<std::string, std::less<>> clusters;
    };
    std::vector<Loop> loops_;
    std::vector<bool> mayExist_;  ///< by place: exists, or an edge leads to it from what exists
    std::multimap<std::string, const Wan*, std::less<>> wanAt_;  ///< cluster -> what counts of its wan lines
    mutable std::unordered_map<std::size_t, std::vector<bool>> reach_;
    mutable std::unordered_map<std::string, Result<Ace>> aces_;
};

/// A rule's check that asks this context: what Rule::check holds.
[[nodiscard]] std::function<void(const RuleContext&, FindingSink&)> judged(void (*check)(const Context&, FindingSink&));

}  // namespace tributary::maprdb
