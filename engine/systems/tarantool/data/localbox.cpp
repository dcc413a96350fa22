// Arguments to statements, effects to results.
#include "engine/systems/tarantool/data/localbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kArgumentsMax = 16;
constexpr std::size_t kAnswerBytesMax = 64U << 20U;

BytesView at(const std::vector<BytesView>& arguments, std::size_t index) {
    return index < arguments.size() ? arguments[index] : BytesView();
}

std::uint32_t idAt(const std::vector<BytesView>& arguments, std::size_t index) {
    MsgpackReader reader(at(arguments, index));
    const std::uint64_t id = reader.unsignedInteger();
    return reader.ok() && id <= UINT32_MAX ? static_cast<std::uint32_t>(id) : UINT32_MAX;
}

std::string textAt(const std::vector<BytesView>& arguments, std::size_t index) {
    MsgpackReader reader(at(arguments, index));
    return std::string(reader.string());
}

std::uint64_t numberAt(const std::vector<BytesView>& arguments, std::size_t index, std::uint64_t otherwise) {
    MsgpackReader reader(at(arguments, index));
    const std::uint64_t number = reader.unsignedInteger();
    return reader.ok() ? number : otherwise;
}

/// An array of one result, or none.
BoxAnswer one(BytesView value) {
    Bytes out;
    MsgpackWriter(out).array(1);
    out.append(value);
    return out;
}
BoxAnswer nothing() {
    Bytes out;
    MsgpackWriter(out).array(0);
    return out;
}
BoxAnswer one(std::uint64_t number) {
    Bytes out;
    MsgpackWriter(out).unsignedInteger(number);
    return one(BytesView(out));
}
BoxAnswer answerOf(const Effect& effect) {
    if (const auto* failure = std::get_if<BoxFailure>(&effect)) return *failure;
    const TuplePtr& tuple = std::get<TuplePtr>(effect);
    return tuple == nullptr ? nothing() : one(tuple->bytes());
}
BoxAnswer answerOf(const std::optional<BoxFailure>& failure) {
    return failure ? BoxAnswer(*failure) : nothing();
}

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

BoxAnswer LocalBox::call(std::string_view method, BytesView encoded) {
    static constexpr std::array<std::pair<std::string_view, Method>, 23> kMethods{
        {{"space", &LocalBox::space},
         {"create_space", &LocalBox::createSpace},
         {"drop_space", &LocalBox::dropSpace},
         {"rename_space", &LocalBox::renameSpace},
         {"set_format", &LocalBox::setFormat},
         {"truncate", &LocalBox::truncate},
         {"create_index", &LocalBox::createIndex},
         {"drop_index", &LocalBox::dropIndex},
         {"insert", &LocalBox::insert},
         {"replace", &LocalBox::replace},
         {"upsert", &LocalBox::upsert},
         {"get", &LocalBox::get},
         {"delete", &LocalBox::remove},
         {"update", &LocalBox::update},
         {"select", &LocalBox::select},
         {"count", &LocalBox::count},
         {"len", &LocalBox::length},
         {"bsize", &LocalBox::byteSize},
         {"begin", &LocalBox::begin},
         {"commit", &LocalBox::commit},
         {"rollback", &LocalBox::rollback},
         {"in_transaction", &LocalBox::inTransaction},
         {"info", &LocalBox::info}}};
    const auto* const found =
        std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& known) { return known.first == method; });
    MsgpackReader reader(encoded);
    const std::uint32_t size = reader.array();
    Arguments arguments;
    arguments.reserve(kArgumentsMax);
    for (std::uint32_t i = 0; i < std::min(size, kArgumentsMax); ++i) arguments.push_back(reader.value());
    if (found == kMethods.end() || !reader.ok()) return failures::illegalParameters("there is no such call");
    return (this->*found->second)(arguments);
}

BoxAnswer LocalBox::space(const Arguments& arguments) {
    const bool isNamed = MsgpackReader(at(arguments, 0)).type() == MsgpackType::String;
    const Space* found = isNamed ? unit_.spaceNamed(textAt(arguments, 0)) : unit_.space(idAt(arguments, 0));
    if (found == nullptr) return nothing();
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(4);
    writer.unsignedInteger(found->id());
    writer.string(found->name());
    writer.array(found->format().size());
    for (const FormatField& field : found->format()) {
        writer.array(3);
        writer.string(field.name);
        writer.string(fieldTypeName(field.type));
        writer.boolean(field.isNullable);
    }
    writer.array(found->indexes().size());
    for (const Index& index : found->indexes()) appendIndex(out, index);
    return out;
}

BoxAnswer LocalBox::createSpace(const Arguments& arguments) {
    std::uint32_t id = 0;
    if (auto problem = unit_.createSpace(textAt(arguments, 0), id)) return *problem;
    return one(id);
}

BoxAnswer LocalBox::dropSpace(const Arguments& arguments) {
    return answerOf(unit_.dropSpace(idAt(arguments, 0)));
}

BoxAnswer LocalBox::renameSpace(const Arguments& arguments) {
    return answerOf(unit_.renameSpace(idAt(arguments, 0), textAt(arguments, 1)));
}

BoxAnswer LocalBox::setFormat(const Arguments& arguments) {
    MsgpackReader reader(at(arguments, 1));
    std::vector<FormatField> format;
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
    return answerOf(unit_.setFormat(idAt(arguments, 0), std::move(format)));
}

BoxAnswer LocalBox::truncate(const Arguments& arguments) {
    return answerOf(unit_.truncate(idAt(arguments, 0)));
}

BoxAnswer LocalBox::createIndex(const Arguments& arguments) {
    const Space* space = unit_.space(idAt(arguments, 0));
    if (space == nullptr) return failures::noSuchSpace(std::to_string(idAt(arguments, 0)));
    IndexPlan plan;
    plan.id = space->indexes().empty() ? 0 : space->indexes().back().plan.id + 1;
    plan.name = textAt(arguments, 1);
    const std::string kind = textAt(arguments, 2);
    if (kind != "TREE" && kind != "HASH") return failures::unsupportedIndexType(plan.name, space->name());
    plan.kind = kind == "TREE" ? IndexKind::Tree : IndexKind::Hash;
    MsgpackReader unique(at(arguments, 3));
    plan.isUnique = unique.boolean();
    MsgpackReader reader(at(arguments, 4));
    const std::uint32_t count = reader.array();
    for (std::uint32_t i = 1; i <= count && reader.ok(); ++i) {
        if (reader.array() != 3) reader.fail();
        KeyPart part;
        const auto& format = space->format();
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
                    plan.name, space->name(),
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
    const std::uint32_t id = plan.id;
    if (auto problem = unit_.addIndex(space->id(), std::move(plan))) return *problem;
    return one(id);
}

BoxAnswer LocalBox::dropIndex(const Arguments& arguments) {
    return answerOf(unit_.dropIndex(idAt(arguments, 0), idAt(arguments, 1)));
}

BoxAnswer LocalBox::insert(const Arguments& arguments) {
    return answerOf(unit_.insert(idAt(arguments, 0), Bytes(at(arguments, 1))));
}

BoxAnswer LocalBox::replace(const Arguments& arguments) {
    return answerOf(unit_.replace(idAt(arguments, 0), Bytes(at(arguments, 1))));
}

BoxAnswer LocalBox::upsert(const Arguments& arguments) {
    return answerOf(unit_.upsert(idAt(arguments, 0), Bytes(at(arguments, 1)), at(arguments, 2)));
}

BoxAnswer LocalBox::get(const Arguments& arguments) {
    return answerOf(unit_.get(idAt(arguments, 0), idAt(arguments, 1), at(arguments, 2)));
}

BoxAnswer LocalBox::remove(const Arguments& arguments) {
    return answerOf(unit_.remove(idAt(arguments, 0), idAt(arguments, 1), at(arguments, 2)));
}

BoxAnswer LocalBox::update(const Arguments& arguments) {
    return answerOf(unit_.update(idAt(arguments, 0), idAt(arguments, 1), at(arguments, 2), at(arguments, 3)));
}

std::optional<BoxFailure> LocalBox::walk(const Arguments& arguments, const TupleTree::Visit& visit) {
    const Space* space = unit_.space(idAt(arguments, 0));
    if (space == nullptr) return failures::noSuchSpace(std::to_string(idAt(arguments, 0)));
    const Index* index = space->index(idAt(arguments, 1));
    if (index == nullptr) return failures::noSuchIndex(idAt(arguments, 1), space->name());
    const std::string name = textAt(arguments, 3);
    const auto iterator = iteratorOf(name);
    if (!iterator) return BoxFailure{72, fmt::format("Unknown iterator type '{}'", name), {}};
    return Space::select(*index, at(arguments, 2), *iterator, visit);
}

BoxAnswer LocalBox::select(const Arguments& arguments) {
    std::uint64_t offset = numberAt(arguments, 4, 0);
    const std::uint64_t limit = numberAt(arguments, 5, UINT64_MAX);
    Bytes tuples;
    std::size_t count = 0;
    bool isTooMuch = false;
    auto problem = walk(arguments, [&](const TuplePtr& tuple) {
        if (count >= limit) return false;
        if (offset > 0) {
            --offset;
            return true;
        }
        tuples.append(tuple->bytes());
        ++count;
        isTooMuch = tuples.size() > kAnswerBytesMax;
        return !isTooMuch;
    });
    if (problem) return *problem;
    if (isTooMuch) return failures::memoryIssue(tuples.size(), "the answer", "select: give a limit");
    Bytes out;
    MsgpackWriter(out).array(count);
    return out + tuples;
}

BoxAnswer LocalBox::count(const Arguments& arguments) {
    std::uint64_t count = 0;
    auto problem = walk(arguments, [&](const TuplePtr&) {
        ++count;
        return true;
    });
    return problem ? BoxAnswer(*problem) : one(count);
}

BoxAnswer LocalBox::length(const Arguments& arguments) {
    const Space* space = unit_.space(idAt(arguments, 0));
    return one(space == nullptr || space->primary() == nullptr ? 0 : space->primary()->tree.size());
}

BoxAnswer LocalBox::byteSize(const Arguments& arguments) {
    const Space* space = unit_.space(idAt(arguments, 0));
    std::uint64_t bytes = 0;
    if (space != nullptr && space->primary() != nullptr) {
        space->primary()->tree.walk([](const Tuple&) { return false; },
                                    [&](const TuplePtr& tuple) {
                                        bytes += tuple->bytes().size();
                                        return true;
                                    });
    }
    return one(bytes);
}

BoxAnswer LocalBox::begin(const Arguments& /*arguments*/) {
    return answerOf(unit_.begin());
}

BoxAnswer LocalBox::commit(const Arguments& /*arguments*/) {
    unit_.commit();
    return nothing();
}

BoxAnswer LocalBox::rollback(const Arguments& /*arguments*/) {
    rollbackOpen();
    return nothing();
}

BoxAnswer LocalBox::inTransaction(const Arguments& /*arguments*/) {
    Bytes out;
    MsgpackWriter(out).boolean(unit_.inTransaction());
    return one(BytesView(out));
}

BoxAnswer LocalBox::info(const Arguments& /*arguments*/) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(3);
    writer.string(instance_.text());
    writer.string(replicaset_.text());
    writer.unsignedInteger(unit_.rows());
    return out;
}

}  // namespace tributary::engine::tarantool
