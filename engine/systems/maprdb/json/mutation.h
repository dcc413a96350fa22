// Mutations of a document: parsing, and what one changes in a stored document.
//
// Source: vendor pages "Using OJAI Mutation Syntax" and "dbshell update"; the OJAI interface DocumentMutation.
//   mutation := {operator: steps, ...}        steps := step | [step, ...]
//   $put, $set, $append, $merge               step := {path: value, ...}       ($setOrReplace is $put)
//   $increment, $decrement                    step := {path: number, ...} | path (by 1)
//   $delete                                   step := path
// What one mutation names must not overlap: then the order of its steps means nothing. Elements of arrays may be named
// by index; the array is then read and written whole.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/systems/maprdb/json/fieldpath.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

enum class MutationOp : std::uint8_t {
    Put,        ///< sets or replaces, whatever is there; reads nothing
    Set,        ///< sets; what is there must have the same type, and what leads to it must be maps (or the named array)
    Append,     ///< to a string, a binary or an array; a missing field is made
    Merge,      ///< puts the fields of a map into a map, maps in maps likewise; a missing field is made
    Increment,  ///< of a number, which keeps its type (what is behind the point is cut off for whole ones)
    Delete      ///< a missing field is no error; an element's followers move up
};

struct MutationStep {
    MutationOp op = MutationOp::Put;
    FieldPath path;
    Value value;  ///< of all but Delete; of an Increment: what is added
};

class Mutation {
public:
    /// Errors: InvalidInput (not JSON, not of this grammar, paths that overlap, _id, or past the limit 'mutation').
    static Result<Mutation> parse(std::string_view json);
    /// The same of steps. Errors: as above.
    static Result<Mutation> of(std::vector<MutationStep> steps);

    [[nodiscard]] const std::vector<MutationStep>& steps() const { return steps_; }
    /// Whether the result depends on the stored document: it must be applied to all that was written before.
    [[nodiscard]] bool reads() const;

    /// The fields that the mutation writes, all with this stamp: results, never operations. An increment gives its sum,
    /// so that replaying and replicating never add twice. `document` is what is there now; nullopt = none, which counts
    /// as an empty one. Errors: Conflict (a type that forbids the step; `where` names the field), InvalidInput (a sum
    /// outside of its type, or a document past a limit). Then nothing is written.
    [[nodiscard]] Result<StampedDocument> apply(const std::optional<Value>& document, WriteStamp at) const;

private:
    std::vector<MutationStep> steps_;
};

/// `value` + `delta`, in the type of `value`; both numeric. Errors: InvalidInput when it does not fit.
[[nodiscard]] Result<Value> sumOf(const Value& value, const Value& delta);

}  // namespace tributary::engine::maprdb::json
