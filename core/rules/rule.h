// What a rule is: a documented restriction, checked on the drawing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/topology/ace.h"
#include "core/topology/edit.h"
#include "core/topology/topology.h"
#include "core/topology/topologyindex.h"

namespace tributary {

enum class Severity {
    Error,    ///< the real system refuses it, or it loses or withholds data
    Warning,  ///< it works, and is likely to hurt
    Info      ///< worth knowing
};
/// "error", "warning", "info".
[[nodiscard]] std::string_view severityName(Severity severity);

/// One place where a rule is broken.
struct Finding {
    std::string rule;  ///< the rule's id
    Severity severity = Severity::Error;
    std::string where;   ///< a path, "from -> to", "at <- from" or "cluster name"
    SourcePos pos;       ///< in topology.yaml; unknown when the drawing was not loaded from a file
    std::string reason;  ///< a sentence
    std::string fix;     ///< what to write or run; never empty
    EditPtr edit;        ///< the fix as one edit, where one is certain to be meant; may be null
};

/// Figures that the vendor never published, chosen by us; and the documented limits.
struct Thresholds {
    std::size_t edgesMax = 64;                     ///< replicas of a source, upstreams of a replica (maprdb.md 2.1)
    std::size_t gatewaysForFailover = 2;           ///< maprdb.md 1.7
    std::size_t gatewaysUseful = 3;                ///< more add availability, not throughput (maprdb.md 1.7)
    Micros syncLatencyMaxUs = 50'000;              ///< ours: the latency that turns synchronous off is unpublished
    std::int64_t deleteTtlMinSeconds = 3600;       ///< ours: the least that survives an unplanned hour
    std::int64_t deleteTtlDefaultSeconds = 86400;  ///< ours: the system's default is unpublished
};

struct CheckOptions {
    std::string user;                 ///< who will run the commands; empty: any drawn user of the cluster
    std::vector<std::string> groups;  ///< further groups of that user, beside those drawn
    Thresholds thresholds;
};

/// The drawing with what several rules derive from it, so that no rule walks the drawing for every element of it:
/// a drawing of thousands is judged while it is edited. Borrows topology and options. One thread: answers are kept.
class RuleContext {
public:
    RuleContext(const Topology& drawing, const CheckOptions& chosen);
    RuleContext(const RuleContext&) = delete;
    RuleContext& operator=(const RuleContext&) = delete;

    const Topology& topology;
    const CheckOptions& options;
    /// Lookups in `topology`.
    const TopologyIndex index;

    /// The cluster a dataset path lies in, or nullptr when the path is not global or the cluster is not drawn.
    [[nodiscard]] const Cluster* clusterOfPath(std::string_view path) const;
    /// Whether the dataset lies in a cluster of this system; a path without a known cluster counts as MapR-DB.
    [[nodiscard]] bool isMaprDb(std::string_view path) const;
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

struct Rule;

/// Takes what a rule finds; fills in the rule's id and severity.
class FindingSink {
public:
    FindingSink(const Rule& rule, std::vector<Finding>& out) : rule_(rule), out_(out) {}
    struct Found {
        std::string where;
        SourcePos pos;
        std::string reason;
        std::string fix;
        EditPtr edit = nullptr;
    };
    void add(Found found);
    void add(Severity severity, Found found);

private:
    const Rule& rule_;
    std::vector<Finding>& out_;
};

struct Rule {
    std::string id;  ///< "maprdb.upstream-missing": stable, documented in core/rules/README.md
    Severity severity = Severity::Error;
    std::string title;   ///< what is wrong, a few words
    std::string source;  ///< where the restriction is documented: a section of the reference, or a seed
    std::function<void(const RuleContext&, FindingSink&)> check;
};

/// "from -> to".
[[nodiscard]] std::string edgeText(const Replica& replica);
/// "at <- from".
[[nodiscard]] std::string edgeText(const Upstream& upstream);

}  // namespace tributary
