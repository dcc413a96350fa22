// One space: format, indexes, and the checks that a tuple must pass before it is in.
#pragma once

#include <map>
#include <string>

#include "engine/systems/tarantool/data/tupletree.h"

namespace tributary::engine::tarantool {

struct FormatField {
    std::string name;
    FieldType type = FieldType::Any;
    bool isNullable = false;
};

enum class IndexKind { Tree, Hash };

struct IndexPlan {
    std::uint32_t id = 0;
    std::string name;
    IndexKind kind = IndexKind::Tree;
    bool isUnique = true;
    std::vector<KeyPart> parts;
};

/// An index with its tuples. A hash index is kept in order too; it refuses what a hash cannot do.
struct Index {
    IndexPlan plan;
    std::shared_ptr<const KeyDef> order;
    TupleTree tree;
};

enum class Iterator { Eq, Req, All, Lt, Le, Ge, Gt };
/// "EQ", "ge", ...; nullopt for others (bitsets and R-trees).
[[nodiscard]] std::optional<Iterator> iteratorOf(std::string_view name);

/// Copying a space is a frozen picture of it, at no cost (TupleTree).
class Space {
public:
    Space(std::uint32_t id, std::string name) : id_(id), name_(std::move(name)) {}

    [[nodiscard]] std::uint32_t id() const { return id_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    void rename(std::string name) { name_ = std::move(name); }
    [[nodiscard]] const std::vector<FormatField>& format() const { return format_; }
    [[nodiscard]] const std::vector<Index>& indexes() const { return indexes_; }
    [[nodiscard]] const Index* primary() const { return indexes_.empty() ? nullptr : &indexes_.front(); }
    /// nullptr when there is none.
    [[nodiscard]] const Index* index(std::uint32_t id) const;

    /// Refused when a tuple that is in does not fit; the format stays.
    [[nodiscard]] std::optional<BoxFailure> setFormat(std::vector<FormatField> format);
    /// Builds the index over what is in. Refused: name taken, wrong parts, duplicates, the first index not unique.
    [[nodiscard]] std::optional<BoxFailure> addIndex(IndexPlan plan);
    [[nodiscard]] std::optional<BoxFailure> dropIndex(std::uint32_t id);

    /// Whether the tuple fits the format and the parts of all indexes.
    [[nodiscard]] std::optional<BoxFailure> check(const Tuple& tuple) const;
    /// Whether `fresh` may take the place of `old` (nullptr: of nothing): no other tuple has one of its unique keys.
    [[nodiscard]] std::optional<BoxFailure> checkUnique(const Tuple& fresh, const Tuple* old) const;
    /// Takes `old` out and puts `fresh` in, in all indexes; either may be nullptr. Checks nothing.
    void exchange(const TuplePtr& old, const TuplePtr& fresh);

    /// Tuples in the iterator's order. Failures: those of keys; what a hash cannot do.
    [[nodiscard]] static std::optional<BoxFailure> select(const Index& index, BytesView key, Iterator iterator,
                                                          const TupleTree::Visit& visit);

private:
    [[nodiscard]] std::optional<BoxFailure> checkParts(const IndexPlan& plan) const;
    /// Type and nullability that format and indexes together ask of a field.
    void rebuildRequired();

    std::uint32_t id_;
    std::string name_;
    std::vector<FormatField> format_;
    std::vector<Index> indexes_;
    struct Required {
        FieldType type = FieldType::Any;
        bool isNullable = true;
    };
    std::vector<Required> required_;  ///< by field
};

}  // namespace tributary::engine::tarantool
