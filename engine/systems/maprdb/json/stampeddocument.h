// A replicated document: stamped fields that join in any order to the same bytes.
//
// At each path (of names; an array is one value) two things are kept, each the largest that was ever written there:
//   map    the last moment at which something was written at a field below, or a map was written here;
//   closer what ends everything below it that is older: a delete, a value that is no map, or a map that was written
//          whole. A closer goes on closing when it is not seen any more: it is the tombstone of a change of type.
// Closers of one path are ordered by (timestamp, delete first, type precedence, arrival, bytes of the value). A closer
// and what is below it are ordered by the first three, a write below counting as a map: so at equal timestamps a delete
// closes, then a type of higher precedence than a map does, and a map that was written whole closes nothing.
//
// Both being maxima, joining is commutative, associative and idempotent; and what is masked may be dropped at once,
// since what masks it is never lower later. `settle` drops all of that, so equal documents have equal bytes. (Arrival
// must not decide between a path and what is below it: a scalar that lost to a map would come back when a later map
// masks that.)
//
// Rejected: dropping a scalar once a map took its place (an older write below it, arriving late, would come back), and
// letting a parent map vanish with its last field (the field's delete would bring an older scalar back).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/systems/maprdb/json/fieldset.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb::json {

/// When a field was written. A later write of the same node needs a larger timestamp to win: at equal timestamps
/// deletes and types decide (StampedDocument::laterThanAll).
struct WriteStamp {
    Millis timestampMs = 0;
    Stamp arrival = 0;

    friend auto operator<=>(const WriteStamp&, const WriteStamp&) = default;  // NOLINT(modernize-use-nullptr)
};

/// Numbers are the format of stampedbytes.cpp.
enum class CloserKind : std::uint8_t {
    Delete = 1,   ///< outranks all of its timestamp
    Replace = 2,  ///< a map was written whole
    Put = 3,      ///< a value that is no map
    Hidden = 4    ///< a Put that is not seen: its value is dropped, its type still counts
};

struct Closer {
    CloserKind kind = CloserKind::Delete;
    WriteStamp at;
    ValueType type = ValueType::Null;  ///< of a Put or Hidden
    Bytes value;                       ///< of a Put: appendTyped()
};

/// How far a closer closes: what is below its level is gone.
struct Level {
    Millis timestampMs = INT64_MIN;
    int deletes = 0;
    int type = 0;

    friend auto operator<=>(const Level&, const Level&) = default;  // NOLINT(modernize-use-nullptr)
};

[[nodiscard]] Level levelOf(const Closer& closer);
/// Of a map, and of whatever was written below a path.
[[nodiscard]] Level levelOfMap(const WriteStamp& at);

/// A path and what is below it.
struct StampedNode {
    std::optional<WriteStamp> map;
    std::optional<Closer> closer;
    std::map<std::string, StampedNode, std::less<>> children;

    void raiseMap(const WriteStamp& at) { map = std::max(map, std::optional(at)); }
    void raiseCloser(Closer other);
    [[nodiscard]] bool isEmpty() const { return !map && !closer && children.empty(); }
};

/// A value type. Everything that a document of a table holds, and everything that a write of it ships: both are the
/// same kind of set, and applying is joining.
class StampedDocument {
public:
    StampedDocument() = default;  ///< nothing was ever written

    /// Adds all that `other` holds.
    void join(const StampedDocument& other);
    /// What a reader sees; nullopt when there is no document (none yet, or deleted).
    [[nodiscard]] std::optional<Value> visible() const;
    /// What a link or a reader with this set of fields gets: the fields in it, and of the maps above them that they
    /// exist and what was closed, never a value. Filtering and joining may be done in either order; a narrower filter
    /// behind a wider one gives what it gives alone.
    [[nodiscard]] StampedDocument filtered(const FieldSet& fields) const;
    /// A stamp of this arrival with which a write outranks all that is here: the timestamp is `nowMs`, or one above the
    /// largest here where the clock stands behind it.
    [[nodiscard]] WriteStamp laterThanAll(Millis nowMs, Stamp arrival) const;
    [[nodiscard]] bool empty() const { return root_.isEmpty(); }
    /// Without the deletes, and the scalars that a map hides, which were written and arrived at or before `horizonMs`.
    /// What a reader sees stays. An older write that arrives later is seen again, as with any purged delete.
    [[nodiscard]] StampedDocument purged(Millis horizonMs) const;

    /// One form for each set (stampedbytes.cpp). Empty for the empty set.
    [[nodiscard]] Bytes encode() const;
    /// Errors: Corrupt (not the bytes that encode() gives for any set within the limits), Unsupported (a later
    /// version).
    static Result<StampedDocument> decode(BytesView bytes);

    /// What is stored, for tests and for those who list stamps.
    [[nodiscard]] const StampedNode& root() const { return root_; }

private:
    friend class DocumentWrite;
    void settle();

    StampedNode root_;
};

/// Collects what one write changes, step by step: a later step replaces an earlier one, as in a program. Give every
/// write a stamp of its own.
class DocumentWrite {
public:
    explicit DocumentWrite(WriteStamp at) : at_(at) {}

    /// Sets the field and replaces whatever it held; ancestors become maps. At the empty path: the whole document, a
    /// map.
    void put(const NamePath& path, const Value& value);
    /// As put(), but fields of maps that `value` does not name stay.
    void merge(const NamePath& path, const Value& value);
    /// Removes the field with all below it; the empty path is the document.
    void remove(const NamePath& path);

    [[nodiscard]] StampedDocument finish() &&;

private:
    StampedNode& open(const NamePath& path, bool asMaps);
    void set(StampedNode& node, const Value& value, bool replaces);

    WriteStamp at_;
    StampedDocument document_;
};

}  // namespace tributary::engine::maprdb::json
