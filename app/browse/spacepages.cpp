// select by the primary key, and what it answers as columns.
#include "app/browse/spacepages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "core/base/escape.h"
#include "engine/systems/tarantool/data/keydef.h"
#include "engine/systems/tarantool/data/tuple.h"
#include "engine/systems/tarantool/instance/tupletext.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;
using nlohmann::json;

constexpr std::uint32_t kLoadingCode = 116;
constexpr std::size_t kColumnsMost = 64;  ///< of one page; what lies beyond stands in the whole tuple

Error unreadable(const char* what) {
    return {ErrorCode::Corrupt, fmt::format("the instance's answer cannot be read: {}", what), {}, {}};
}

Result<Bytes> asked(tt::BoxBackend& box, std::string_view method, BytesView arguments) {
    tt::BoxAnswer answer = box.call(method, arguments);
    if (auto* encoded = std::get_if<Bytes>(&answer)) return std::move(*encoded);
    const auto& failure = std::get<tt::BoxFailure>(answer);
    const bool isAway = failure.code == 0 || failure.code == kLoadingCode;
    return Error{isAway ? ErrorCode::Unavailable : ErrorCode::InvalidInput, failure.message, {}, {}};
}

/// What a page needs to know of a space.
struct SpaceForm {
    std::uint32_t id = 0;
    std::vector<BrowseColumn> columns;
    std::vector<tt::KeyPart> key;
    bool isOrdered = true;  ///< its primary index has an order: TREE
};

bool isNumeric(std::string_view type) {
    return type == "unsigned" || type == "integer" || type == "number" || type == "double" || type == "decimal";
}

Status readKeyParts(tt::MsgpackReader& reader, SpaceForm& form) {
    if (reader.array() == 0 && reader.ok()) {
        return Error{ErrorCode::NotFound,
                     "the space has no primary index, so it can hold no tuple",
                     {},
                     "create one in the console: box.space.NAME:create_index('primary')"};
    }
    reader.array();
    const std::uint64_t index = reader.unsignedInteger();
    (void)reader.value();  // name
    form.isOrdered = reader.string() != "HASH";
    (void)reader.value();  // unique
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        reader.array();
        tt::KeyPart part;
        const std::uint64_t field = reader.unsignedInteger();
        if (field == 0 || field > UINT32_MAX) reader.fail();
        part.field = static_cast<std::uint32_t>(field - 1);
        const auto type = tt::fieldTypeOf(reader.string());
        if (!type) reader.fail();
        part.type = type.value_or(tt::FieldType::Any);
        part.isNullable = reader.boolean();
        form.key.push_back(part);
    }
    if (!reader.ok() || index != 0 || form.key.empty()) return unreadable("an index");
    return okStatus();
}

Result<SpaceForm> formOf(tt::BoxBackend& box, const std::string& space) {
    Bytes arguments;
    tt::MsgpackWriter writer(arguments);
    writer.array(1);
    writer.string(space);
    const auto told = asked(box, "space", arguments);
    if (!told) return told.error();
    tt::MsgpackReader reader(told.value());
    const std::uint32_t count = reader.array();
    if (!reader.ok()) return unreadable("a space");
    if (count == 0) {
        return Error{ErrorCode::NotFound, fmt::format("this instance has no space '{}'", escapedBytes(space)), space,
                     "look at another instance; one that waits for its data may get the space later"};
    }
    SpaceForm form;
    form.id = static_cast<std::uint32_t>(reader.unsignedInteger());
    (void)reader.value();  // name
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        reader.array();
        BrowseColumn column;
        column.title = escapedBytes(reader.string());
        column.isNumber = isNumeric(reader.string());
        (void)reader.boolean();
        if (form.columns.size() < kColumnsMost) form.columns.push_back(std::move(column));
    }
    if (Status read = readKeyParts(reader, form); !read) return read.error();
    return form;
}

/// A part of a key as its type wants it. False: it is of another type.
bool appendPart(const json& value, const tt::KeyPart& part, tt::MsgpackWriter& writer) {
    const bool isText = part.type == tt::FieldType::String;
    if (value.is_string()) {
        if (!isText && part.type != tt::FieldType::Any && part.type != tt::FieldType::Scalar) return false;
        writer.string(value.get<std::string>());
        return true;
    }
    if (isText) return false;
    if (value.is_boolean()) {
        writer.boolean(value.get<bool>());
    } else if (value.is_number_unsigned()) {
        writer.unsignedInteger(value.get<std::uint64_t>());
    } else if (value.is_number_integer()) {
        writer.integer(value.get<std::int64_t>());
    } else if (value.is_number_float()) {
        writer.real(value.get<double>());
    } else {
        return false;
    }
    return true;
}

Error wrongKey(const std::string& typed, const SpaceForm& form) {
    std::string types;
    for (const tt::KeyPart& part : form.key) {
        if (!types.empty()) types += ", ";
        types += tt::fieldTypeName(part.type);
    }
    return {ErrorCode::InvalidInput,
            fmt::format("'{}' is no key of this space: its primary key is {}", escapedBytes(bounded(typed, 80)), types),
            "From key", form.key.size() == 1 ? "type one value, such as 5 or \"five\"" : "type a list: [5, \"five\"]"};
}

/// The array that a person means.
Result<Bytes> typedKey(const std::string& typed, const SpaceForm& form) {
    Bytes out;
    tt::MsgpackWriter writer(out);
    json value = json::parse(typed, nullptr, false);
    const bool wantsText = form.key.front().type == tt::FieldType::String;
    // A word without quotes is a string, and so are digits where the key is one.
    if (value.is_discarded() || (wantsText && !value.is_string() && !value.is_array())) value = typed;
    const json parts = value.is_array() ? value : json::array({value});
    if (parts.empty() || parts.size() > form.key.size()) return wrongKey(typed, form);
    writer.array(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!appendPart(parts[i], form.key[i], writer)) return wrongKey(typed, form);
    }
    return out;
}

BrowseCell cellOf(tt::MsgpackReader& reader) {
    if (reader.type() == tt::MsgpackType::Nil) {
        reader.nil();
        return {{}, false};
    }
    // As it stands, without quotes: the column says what it is.
    if (reader.type() == tt::MsgpackType::String) return {escapedBytes(reader.string()), true};
    return {tt::tupleText(reader.value()), true};
}

Status addTuple(BytesView encoded, BrowsePage& page) {
    if (tt::Tuple::make(Bytes(encoded)) == nullptr) return unreadable("a tuple");
    tt::MsgpackReader reader(encoded);
    const std::uint32_t fields = reader.array();
    std::vector<BrowseCell> cells;
    cells.reserve(std::min<std::size_t>(fields, kColumnsMost));
    for (std::uint32_t i = 0; i < fields && i < kColumnsMost; ++i) cells.push_back(cellOf(reader));
    while (page.columns.size() < cells.size()) {
        page.columns.push_back({fmt::format("field {}", page.columns.size() + 1), false});
    }
    page.rows.push_back(std::move(cells));
    page.details.push_back(tt::tupleText(encoded));
    return okStatus();
}

struct Walk {
    Bytes key;  ///< an encoded array
    const char* iterator = "ALL";
};

Result<Walk> walkOf(const BrowseRequest& request, const SpaceForm& form) {
    if (request.newestFirst && !form.isOrdered) {
        return Error{ErrorCode::InvalidInput,
                     "the primary index is a HASH: its tuples have no order",
                     {},
                     "read from the first on"};
    }
    Walk walk;
    if (!request.after.empty()) {
        walk.key = request.after;
        walk.iterator = request.newestFirst ? "LT" : "GT";
        return walk;
    }
    if (request.from.empty()) {
        tt::MsgpackWriter(walk.key).array(0);
        walk.iterator = request.newestFirst ? "LE" : "ALL";
        return walk;
    }
    auto key = typedKey(request.from, form);
    if (!key) return key.error();
    walk.key = std::move(key).value();
    walk.iterator = !form.isOrdered ? "EQ" : request.newestFirst ? "LE" : "GE";
    return walk;
}

/// The primary key of a tuple as an array.
Result<Bytes> keyAfter(BytesView encoded, const SpaceForm& form) {
    const tt::TuplePtr tuple = tt::Tuple::make(Bytes(encoded));
    if (tuple == nullptr) return unreadable("a tuple");
    const tt::Key key = tt::KeyDef(form.key).keyOf(*tuple);
    Bytes out;
    tt::MsgpackWriter writer(out);
    writer.array(key.size());
    for (const BytesView part : key) {
        if (part.empty()) return unreadable("a key");
        writer.raw(part);
    }
    return out;
}

}  // namespace

Result<BrowsePage> readSpacePage(tt::BoxBackend& box, const std::string& space, const BrowseRequest& request) {
    const auto form = formOf(box, space);
    if (!form) return form.error();
    const auto walk = walkOf(request, form.value());
    if (!walk) return walk.error();
    Bytes arguments;
    tt::MsgpackWriter writer(arguments);
    writer.array(6);
    writer.unsignedInteger(form->id);
    writer.unsignedInteger(0);
    writer.raw(walk->key);
    writer.string(walk->iterator);
    writer.unsignedInteger(0);
    writer.unsignedInteger(request.rowsMost);
    const auto told = asked(box, "select", arguments);
    if (!told) return told.error();
    BrowsePage page;
    page.columns = form->columns;
    tt::MsgpackReader reader(told.value());
    const std::uint32_t count = reader.array();
    page.rows.reserve(count);
    page.details.reserve(count);
    BytesView last;
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        last = reader.value();
        if (Status added = addTuple(last, page); !added) return added.error();
    }
    if (!reader.ok()) return unreadable("tuples");
    if (count >= request.rowsMost && count > 0) {
        auto next = keyAfter(last, form.value());
        if (!next) return next.error();
        page.next = std::move(next).value();
    }
    return page;
}

Result<std::uint64_t> spaceLength(tt::BoxBackend& box, const std::string& space) {
    const auto form = formOf(box, space);
    if (!form) return form.error();
    Bytes arguments;
    tt::MsgpackWriter writer(arguments);
    writer.array(1);
    writer.unsignedInteger(form->id);
    const auto told = asked(box, "len", arguments);
    if (!told) return told.error();
    tt::MsgpackReader reader(told.value());
    (void)reader.array();
    const std::uint64_t length = reader.unsignedInteger();
    if (!reader.ok()) return unreadable("a length");
    return length;
}

}  // namespace tributary::app
