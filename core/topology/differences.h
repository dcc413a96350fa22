// Where drawing and clusters do not agree: the one list that status, doctor, check --live, plan and window show.
//
// A pure function of a drawing and an observation. An element is named by its ElementId (edit.h), a part of it by the
// attribute's name as attributes.h spells it, so that an edit of the drawing (adopt.h) and a step of a plan
// (runbooks/planner) are found from a difference without looking at its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/topology/edit.h"
#include "core/topology/observation.h"
#include "core/topology/topology.h"

namespace tributary {

enum class DifferenceKind {
    Missing,    ///< drawn, not there
    Extra,      ///< there, not drawn
    Different,  ///< drawn and there, with another value
    Unknown     ///< could not be observed
};
/// "missing", "extra", "different", "unknown".
[[nodiscard]] std::string_view differenceKindName(DifferenceKind kind);

/// What making the drawing real does to rows that are there now.
enum class DataStake {
    None,
    Copied,  ///< rows are copied to where they are not yet
    Lost     ///< rows, or older versions of cells, go
};
/// "none", "copied", "lost".
[[nodiscard]] std::string_view dataStakeName(DataStake stake);

struct Difference {
    DifferenceKind kind = DifferenceKind::Unknown;
    /// Whose it is. Of the network: WanId{from, to}, in that direction. Extra elements have an id as if they were
    /// drawn.
    ElementId element;
    /// Empty: the element as a whole. Else its part: "synchronous", "deletettl", "perms.replperm", "family.orders",
    /// "family.orders.ttl", "gateway.gw-ny-1", "gatewayrecord.newyork", "users", "groups.ops", "state", "identity",
    /// "latency".
    std::string attribute;
    std::optional<std::string> drawn;     ///< its value as the drawing spells it; absent: not drawn
    std::optional<std::string> observed;  ///< absent: not there, or unknown (kind tells which)
    std::string detail;                   ///< a sentence's end for people: "is drawn and not created yet"
    DataStake stake = DataStake::None;
    bool runs = false;  ///< Extra that works now: a live cluster, a table or link that replicates

    /// "cluster", "dataset", "family", "gateway", "replica", "upstream", "wan": what the difference is about, as a
    /// word.
    [[nodiscard]] std::string what() const;
    /// "NAME", "/mapr/a/t", "/mapr/a/t -> /mapr/b/t", "/mapr/b/t <- /mapr/a/t", "a -> b".
    [[nodiscard]] std::string where() const;

    friend bool operator==(const Difference&, const Difference&) = default;
};

/// The place of an element as Difference::where() spells it.
[[nodiscard]] std::string placeOf(const ElementId& element);

/// Every difference, in a fixed order: drawn datasets with their parts, what runs and is not drawn, replica and
/// upstream records, network, clusters. A cluster that does not answer is one Unknown, never a list of missing things;
/// a drawn cluster that is down is Unknown too.
[[nodiscard]] std::vector<Difference> differencesOf(const Topology& drawing, const Observation& observation);

// ---- one element, attribute by attribute --------------------------------------------------------------------------

enum class Agreement {
    Same,
    Missing,    ///< a drawn part that is not there
    Extra,      ///< a part that is there and not drawn
    Different,  ///< both, with different values
    Unknown,    ///< not observed
    NotDrawn    ///< the drawing says nothing of it: whatever is there will do
};

/// One attribute, drawn beside observed: what differencesOf() is made of, and what an inspector shows.
struct AttributeRow {
    std::string name;
    std::optional<std::string> drawn;     ///< with the default that the drawing means by leaving it out
    std::optional<std::string> observed;  ///< absent: not there, or unknown
    Agreement agreement = Agreement::Unknown;

    friend bool operator==(const AttributeRow&, const AttributeRow&) = default;
};

/// What the drawing gives a family: its own permissions, and those that the table's drawn defaults (defaultreadperm,
/// also spelt readperm) give to families that draw none. A new family takes them; one that came otherwise is edited.
[[nodiscard]] Permissions drawnPermissions(const Dataset& dataset, const Family& family);

[[nodiscard]] std::vector<AttributeRow> compareAttributes(const Cluster& drawn, const ObservedCluster& seen);
[[nodiscard]] std::vector<AttributeRow> compareAttributes(const Dataset& drawn, const ObservedDataset& seen);
[[nodiscard]] std::vector<AttributeRow> compareAttributes(const Replica& drawn, const ObservedReplica& seen);
/// One direction; the drawn line may be nullptr (then: no delay, no limit).
[[nodiscard]] std::vector<AttributeRow> compareAttributes(const Wan* drawn, const ObservedNetwork& seen);

/// An observed attribute as the drawing would spell it: "7d", "true", "u:ana | u:ben", "profile,orders". nullopt: it is
/// unknown, or there is no such part. `name` as in AttributeRow.
[[nodiscard]] std::optional<std::string> observedAttribute(const ObservedDataset& seen, std::string_view name);
[[nodiscard]] std::optional<std::string> observedAttribute(const ObservedReplica& seen, std::string_view name);

/// A list of columns in the one spelling that equal ones share: sorted, without doubles and without columns of families
/// that are listed whole; "all" for an empty one.
[[nodiscard]] std::string columnsText(const std::vector<std::string>& columns);

/// An element for an inspector: also one that only runs (a ghost: rows are NotDrawn) or is only drawn (rows are
/// Missing).
struct ElementView {
    bool drawn = false;
    std::optional<bool> there;  ///< absent: could not be observed
    std::vector<AttributeRow> rows;
};
[[nodiscard]] ElementView viewOf(const ElementId& element, const Topology& drawing, const Observation& observation);

}  // namespace tributary
