// From what is drawn and what runs to the one runbook that makes the drawing real.
//
// A pure function: it asks no system. Its result is an ordinary runbook (dry-run, step, resume, undo, export and report
// as any other) and, step by step, which element it is about, why it is there, what it costs and what it takes away.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/topology/differences.h"
#include "runbooks/model/runbook.h"

namespace tributary::runbooks {

/// What a deletion would take away, as somebody looked at it. Figures that could not be seen are absent, never 0.
struct DataLoss {
    std::optional<std::int64_t> rows;      ///< that go
    std::optional<std::int64_t> onlyHere;  ///< of them, those that exist nowhere else
    std::vector<std::string> keys;         ///< some of those, as the product spells keys
    std::string problem;                   ///< why a figure is absent
};

/// A deletion that a plan contains, for whoever can look at what it takes (SystemPort::effectOf()).
struct Deletion {
    std::string path;
    std::string family;  ///< empty: the whole table
    std::string line;
    std::vector<std::string> related;  ///< tables that may hold the same rows
    std::vector<std::string> before;   ///< lines of the plan that run earlier

    /// Its key in PlanOptions::losses.
    [[nodiscard]] std::string key() const { return family.empty() ? path : path + ' ' + family; }
};

struct PlanOptions {
    Millis nowMs = 0;  ///< UTC; an observation that is older than staleAfterMs by then is refused
    Millis staleAfterMs = 60'000;
    std::vector<ElementId>
        only;            ///< these elements and what they need; a cluster stands for all in it; empty: everything
    bool remove = true;  ///< false: what runs and is not drawn stays
    std::map<std::string, DataLoss> losses;  ///< by Deletion::key(); without one the figures of a deletion are unknown
    Dialects dialects{};                     ///< that read the runbook which is made
};

enum class StepEffect { Looks, Adds, Alters, Copies, Removes };
/// "looks", "adds", "alters", "copies", "removes".
[[nodiscard]] std::string_view stepEffectName(StepEffect effect);

/// What a step takes. Absent figures are unknown, not 0.
struct StepCost {
    std::optional<std::uint64_t> rows;    ///< copied
    std::optional<std::uint64_t> bytes;   ///< copied
    std::optional<std::int64_t> seconds;  ///< about, over the network as drawn
};

/// One step of the plan; `runbook.steps` at the same place is how it is done.
struct PlannedStep {
    std::string id;
    ElementId element;
    StepEffect effect = StepEffect::Looks;
    std::vector<std::size_t> closes;  ///< places in Plan::differences
    StepCost cost;                    ///< of StepEffect::Copies
    std::string lost;                 ///< what goes for ever, a sentence; empty: nothing
    std::optional<DataLoss> loss;     ///< of a deletion
    std::string irreversible;         ///< why an undo does not bring back the state before; empty: it does
};

/// A difference that no step closes, and what a person may do about it.
struct LeftOver {
    std::size_t difference = 0;  ///< place in Plan::differences
    std::string reason;
    std::string command;  ///< to type; may be empty
};

struct PlanTotals {
    int changes = 0;  ///< steps that change something
    int looks = 0;    ///< steps that only look
    int copies = 0;
    std::optional<std::uint64_t> rows;  ///< copied in all; absent: some figure is unknown
    std::optional<std::uint64_t> bytes;
    std::optional<std::int64_t> seconds;           ///< of the copies
    int losses = 0;                                ///< steps after which something is gone for ever
    std::optional<std::int64_t> rowsOnlyHere = 0;  ///< that go and exist nowhere else; absent: not known
};

struct Plan {
    std::vector<Difference> differences;  ///< those that were asked for
    Runbook runbook;                      ///< without steps when there is nothing that a plan can do
    std::vector<PlannedStep> steps;       ///< as runbook.steps
    std::vector<LeftOver> left;
    std::vector<Deletion> deletions;
    PlanTotals totals;

    /// Drawing and clusters agree, as far as was asked.
    [[nodiscard]] bool agrees() const { return differences.empty(); }
    [[nodiscard]] const PlannedStep* find(const std::string& stepId) const;
};

/// Makes the plan. Errors: Unavailable when the observation is stale, or a cluster or dataset that it would touch could
/// not be observed (named, with what to do); NotFound for an element of `only` that is neither drawn nor there (with
/// the nearest); Unsupported for names that a runbook cannot hold.
[[nodiscard]] Result<Plan> makePlan(const Topology& drawing, const Observation& observation,
                                    const PlanOptions& options);

/// The element that `text` names: "newyork", "/mapr/a/t", "/mapr/a/t -> /mapr/b/t", "/mapr/b/t <- /mapr/a/t", "a -> b"
/// of two clusters. Errors: NotFound with the nearest that is drawn or runs.
[[nodiscard]] Result<ElementId> parseElement(const std::string& text, const Topology& drawing,
                                             const Observation& observation);

}  // namespace tributary::runbooks
