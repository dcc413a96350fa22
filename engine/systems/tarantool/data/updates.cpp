// One operation after the other, on a list of fields.
#include "engine/systems/tarantool/data/updates.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/systems/tarantool/data/boxarguments.h"

namespace tributary::engine::tarantool {
namespace {

using Failure = std::optional<BoxFailure>;
__extension__ typedef __int128 Wide;

struct Operation {
    char kind = '=';
    std::string shownField;  ///< as failures call it
    std::int64_t field = 0;  ///< from 0; may be one behind the last
    std::vector<BytesView> arguments;
};

class Updater {
public:
    Updater(const Tuple& tuple, const std::vector<FormatField>& format) : format_(format) {
        for (std::size_t i = 0; i < tuple.count(); ++i) fields_.emplace_back(tuple.field(i));
    }

    Failure apply(BytesView encoded, std::size_t number) {
        Operation operation;
        if (Failure problem = parse(encoded, number, operation)) return problem;
        switch (operation.kind) {
            case '=': return assign(operation);
            case '!': return insert(operation);
            case '#': return remove(operation);
            case '+':
            case '-': return arithmetic(operation);
            case '&':
            case '|':
            case '^': return bits(operation);
            default: return splice(operation);
        }
    }

    [[nodiscard]] Bytes take() const { return arrayOf(fields_); }

private:
    Failure parse(BytesView encoded, std::size_t number, Operation& operation) const {
        MsgpackReader reader(encoded);
        const std::uint32_t count = reader.array();
        const BytesView kind = reader.string();
        if (!reader.ok() || count < 3) {
            return failures::illegalParameters("update operation must be an array {op,..}, got empty array");
        }
        if (kind.size() != 1 || std::string_view("=!#+-&|^:").find(kind.front()) == std::string_view::npos) {
            return failures::unknownOperation(number, kind);
        }
        operation.kind = kind.front();
        if (Failure problem = place(reader, operation)) return problem;
        for (std::uint32_t i = 2; i < count; ++i) operation.arguments.push_back(reader.value());
        const std::size_t wanted = operation.kind == ':' ? 3 : 1;
        if (!reader.ok() || operation.arguments.size() != wanted) return failures::unknownOperation(number, kind);
        return std::nullopt;
    }

    Failure place(MsgpackReader& reader, Operation& operation) const {
        if (reader.type() == MsgpackType::String) {
            const BytesView name = reader.string();
            operation.shownField = fmt::format("'{}'", name);
            const auto at = std::find_if(format_.begin(), format_.end(),
                                         [&](const FormatField& field) { return field.name == name; });
            if (at == format_.end()) return failures::noSuchField(operation.shownField);
            operation.field = at - format_.begin();
        } else {
            const std::int64_t number = reader.integer();
            operation.shownField = std::to_string(number);
            if (number == 0) return failures::noSuchField("0");
            const auto size = static_cast<std::int64_t>(fields_.size());
            // From the end, -1 is the last field; for an insertion the place behind it.
            operation.field = number > 0 ? number - 1 : size + number + (operation.kind == '!' ? 1 : 0);
        }
        const auto size = static_cast<std::int64_t>(fields_.size());
        const bool mayBeNew = operation.kind == '=' || operation.kind == '!';
        const bool exists = operation.field >= 0 && operation.field < size + (mayBeNew ? 1 : 0);
        return exists ? std::nullopt : Failure(failures::noSuchField(operation.shownField));
    }

    Bytes& at(const Operation& operation) { return fields_[static_cast<std::size_t>(operation.field)]; }

    Failure assign(const Operation& operation) {
        if (operation.field == static_cast<std::int64_t>(fields_.size())) fields_.emplace_back();
        at(operation) = Bytes(operation.arguments[0]);
        return std::nullopt;
    }

    Failure insert(const Operation& operation) {
        fields_.insert(fields_.begin() + operation.field, Bytes(operation.arguments[0]));
        return std::nullopt;
    }

    Failure remove(const Operation& operation) {
        MsgpackReader reader(operation.arguments[0]);
        const std::int64_t count = reader.integer();
        if (!reader.ok() || count <= 0) {
            return failures::updateField(operation.shownField, "cannot delete 0 fields");
        }
        const auto left = static_cast<std::int64_t>(fields_.size()) - operation.field;
        fields_.erase(fields_.begin() + operation.field, fields_.begin() + operation.field + std::min(count, left));
        return std::nullopt;
    }

    static bool isReal(BytesView value) {
        const MsgpackType type = MsgpackReader(value).type();
        return type == MsgpackType::Double || type == MsgpackType::Float;
    }
    static bool isWhole(BytesView value) {
        const MsgpackType type = MsgpackReader(value).type();
        return type == MsgpackType::Unsigned || type == MsgpackType::Negative;
    }
    static double realOf(BytesView value) {
        MsgpackReader reader(value);
        if (isReal(value)) return reader.real();
        return reader.type() == MsgpackType::Negative ? static_cast<double>(reader.integer())
                                                      : static_cast<double>(reader.unsignedInteger());
    }
    // 128 bits hold every sum of two whole numbers.
    static Wide wholeOf(BytesView value) {
        MsgpackReader reader(value);
        if (reader.type() == MsgpackType::Negative) return reader.integer();
        return reader.unsignedInteger();
    }

    Failure arithmetic(const Operation& operation) {
        const std::string sign(1, operation.kind);
        const Bytes left = at(operation);
        const BytesView right = operation.arguments[0];
        if ((!isReal(left) && !isWhole(left)) || (!isReal(right) && !isWhole(right))) {
            return failures::operationType(sign, operation.shownField, "a number");
        }
        Bytes result;
        if (isReal(left) || isReal(right)) {
            const double by = operation.kind == '+' ? realOf(right) : -realOf(right);
            MsgpackWriter(result).real(realOf(left) + by);
        } else {
            const Wide by = operation.kind == '+' ? wholeOf(right) : -wholeOf(right);
            const Wide sum = wholeOf(left) + by;
            if (sum > Wide{UINT64_MAX} || sum < Wide{INT64_MIN})
                return failures::integerOverflow(sign, operation.shownField);
            if (sum < 0) {
                MsgpackWriter(result).integer(static_cast<std::int64_t>(sum));
            } else {
                MsgpackWriter(result).unsignedInteger(static_cast<std::uint64_t>(sum));
            }
        }
        at(operation) = std::move(result);
        return std::nullopt;
    }

    Failure bits(const Operation& operation) {
        MsgpackReader left(at(operation));
        MsgpackReader right(operation.arguments[0]);
        const std::uint64_t a = left.unsignedInteger();
        const std::uint64_t b = right.unsignedInteger();
        if (!left.ok() || !right.ok()) {
            return failures::operationType(std::string(1, operation.kind), operation.shownField, "a positive integer");
        }
        Bytes result;
        MsgpackWriter(result).unsignedInteger(operation.kind == '&' ? a & b : operation.kind == '|' ? a | b : a ^ b);
        at(operation) = std::move(result);
        return std::nullopt;
    }

    Failure splice(const Operation& operation) {
        MsgpackReader text(at(operation));
        const BytesView old = text.string();
        MsgpackReader offsetReader(operation.arguments[0]);
        MsgpackReader lengthReader(operation.arguments[1]);
        MsgpackReader freshReader(operation.arguments[2]);
        std::int64_t offset = offsetReader.integer();
        std::int64_t length = lengthReader.integer();
        const BytesView fresh = freshReader.string();
        if (!text.ok() || !freshReader.ok()) return failures::operationType(":", operation.shownField, "a string");
        if (!offsetReader.ok() || !lengthReader.ok()) {
            return failures::operationType(":", operation.shownField, "an integer");
        }
        const auto size = static_cast<std::int64_t>(old.size());
        if (offset < 0) {
            if (-offset > size + 1)
                return failures::updateField(operation.shownField, "SPLICE: offset is out of bound");
            offset += size + 1;
        } else {
            offset = std::min(offset > 0 ? offset - 1 : 0, size);
        }
        length = length < 0 ? std::max<std::int64_t>(size - offset + length, 0) : std::min(length, size - offset);
        Bytes spliced(old.substr(0, static_cast<std::size_t>(offset)));
        spliced += fresh;
        spliced += old.substr(static_cast<std::size_t>(offset + length));
        Bytes result;
        MsgpackWriter(result).string(spliced);
        at(operation) = std::move(result);
        return std::nullopt;
    }

    const std::vector<FormatField>& format_;
    std::vector<Bytes> fields_;
};

/// One operation, its field counted from 1. What is no operation stays what it is: whoever runs it says so.
void appendCountedFromOne(Bytes& out, BytesView operation) {
    MsgpackReader reader(operation);
    MsgpackWriter writer(out);
    if (reader.type() != MsgpackType::Array) {
        writer.raw(operation);
        return;
    }
    const std::uint32_t parts = reader.array();
    writer.array(parts);
    for (std::uint32_t i = 0; i < parts && reader.ok(); ++i) {
        const bool isField = i == 1 && reader.type() == MsgpackType::Unsigned;
        if (!isField) {
            writer.raw(reader.value());
            continue;
        }
        const std::uint64_t field = reader.unsignedInteger();
        writer.unsignedInteger(field == std::numeric_limits<std::uint64_t>::max() ? field : field + 1);
    }
}

}  // namespace

std::optional<BoxFailure> applyUpdates(const Tuple& tuple, BytesView operations, const std::vector<FormatField>& format,
                                       bool lenient, TuplePtr& result) {
    result = nullptr;
    MsgpackReader reader(operations);
    if (reader.type() != MsgpackType::Array) return failures::tupleNotArray();
    Updater updater(tuple, format);
    const std::uint32_t count = reader.array();
    for (std::uint32_t i = 1; i <= count; ++i) {
        const BytesView operation = reader.value();
        if (Failure problem = updater.apply(operation, i); problem && !lenient) return problem;
    }
    if (!reader.ok()) return failures::tupleNotArray();
    result = Tuple::make(updater.take());
    return std::nullopt;
}

Bytes countedFromOne(BytesView operations) {
    if (!isArray(operations)) return Bytes(operations);
    MsgpackReader reader(operations);
    const std::uint32_t count = reader.array();
    Bytes out;
    MsgpackWriter(out).array(count);
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) appendCountedFromOne(out, reader.value());
    return out;
}

}  // namespace tributary::engine::tarantool
