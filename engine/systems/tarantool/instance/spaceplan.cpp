// Rows of _space and _index, read and written.
#include "engine/systems/tarantool/instance/spaceplan.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::engine::tarantool {
namespace {

/// A flag of the map in field 5 of a row of _space.
bool flagOf(const Bytes& row, std::string_view name) {
    const TuplePtr tuple = Tuple::make(row);
    if (tuple == nullptr) return false;
    MsgpackReader reader(tuple->field(5));
    if (reader.type() != MsgpackType::Map) return false;
    for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
        const bool isNamed = reader.type() == MsgpackType::String;
        const BytesView key = isNamed ? reader.string() : reader.value();
        const BytesView value = reader.value();
        MsgpackReader flag(value);
        if (isNamed && key == name && flag.type() == MsgpackType::Boolean) return flag.boolean();
    }
    return false;
}

bool truth(BytesView value) {
    MsgpackReader reader(value);
    return reader.type() == MsgpackType::Boolean && reader.boolean();
}

/// {field, type} as an array or a map; nullopt for anything else.
std::optional<KeyPart> readPart(MsgpackReader& reader) {
    KeyPart part;
    std::optional<FieldType> type;
    const auto takeType = [&](BytesView value) {
        MsgpackReader text(value);
        type = fieldTypeOf(text.string());
    };
    if (reader.type() == MsgpackType::Array) {
        const std::uint32_t count = reader.array();
        if (count < 2) return std::nullopt;
        part.field = static_cast<std::uint32_t>(reader.unsignedInteger());
        takeType(reader.value());
        for (std::uint32_t i = 2; i < count; ++i) (void)reader.value();
    } else {
        for (std::uint32_t left = reader.map(); left > 0 && reader.ok(); --left) {
            const BytesView key = reader.string();
            const BytesView value = reader.value();
            if (key == "field") part.field = static_cast<std::uint32_t>(MsgpackReader(value).unsignedInteger());
            if (key == "type") takeType(value);
            if (key == "is_nullable") part.isNullable = truth(value);
        }
    }
    if (!reader.ok() || !type || part.field > 65'535) return std::nullopt;
    part.type = *type;
    return part;
}

std::optional<BoxFailure> readIndex(const Tuple& row, const std::string& space, IndexPlan& plan) {
    plan.id = idField(row, 1);
    plan.name = textField(row, 2);
    const std::string kind = toLower(textField(row, 3));
    if (plan.id > kIndexIdMax) return failures::modifyIndex(plan.name, space, "index id too big");
    if (kind != "tree" && kind != "hash") return failures::unsupportedIndexType(plan.name, space);
    plan.kind = kind == "tree" ? IndexKind::Tree : IndexKind::Hash;
    MsgpackReader options(row.field(4));
    for (std::uint32_t left = options.map(); left > 0 && options.ok(); --left) {
        const BytesView key = options.string();
        const BytesView value = options.value();
        if (key == "unique") plan.isUnique = truth(value);
    }
    MsgpackReader parts(row.field(5));
    for (std::uint32_t left = parts.array(); left > 0 && parts.ok(); --left) {
        const auto part = readPart(parts);
        if (!part) {
            return failures::modifyIndex(plan.name, space,
                                         "Wrong index parts: unknown field type; expected field1 id (number), field1 "
                                         "type (string), ...");
        }
        plan.parts.push_back(*part);
    }
    if (!options.ok() || !parts.ok()) return failures::modifyIndex(plan.name, space, "wrong options or parts");
    return std::nullopt;
}

}  // namespace

std::uint32_t idField(const Tuple& row, std::size_t index) {
    MsgpackReader reader(row.field(index));
    const std::uint64_t id = reader.unsignedInteger();
    return reader.ok() && id <= UINT32_MAX ? static_cast<std::uint32_t>(id) : UINT32_MAX;
}

std::string textField(const Tuple& row, std::size_t index) {
    MsgpackReader reader(row.field(index));
    return std::string(reader.string());
}

Bytes SpacePlan::encode() const {
    Bytes out;
    appendBlob(out, space);
    for (const auto& [id, row] : indexes) appendBlob(out, row);
    return out;
}

Result<SpacePlan> SpacePlan::decode(BytesView bytes) {
    SpacePlan plan;
    ByteReader reader(bytes);
    plan.space = Bytes(reader.blob());
    while (!reader.atEnd() && reader.ok()) {
        Bytes row(reader.blob());
        const TuplePtr tuple = Tuple::make(row);
        if (tuple == nullptr) break;
        plan.indexes[idField(*tuple, 1)] = std::move(row);
    }
    if (reader.ok() && reader.atEnd() && Tuple::make(plan.space) != nullptr) return plan;
    return Error{ErrorCode::Corrupt, "what a space is cannot be read", {}, {}};
}

bool SpacePlan::isLocal() const {
    return flagOf(space, "group_id") || flagOf(space, "is_local");
}

bool SpacePlan::isTemporary() const {
    return flagOf(space, "temporary");
}

std::optional<BoxFailure> makeSpace(const SpacePlan& plan, std::optional<Space>& space) {
    const TuplePtr row = Tuple::make(plan.space);
    if (row == nullptr) return failures::tupleNotArray();
    space.emplace(idField(*row, 0), textField(*row, 2));
    std::vector<FormatField> format;
    if (auto problem = readFormat(row->field(6), format)) return problem;
    if (auto problem = space->setFormat(std::move(format))) return problem;
    for (const auto& [id, bytes] : plan.indexes) {
        const TuplePtr index = Tuple::make(bytes);
        IndexPlan read;
        if (auto problem = readIndex(*index, space->name(), read)) return problem;
        if (auto problem = space->addIndex(std::move(read))) return problem;
    }
    return std::nullopt;
}

std::optional<BoxFailure> readFormat(BytesView encoded, std::vector<FormatField>& format) {
    MsgpackReader reader(encoded);
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        FormatField field;
        std::string type = "any";
        for (std::uint32_t keys = reader.map(); keys > 0 && reader.ok(); --keys) {
            const BytesView key = reader.string();
            const BytesView value = reader.value();
            if (key == "name") field.name = std::string(MsgpackReader(value).string());
            if (key == "type") type = std::string(MsgpackReader(value).string());
            if (key == "is_nullable") field.isNullable = truth(value);
        }
        const auto known = fieldTypeOf(type);
        if (!known) {
            return BoxFailure{
                127, fmt::format("Wrong space format in space field {}: unknown field type", format.size() + 1), {}};
        }
        field.type = *known;
        const bool isTwice = std::any_of(format.begin(), format.end(),
                                         [&](const FormatField& earlier) { return earlier.name == field.name; });
        if (isTwice) return BoxFailure{149, fmt::format("Space field '{}' is duplicate", field.name), {}};
        format.push_back(std::move(field));
    }
    return reader.ok() ? std::nullopt
                       : std::optional(failures::illegalParameters("format should be a table of fields"));
}

Bytes encodeFormat(const std::vector<FormatField>& format) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(format.size());
    for (const FormatField& field : format) {
        writer.map(field.isNullable ? 3 : 2);
        writer.string("name");
        writer.string(field.name);
        writer.string("type");
        writer.string(fieldTypeName(field.type));
        if (!field.isNullable) continue;
        writer.string("is_nullable");
        writer.boolean(true);
    }
    return out;
}

Bytes spaceRow(std::uint32_t id, std::string_view name, const std::vector<FormatField>& format, std::string_view engine,
               bool isTemporary) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(7);
    writer.unsignedInteger(id);
    writer.unsignedInteger(1);  // of admin
    writer.string(name);
    writer.string(engine);
    writer.unsignedInteger(0);
    writer.map(isTemporary ? 1 : 0);
    if (isTemporary) {
        writer.string("temporary");
        writer.boolean(true);
    }
    writer.raw(encodeFormat(format));
    return out;
}

Bytes indexRow(std::uint32_t space, const IndexPlan& plan) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(6);
    writer.unsignedInteger(space);
    writer.unsignedInteger(plan.id);
    writer.string(plan.name);
    writer.string(plan.kind == IndexKind::Tree ? "tree" : "hash");
    writer.map(1);
    writer.string("unique");
    writer.boolean(plan.isUnique);
    writer.array(plan.parts.size());
    for (const KeyPart& part : plan.parts) {
        if (!part.isNullable) {
            writer.array(2);
            writer.unsignedInteger(part.field);
            writer.string(fieldTypeName(part.type));
            continue;
        }
        writer.map(3);
        writer.string("field");
        writer.unsignedInteger(part.field);
        writer.string("type");
        writer.string(fieldTypeName(part.type));
        writer.string("is_nullable");
        writer.boolean(true);
    }
    return out;
}

}  // namespace tributary::engine::tarantool
