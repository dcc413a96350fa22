// A kind of data: what its records, rows, bodies and filters mean. The general parts know kinds by this alone.
//
// Decision: a kind is asked once per entry, batch or flush, never once per row. What is asked per row (RowFormat,
// RowFolder) is storage's own interface.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/dataset/lanes.h"
#include "engine/dataset/policy.h"
#include "engine/log/lsn.h"
#include "engine/storage/rowformat.h"

namespace tributary::engine {

using Json = nlohmann::ordered_json;

class DatasetKind;

/// What a dataset's record holds that is its kind's alone. Immutable: a change makes another one.
class DatasetSchema {
public:
    explicit DatasetSchema(const DatasetKind& kind) : kind_(kind) {}
    virtual ~DatasetSchema() = default;
    [[nodiscard]] const DatasetKind& kind() const { return kind_; }

private:
    const DatasetKind& kind_;
};
using SchemaPtr = std::shared_ptr<const DatasetSchema>;

/// How messages and codes call the datasets of a kind.
struct KindWords {
    std::string_view noun;             ///< "no <noun> x in cluster y"
    std::string_view nouns;            ///< more than one
    std::string_view missingCode;      ///< a link's destination is not there
    std::string_view unavailableCode;  ///< it is there, and its state cannot be opened
};

/// What a body was found to hold.
struct BodyCount {
    std::uint32_t operations = 0;  ///< row operations
    bool deletes = false;          ///< what it hides must have an earlier millisecond than what comes after it
};

/// A body as the log holds it.
struct LoggedBody {
    BytesView body;
    BytesView effect;  ///< what Policy::decide() made of it; empty without a policy
};

/// Which unit holds a dataset's rows.
struct StatePlan {
    /// Memory over SQLite; all in memory (storage/treestateunit.h); tables of SQL (storage/sqlstateunit.h).
    enum class Unit { Keyed, Tree, Sql };
    Unit unit = Unit::Keyed;
    std::size_t bytesMax = SIZE_MAX;  ///< of the rows of a Tree
};

/// A part of a body, as a filtered link ships it.
struct ProjectedBody {
    Bytes body;
    std::uint32_t operations = 0;
};

/// One projection, read once and applied to many bodies. Any thread.
class Projector {
public:
    virtual ~Projector() = default;
    /// The part of a body that it lets through; nullopt when nothing of it. Errors: Corrupt.
    [[nodiscard]] virtual Result<std::optional<ProjectedBody>> apply(BytesView body) const = 0;
};

/// Which part of an entry goes over a link, as a text in the kind's own grammar; empty = everything. Stateless.
class Projections {
public:
    virtual ~Projections() = default;
    /// Texts that come from elsewhere must be as this kind writes them: equal parts have equal texts. Errors: Corrupt.
    [[nodiscard]] virtual Status check(std::string_view projection) const = 0;
    /// Everything that `narrow` lets through, `wide` lets through too.
    [[nodiscard]] virtual bool covers(std::string_view wide, std::string_view narrow) const = 0;
    /// What both let through; nullopt when nothing. Errors: Corrupt, when one of them is no projection.
    [[nodiscard]] virtual Result<std::optional<std::string>> intersection(std::string_view one,
                                                                          std::string_view other) const = 0;
    /// Errors: Corrupt, when it is no projection.
    [[nodiscard]] virtual Result<std::unique_ptr<Projector>> make(std::string_view projection) const = 0;
};

/// One kind. Stateless, any thread; lives as long as the process.
class DatasetKind {
public:
    virtual ~DatasetKind() = default;

    /// In catalog records, and in payloads. Never given to another kind.
    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual std::uint8_t number() const = 0;
    [[nodiscard]] virtual const KindWords& words() const = 0;

    /// The kind's part of a catalog record; other members of the object are the catalog's. May throw what the JSON
    /// library throws. Errors: Corrupt.
    [[nodiscard]] virtual Result<SchemaPtr> parseSchema(const Json& record) const = 0;
    virtual void writeSchema(const DatasetSchema& schema, Json& record) const = 0;
    /// The schema as it is once the change that holds it is logged at `lsn`: what came or went with it knows when.
    [[nodiscard]] virtual SchemaPtr settled(const SchemaPtr& schema, Lsn lsn) const = 0;
    /// The schema without what went at or below `lsn`: no entry that is needed can speak of it.
    [[nodiscard]] virtual SchemaPtr withoutGone(const SchemaPtr& schema, Lsn lsn) const = 0;

    [[nodiscard]] virtual std::shared_ptr<const RowFormat> rowFormat() const = 0;
    /// The same for all times of a dataset.
    [[nodiscard]] virtual StatePlan statePlan(const DatasetSchema& schema) const = 0;
    /// What folds may use of the schema. The owner adds the clock.
    [[nodiscard]] virtual FoldContext foldContext(const DatasetSchema& schema) const = 0;
    /// How long delete markers live; 0 = none are kept.
    [[nodiscard]] virtual Millis deletesKeptMs(const DatasetSchema& schema) const = 0;

    /// What was written elsewhere is taken here as it is, or not at all: its body is whole, and the dataset `name` has
    /// what it speaks of. Errors: with the code that the link shows in `where`.
    [[nodiscard]] virtual Result<BodyCount> admit(const DatasetSchema& schema, const std::string& name,
                                                  BytesView body) const = 0;
    /// What decides about entries before they are logged; nullptr: nothing is, operations commute and are folded.
    [[nodiscard]] virtual const Policy* policy() const = 0;
    /// How bodies lie on lanes; nullptr: a dataset has one lane, each entry takes one sequence of it, and they may come
    /// in any order.
    [[nodiscard]] virtual const Lanes* lanes() const = 0;
    /// Fills `entry.mutations` and `entry.ids` from an admitted body, and from what was decided about it, as it was
    /// logged at `lsn`: names mean what they meant then (`lsn` UINT64_MAX: what they mean now). The views borrow from
    /// body or effect. Errors: Corrupt.
    virtual Status bind(const DatasetSchema& schema, const LoggedBody& logged, Lsn lsn, EntryRef& entry) const = 0;

    [[nodiscard]] virtual const Projections& projections() const = 0;
    /// What `asked` comes to for a body logged at `lsn` that speaks of something the dataset has dropped since: a
    /// narrower projection, or an empty one when nothing is left. nullopt: it speaks of nothing of the kind. Errors:
    /// Corrupt.
    [[nodiscard]] virtual Result<std::optional<std::string>> withoutDropped(const DatasetSchema& schema, BytesView body,
                                                                            const std::string& asked,
                                                                            Lsn lsn) const = 0;
};

}  // namespace tributary::engine
