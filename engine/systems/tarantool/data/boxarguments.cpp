// Arguments cut and read, spaces described.
#include "engine/systems/tarantool/data/boxarguments.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kArgumentsMax = 16;

std::string_view kindName(IndexKind kind) {
    return kind == IndexKind::Tree ? "TREE" : "HASH";
}

void appendIndex(Bytes& out, const Index& index) {
    MsgpackWriter writer(out);
    writer.array(5);
    writer.unsignedInteger(index.plan.id);
    writer.string(index.plan.name);
    writer.string(kindName(index.plan.kind));
    writer.boolean(index.plan.isUnique);
    writer.array(index.plan.parts.size());
    for (const KeyPart& part : index.plan.parts) {
        writer.array(3);
        writer.unsignedInteger(part.field + 1);
        writer.string(fieldTypeName(part.type));
        writer.boolean(part.isNullable);
    }
}

}  // namespace

std::optional<BoxArguments> splitArguments(BytesView encoded) {
    MsgpackReader reader(encoded);
    const std::uint32_t size = reader.array();
    BoxArguments arguments;
    arguments.reserve(kArgumentsMax);
    for (std::uint32_t i = 0; i < std::min(size, kArgumentsMax); ++i) arguments.push_back(reader.value());
    return reader.ok() ? std::optional(std::move(arguments)) : std::nullopt;
}

BytesView argumentAt(const BoxArguments& arguments, std::size_t index) {
    return index < arguments.size() ? arguments[index] : BytesView();
}

std::uint32_t idArgument(const BoxArguments& arguments, std::size_t index) {
    MsgpackReader reader(argumentAt(arguments, index));
    const std::uint64_t id = reader.unsignedInteger();
    return reader.ok() && id <= UINT32_MAX ? static_cast<std::uint32_t>(id) : UINT32_MAX;
}

std::string textArgument(const BoxArguments& arguments, std::size_t index) {
    MsgpackReader reader(argumentAt(arguments, index));
    return std::string(reader.string());
}

std::uint64_t numberArgument(const BoxArguments& arguments, std::size_t index, std::uint64_t otherwise) {
    MsgpackReader reader(argumentAt(arguments, index));
    const std::uint64_t number = reader.unsignedInteger();
    return reader.ok() ? number : otherwise;
}

/// An array of one result, or none.
bool isArray(BytesView encoded) {
    return !encoded.empty() && MsgpackReader(encoded).type() == MsgpackType::Array;
}

BoxAnswer oneResult(BytesView value) {
    Bytes out;
    MsgpackWriter(out).array(1);
    out.append(value);
    return out;
}
BoxAnswer noResults() {
    Bytes out;
    MsgpackWriter(out).array(0);
    return out;
}
BoxAnswer oneResult(std::uint64_t number) {
    Bytes out;
    MsgpackWriter(out).unsignedInteger(number);
    return oneResult(BytesView(out));
}

BoxAnswer describeSpace(const Space& space) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(4);
    writer.unsignedInteger(space.id());
    writer.string(space.name());
    writer.array(space.format().size());
    for (const FormatField& field : space.format()) {
        writer.array(3);
        writer.string(field.name);
        writer.string(fieldTypeName(field.type));
        writer.boolean(field.isNullable);
    }
    writer.array(space.indexes().size());
    for (const Index& index : space.indexes()) appendIndex(out, index);
    return out;
}

std::optional<BoxFailure> formatArgument(BytesView encoded, std::vector<FormatField>& format) {
    MsgpackReader reader(encoded);
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        if (reader.array() != 3) reader.fail();
        FormatField field;
        field.name = std::string(reader.string());
        const std::string type(reader.string());
        field.isNullable = reader.boolean();
        const auto known = fieldTypeOf(type);
        if (reader.ok() && !known) {
            return BoxFailure{
                127, fmt::format("Wrong space format in space field {}: unknown field type", format.size() + 1), {}};
        }
        field.type = known.value_or(FieldType::Any);
        const bool isTwice = std::any_of(format.begin(), format.end(),
                                         [&](const FormatField& earlier) { return earlier.name == field.name; });
        if (isTwice) return BoxFailure{149, fmt::format("Space field '{}' is duplicate", field.name), {}};
        format.push_back(std::move(field));
    }
    if (!reader.ok()) return failures::illegalParameters("format should be a table of fields");
    return std::nullopt;
}

std::optional<BoxFailure> indexArguments(const BoxArguments& arguments, const Space& space, IndexPlan& plan) {
    plan.id = space.indexes().empty() ? 0 : space.indexes().back().plan.id + 1;
    plan.name = textArgument(arguments, 1);
    const std::string kind = textArgument(arguments, 2);
    if (kind != "TREE" && kind != "HASH") return failures::unsupportedIndexType(plan.name, space.name());
    plan.kind = kind == "TREE" ? IndexKind::Tree : IndexKind::Hash;
    MsgpackReader unique(argumentAt(arguments, 3));
    plan.isUnique = unique.boolean();
    MsgpackReader reader(argumentAt(arguments, 4));
    const std::uint32_t count = reader.array();
    for (std::uint32_t i = 1; i <= count && reader.ok(); ++i) {
        if (reader.array() != 3) reader.fail();
        KeyPart part;
        const auto& format = space.format();
        if (reader.type() == MsgpackType::String) {
            const std::string name(reader.string());
            const auto field =
                std::find_if(format.begin(), format.end(), [&](const auto& known) { return known.name == name; });
            if (field == format.end()) {
                return failures::illegalParameters(
                    fmt::format("options.parts[{}]: field was not found by name '{}'", i, name));
            }
            part.field = static_cast<std::uint32_t>(field - format.begin());
        } else {
            const std::uint64_t field = reader.unsignedInteger();
            if (reader.ok() && (field == 0 || field > 65'535)) {
                return failures::illegalParameters(
                    fmt::format("options.parts[{}]: field (number) must be one-based", i));
            }
            part.field = static_cast<std::uint32_t>(field - 1);
        }
        const bool inFormat = part.field < format.size();
        part.type =
            inFormat && format[part.field].type != FieldType::Any ? format[part.field].type : FieldType::Unsigned;
        const BytesView type = reader.value();
        if (MsgpackReader typeReader(type); typeReader.type() == MsgpackType::String) {
            const auto known = fieldTypeOf(typeReader.string());
            if (!known) {
                return failures::modifyIndex(
                    plan.name, space.name(),
                    "Wrong index parts: unknown field type; expected field1 id (number), field1 "
                    "type (string), ...");
            }
            part.type = *known;
        }
        const BytesView nullable = reader.value();
        MsgpackReader nullableReader(nullable);
        part.isNullable = nullableReader.type() == MsgpackType::Boolean ? nullableReader.boolean()
                                                                        : inFormat && format[part.field].isNullable;
        plan.parts.push_back(part);
    }
    if (!reader.ok()) return failures::illegalParameters("options.parts should be a table of parts");
    return std::nullopt;
}

}  // namespace tributary::engine::tarantool
