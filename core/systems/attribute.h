// One attribute of an element of a drawing: its key, its form, its default and its help, and how it is read and set.
// Loading, writing, assignAttribute(), the help and the inspector all walk these rows; none has a list of its own.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace tributary {

/// What may stand at a key.
enum class ValueForm {
    Text,      ///< not empty
    Name,      ///< one name (core/base/naming.h)
    Address,   ///< "host:port"
    Identity,  ///< a uuid, and not the nil one
    AnyText,   ///< may be empty
    Word,      ///< one of AttributeSpec::words
    Flag,
    Integer,   ///< within [low, high]
    Seconds,   ///< a whole number or a duration; written as a number
    Span,      ///< the same, written as a duration
    Latency,   ///< a duration of whole milliseconds
    Rate,      ///< "200Mbit/s"
    Names,     ///< a list of names (core/base/naming.h)
    Texts,     ///< a list of texts
    Columns,   ///< a list of texts that may be empty, or one text with commas
    Structure  ///< maps and lists of a shape of their own: loader and writer know it by its key
};

/// A value on its way between an element and a text. Nothing: the default.
using AttributeValue = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>>;

struct AttributeSpec {
    std::string_view name;
    std::string_view form;      ///< for people: "flag", "[name, ...]", "duration"
    std::string_view fallback;  ///< "required", or what holds when the key is not there
    std::string_view meaning;   ///< a clause for the help
    ValueForm value = ValueForm::Structure;
    const std::vector<std::string>& (*words)() = nullptr;  ///< of Word
    std::int64_t low = 0;
    std::int64_t high = std::numeric_limits<std::int32_t>::max();
    std::string_view item = {};  ///< of Name and Names: what is named, "a user"
    bool identity = false;       ///< what the element is called: no key of its map, but assignable

    [[nodiscard]] bool required() const { return fallback == "required"; }
};

template <typename T>
struct Attribute {
    AttributeSpec spec;
    AttributeValue (*get)(const T&) = nullptr;         ///< nothing when at its default; null for a Structure
    void (*set)(T&, const AttributeValue&) = nullptr;  ///< null for a Structure
    /// Assigns from the text of a form field, where that is not what `spec` says. An error leaves the element alone.
    Status (*assign)(T&, const std::optional<std::string>&) = nullptr;
    /// Whether elements like this one have the attribute; null: all have.
    bool (*applies)(const T&) = nullptr;
};

/// Attributes of a part that a name selects: "perms.replperm", "family.orders.ttl".
template <typename T>
struct InnerAttributes {
    std::string_view prefix;   ///< "perms."
    std::string_view pattern;  ///< for people: "perms.<name>"
    Status (*assign)(T&, std::string_view rest, const std::optional<std::string>&);
};

/// Every attribute of one kind of element.
template <typename T>
struct AttributeTable {
    std::string_view thing;    ///< as errors name it: "a cluster"
    std::string_view section;  ///< where it stands: "clusters: NAME: {...}"
    std::string_view meaning;  ///< a clause for the help
    std::vector<Attribute<T>> rows;
    std::vector<InnerAttributes<T>> inner;

    [[nodiscard]] const Attribute<T>* find(std::string_view name) const {
        for (const Attribute<T>& row : rows) {
            if (row.spec.name == name) return &row;
        }
        return nullptr;
    }
};

namespace attribute {

template <typename F>
struct FieldOf;
template <typename T, typename F>
struct FieldOf<F T::*> {
    using Element = T;
    using Type = F;
};

inline AttributeValue valueOf(bool field) {
    return field ? AttributeValue(true) : AttributeValue();
}
inline AttributeValue valueOf(const std::string& field) {
    return field.empty() ? AttributeValue() : AttributeValue(field);
}
inline AttributeValue valueOf(const std::vector<std::string>& field) {
    return field.empty() ? AttributeValue() : AttributeValue(field);
}
template <typename N>
requires(std::is_integral_v<N> && !std::is_same_v<N, bool>) AttributeValue valueOf(N field) {
    return field == 0 ? AttributeValue() : AttributeValue(static_cast<std::int64_t>(field));
}
template <typename N>
AttributeValue valueOf(const std::optional<N>& field) {
    return field ? AttributeValue(*field) : AttributeValue();
}

template <typename F>
void setField(F& field, const AttributeValue& value) {
    if constexpr (std::is_integral_v<F> && !std::is_same_v<F, bool>) {
        const auto* number = std::get_if<std::int64_t>(&value);
        field = number != nullptr ? static_cast<F>(*number) : F{};
    } else {
        const auto* held = std::get_if<F>(&value);
        field = held != nullptr ? *held : F{};
    }
}
template <typename N>
void setField(std::optional<N>& field, const AttributeValue& value) {
    const auto* held = std::get_if<N>(&value);
    field = held != nullptr ? std::optional<N>(*held) : std::nullopt;
}

/// A row that reads and sets one field.
template <auto Member>
Attribute<typename FieldOf<decltype(Member)>::Element> field(AttributeSpec spec) {
    using Element = typename FieldOf<decltype(Member)>::Element;
    Attribute<Element> out;
    out.spec = spec;
    out.get = [](const Element& element) { return valueOf(element.*Member); };
    out.set = [](Element& element, const AttributeValue& value) { setField(element.*Member, value); };
    return out;
}

/// A row of a shape of its own.
template <typename T>
Attribute<T> structure(AttributeSpec spec, Status (*assign)(T&, const std::optional<std::string>&) = nullptr) {
    Attribute<T> out;
    out.spec = spec;
    out.assign = assign;
    return out;
}

}  // namespace attribute

/// The value as one attribute of a form field shows it: "a, b", "7d", "true"; empty at the default.
[[nodiscard]] std::string shownValue(const AttributeSpec& spec, const AttributeValue& value);
/// Reads the text of a form field; no text is the default. Errors: InvalidInput naming the attribute or the value.
[[nodiscard]] Result<AttributeValue> readValue(const AttributeSpec& spec, const std::optional<std::string>& text);

/// InvalidInput unless the text is host:port.
[[nodiscard]] Status checkAddress(std::string_view text);
/// InvalidInput unless the text is a uuid other than the nil one.
[[nodiscard]] Status checkIdentity(std::string_view text);

/// true, false, yes, no. Errors: InvalidInput.
[[nodiscard]] Result<bool> parseBoolean(std::string_view text);
/// Splits "a, b" at commas and trims; an empty text gives an empty list. JSON column lists keep an empty first piece.
[[nodiscard]] std::vector<std::string> splitList(std::string_view text);

/// "a cluster has no attribute 'gatway'", with the nearest known one.
[[nodiscard]] Error unknownAttribute(std::string_view thing, std::string_view name,
                                     const std::vector<std::string>& known);

/// Assigns the attribute `name` of a table from a text; nullopt gives its default. On an error nothing changed.
template <typename T>
Status assignFrom(const AttributeTable<T>& table, T& element, std::string_view name,
                  const std::optional<std::string>& value) {
    std::vector<std::string> known;
    for (const Attribute<T>& row : table.rows) {
        const bool here = row.applies == nullptr || row.applies(element);
        if (!here || (row.assign == nullptr && row.set == nullptr)) continue;
        if (row.spec.name != name) {
            known.emplace_back(row.spec.name);
            continue;
        }
        if (row.assign != nullptr) return row.assign(element, value);
        const Result<AttributeValue> read = readValue(row.spec, value);
        if (!read) return read.error();
        row.set(element, *read);
        return okStatus();
    }
    for (const InnerAttributes<T>& inner : table.inner) {
        if (name.starts_with(inner.prefix)) return inner.assign(element, name.substr(inner.prefix.size()), value);
        known.emplace_back(inner.pattern);
    }
    return unknownAttribute(table.thing, name, known);
}

}  // namespace tributary
