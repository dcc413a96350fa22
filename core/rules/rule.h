// What a rule is: a documented restriction, checked on the drawing.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <typeindex>
#include <vector>

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

/// How many findings have this severity.
[[nodiscard]] std::size_t countOf(const std::vector<Finding>& findings, Severity severity);

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

/// The drawing as every rule sees it, with what the rules of one system derive from it. Borrows topology and options.
/// One thread: answers are kept.
class RuleContext {
public:
    RuleContext(const Topology& drawing, const CheckOptions& chosen);
    RuleContext(const RuleContext&) = delete;
    RuleContext& operator=(const RuleContext&) = delete;

    const Topology& topology;
    const CheckOptions& options;
    /// Lookups in `topology`.
    const TopologyIndex index;

    /// The drawn cluster that an end of an edge or a dataset's name lies in, or nullptr.
    [[nodiscard]] const Cluster* clusterOf(std::string_view end) const;
    /// What a system derives for its rules: a T constructed from this context at the first question, and kept.
    template <typename T>
    [[nodiscard]] const T& derived() const {
        std::shared_ptr<const void>& kept = derived_[std::type_index(typeid(T))];
        if (!kept) kept = std::make_shared<const T>(*this);
        return *static_cast<const T*>(kept.get());
    }

private:
    mutable std::map<std::type_index, std::shared_ptr<const void>> derived_;
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
    std::string id;  ///< "maprdb.upstream-missing": stable, documented in core/systems/README.md
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
