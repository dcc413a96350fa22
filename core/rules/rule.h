// What a rule is: a documented restriction, checked on the drawing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/topology/edit.h"
#include "core/topology/topology.h"

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

/// The drawing with what several rules derive from it. Borrows topology and options.
class RuleContext {
public:
    RuleContext(const Topology& drawing, const CheckOptions& chosen);

    const Topology& topology;
    const CheckOptions& options;

    /// Whether the dataset lies in a cluster of this system; a path without a known cluster counts as MapR-DB.
    [[nodiscard]] bool isMaprDb(std::string_view path) const;
    /// Replica edges between drawn datasets of MapR-DB clusters, self edges left out.
    struct Edge {
        const Replica* replica;
        const Dataset* source;
        const Dataset* target;
    };
    [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }
    /// Whether the half of an agreement is drawn. A mistyped path that can be repaired for certain counts as what it
    /// was meant to be: it has a finding of its own and must not bring two more.
    [[nodiscard]] bool hasReplica(std::string_view from, std::string_view to) const;
    [[nodiscard]] bool hasUpstream(std::string_view at, std::string_view from) const;
    /// Whether writes travel from both to both: they are in one loop of replica edges (multi-master).
    [[nodiscard]] bool inOneLoop(std::string_view left, std::string_view right) const;
    /// Whether the dataset is in any loop with another one.
    [[nodiscard]] bool isMaster(std::string_view path) const;
    /// Whether writes at `from` travel to `to` over one or more edges.
    [[nodiscard]] bool reaches(std::string_view from, std::string_view to) const;
    /// Datasets that exist, or that an edge from an existing one may create.
    [[nodiscard]] bool mayExist(std::string_view path) const;

private:
    std::vector<Edge> edges_;
    std::set<std::pair<std::string, std::string>> replicas_;           ///< (from, to), repaired
    std::set<std::pair<std::string, std::string>> upstreams_;          ///< (at, from), repaired
    std::map<std::string, std::set<std::string>, std::less<>> reach_;  ///< path -> paths its writes travel to
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
