// Types of fields, parts of keys, and the order of tuples in an index.
#pragma once

#include <string>
#include <string_view>

#include "engine/systems/tarantool/data/tuple.h"

namespace tributary::engine::tarantool {

enum class FieldType {
    Any,
    Unsigned,
    String,
    Number,
    Double,
    Integer,
    Boolean,
    Varbinary,
    Scalar,
    Decimal,
    Uuid,
    Array,
    Map
};

/// "unsigned"; the short forms "uint", "str", "num", "int" are taken too.
[[nodiscard]] std::optional<FieldType> fieldTypeOf(std::string_view name);
[[nodiscard]] std::string_view fieldTypeName(FieldType type);
/// Whether a value may stand in a field of that type. Nil is nullability's business.
[[nodiscard]] bool fits(FieldType type, BytesView value);
/// Whether keys may have parts of that type.
[[nodiscard]] bool isIndexable(FieldType type);
/// -1, 0 or 1. Both fit the same indexable type, or are nil, which is before everything. Numbers compare by value,
/// whatever they are written as; different classes in their order: booleans, numbers, texts, bytes, uuids.
[[nodiscard]] int compareValues(BytesView left, BytesView right);

struct KeyPart {
    std::uint32_t field = 0;  ///< from 0
    FieldType type = FieldType::Unsigned;
    bool isNullable = false;
    friend bool operator==(const KeyPart&, const KeyPart&) = default;
};

/// A key: encoded values, without an array around them; may be a prefix.
using Key = std::vector<BytesView>;

/// The order of one index. With `tail` (the parts of the primary key) it is total where the parts alone are not.
class KeyDef {
public:
    explicit KeyDef(std::vector<KeyPart> parts, const std::vector<KeyPart>& tail = {});

    [[nodiscard]] const std::vector<KeyPart>& parts() const { return parts_; }
    [[nodiscard]] int compare(const Tuple& left, const Tuple& right) const;
    /// By as many parts as the key has.
    [[nodiscard]] int compareToKey(const Tuple& tuple, const Key& key) const;
    /// Whether both have the same values in the parts, without the tail.
    [[nodiscard]] bool sameKey(const Tuple& left, const Tuple& right) const;
    /// Any part nil: then uniqueness does not count.
    [[nodiscard]] bool hasNil(const Tuple& tuple) const;
    [[nodiscard]] Key keyOf(const Tuple& tuple) const;
    /// Splits an encoded array into a key. Failures: no array, too many parts, a wrong type; with `exact` too few.
    [[nodiscard]] std::optional<BoxFailure> parseKey(BytesView array, bool exact, Key& key) const;

private:
    std::vector<KeyPart> parts_;
    std::vector<KeyPart> all_;  ///< with the tail
};

}  // namespace tributary::engine::tarantool
