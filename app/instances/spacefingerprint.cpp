// Two instances read in pages, in the order of the primary key.
#include "app/instances/spacefingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <map>
#include <optional>

#include "engine/systems/tarantool/data/keydef.h"
#include "engine/systems/tarantool/data/tuple.h"
#include "engine/systems/tarantool/instance/tupletext.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr std::uint32_t kSpaceSpace = 280;
constexpr std::uint32_t kFirstUserSpace = 512;
constexpr std::uint64_t kPageRows = 1'000;
constexpr std::uint32_t kLoading = 116;
constexpr int kDepthMax = 64;
constexpr std::size_t kKeptMost = 100'000;  ///< differing rows that are looked at again

Error damaged(const char* what) {
    return {ErrorCode::Corrupt, fmt::format("the instance's answer cannot be read: {}", what), {}, {}};
}

Result<Bytes> ask(tt::BoxBackend& box, std::string_view method, BytesView arguments) {
    tt::BoxAnswer answer = box.call(method, arguments);
    if (auto* encoded = std::get_if<Bytes>(&answer)) return std::move(*encoded);
    const auto& failure = std::get<tt::BoxFailure>(answer);
    const bool isAway = failure.code == 0 || failure.code == kLoading;
    return Error{isAway ? ErrorCode::Unavailable : ErrorCode::Io, failure.message, {}, {}};
}

/// The value in the one form that equal ones share. False for what is damaged or too deep.
bool appendCanonical(tt::MsgpackReader& reader, tt::MsgpackWriter& writer, int depth) {
    if (depth > kDepthMax) return false;
    switch (reader.type()) {
        case tt::MsgpackType::Nil:
            reader.nil();
            writer.nil();
            break;
        case tt::MsgpackType::Boolean: writer.boolean(reader.boolean()); break;
        case tt::MsgpackType::Unsigned: writer.unsignedInteger(reader.unsignedInteger()); break;
        case tt::MsgpackType::Negative: writer.integer(reader.integer()); break;
        case tt::MsgpackType::Float:
        case tt::MsgpackType::Double: writer.real(reader.real()); break;
        case tt::MsgpackType::String: writer.string(reader.string()); break;
        case tt::MsgpackType::Binary: writer.binary(reader.binary()); break;
        case tt::MsgpackType::Extension: {
            const tt::MsgpackExtension value = reader.extension();
            writer.extension(value.kind, value.body);
            break;
        }
        case tt::MsgpackType::Array: {
            const std::uint32_t count = reader.array();
            writer.array(count);
            for (std::uint32_t i = 0; i < count; ++i) {
                if (!appendCanonical(reader, writer, depth + 1)) return false;
            }
            break;
        }
        case tt::MsgpackType::Map: {
            const std::uint32_t pairs = reader.map();
            writer.map(pairs);
            for (std::uint32_t i = 0; i < 2 * pairs; ++i) {
                if (!appendCanonical(reader, writer, depth + 1)) return false;
            }
            break;
        }
    }
    return reader.ok();
}

Result<Bytes> canonical(BytesView tuple) {
    Bytes out;
    tt::MsgpackReader reader(tuple);
    tt::MsgpackWriter writer(out);
    if (!appendCanonical(reader, writer, 0)) return damaged("a tuple");
    return out;
}

/// A space as its instance describes it.
struct Shape {
    std::uint32_t id = 0;
    std::vector<tt::KeyPart> key;
};

/// nullopt: there is none, or it has no primary index.
Result<std::optional<Shape>> shapeOf(tt::BoxBackend& box, const std::string& space) {
    Bytes arguments;
    tt::MsgpackWriter writer(arguments);
    writer.array(1);
    writer.string(space);
    const auto told = ask(box, "space", arguments);
    if (!told) return told.error();
    tt::MsgpackReader reader(told.value());
    const std::uint32_t count = reader.array();
    if (!reader.ok()) return damaged("a space");
    if (count == 0) return std::optional<Shape>();
    Shape shape;
    shape.id = static_cast<std::uint32_t>(reader.unsignedInteger());
    (void)reader.value();  // name
    (void)reader.value();  // format
    if (reader.array() == 0 && reader.ok()) return std::optional<Shape>();
    reader.array();
    const std::uint64_t index = reader.unsignedInteger();
    (void)reader.value();  // name
    (void)reader.value();  // kind
    (void)reader.value();  // unique
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        reader.array();
        tt::KeyPart part;
        part.field = static_cast<std::uint32_t>(reader.unsignedInteger() - 1);
        const auto type = tt::fieldTypeOf(reader.string());
        if (!type) reader.fail();
        part.type = type.value_or(tt::FieldType::Any);
        part.isNullable = reader.boolean();
        shape.key.push_back(part);
    }
    if (!reader.ok()) return damaged("a space");
    return index == 0 && !shape.key.empty() ? std::optional(std::move(shape)) : std::optional<Shape>();
}

/// The rows of a space, one after the other.
class Rows {
public:
    Rows(tt::BoxBackend& box, const Shape& shape) : box_(box), order_(shape.key), id_(shape.id) {}

    /// nullptr: there are no more.
    Result<tt::TuplePtr> next() {
        if (at_ == page_.size() && !isAtEnd_) {
            if (const Status read = readPage(); !read) return read.error();
        }
        if (at_ == page_.size()) return tt::TuplePtr();
        return page_[at_++];
    }
    [[nodiscard]] const tt::KeyDef& order() const { return order_; }
    [[nodiscard]] Bytes keyOf(const tt::Tuple& tuple) const {
        Bytes out;
        const tt::Key key = order_.keyOf(tuple);
        tt::MsgpackWriter writer(out);
        writer.array(key.size());
        for (const BytesView part : key) writer.raw(part);
        return out;
    }

private:
    Status readPage() {
        Bytes arguments;
        tt::MsgpackWriter writer(arguments);
        writer.array(6);
        writer.unsignedInteger(id_);
        writer.unsignedInteger(0);
        if (page_.empty()) {
            writer.array(0);
        } else {
            writer.raw(keyOf(*page_.back()));
        }
        writer.string(page_.empty() ? "ALL" : "GT");
        writer.unsignedInteger(0);
        writer.unsignedInteger(kPageRows);
        const auto told = ask(box_, "select", arguments);
        if (!told) return told.error();
        tt::MsgpackReader reader(told.value());
        const std::uint32_t count = reader.array();
        page_.clear();
        page_.reserve(count);
        at_ = 0;
        for (std::uint32_t i = 0; i < count; ++i) {
            tt::TuplePtr tuple = tt::Tuple::make(Bytes(reader.value()));
            if (tuple == nullptr) return damaged("rows");
            page_.push_back(std::move(tuple));
        }
        isAtEnd_ = count < kPageRows;
        return okStatus();
    }

    tt::BoxBackend& box_;
    tt::KeyDef order_;
    std::uint32_t id_;
    std::vector<tt::TuplePtr> page_;
    std::size_t at_ = 0;
    bool isAtEnd_ = false;
};

/// Takes rows in, in the order of keys.
class Digest {
public:
    explicit Digest(std::string space) { print_.space = std::move(space); }

    void add(BytesView canonicalRow) {
        ++print_.rows;
        print_.hash = XXH3_64bits_withSeed(canonicalRow.data(), canonicalRow.size(), print_.hash);
    }
    [[nodiscard]] const SpaceFingerprint& print() const { return print_; }

private:
    SpaceFingerprint print_;
};

/// What one look found, by encoded key; only so many rows are kept.
struct Look {
    SpaceFingerprint a;
    SpaceFingerprint b;
    std::uint64_t rows = 0;
    std::vector<std::pair<Bytes, RowDifference>> differences;
};

/// Reads both sides at once.
class SideBySide {
public:
    SideBySide(tt::BoxBackend& a, const Shape& shapeA, tt::BoxBackend& b, const Shape& shapeB, const std::string& space,
               const CompareOptions& options)
        : space_(space), options_(options), a_(a, shapeA), b_(b, shapeB), digestA_(space), digestB_(space) {}

    Result<Look> look() {
        auto rowA = a_.next();
        auto rowB = b_.next();
        while (rowA && rowB && (rowA.value() != nullptr || rowB.value() != nullptr)) {
            const int order = orderOf(rowA.value(), rowB.value());
            Bytes textA;
            Bytes textB;
            if (order <= 0) {
                auto one = canonical(rowA.value()->bytes());
                if (!one) return one.error();
                digestA_.add(textA = std::move(one).value());
            }
            if (order >= 0) {
                auto other = canonical(rowB.value()->bytes());
                if (!other) return other.error();
                digestB_.add(textB = std::move(other).value());
            }
            if (textA != textB) keep(order <= 0 ? *rowA.value() : *rowB.value(), textA, textB);
            if (order <= 0) rowA = a_.next();
            if (order >= 0) rowB = b_.next();
        }
        if (!rowA) return rowA.error();
        if (!rowB) return rowB.error();
        look_.a = digestA_.print();
        look_.b = digestB_.print();
        return std::move(look_);
    }

private:
    [[nodiscard]] int orderOf(const tt::TuplePtr& one, const tt::TuplePtr& other) const {
        if (one == nullptr) return 1;
        if (other == nullptr) return -1;
        return a_.order().compare(*one, *other);
    }
    void keep(const tt::Tuple& keyed, BytesView one, BytesView other) {
        ++look_.rows;
        const bool isKept = look_.differences.size() < kKeptMost;
        if (!isKept && !options_.onDifference) return;
        Bytes key = a_.keyOf(keyed);
        if (options_.onDifference) options_.onDifference({space_, key, one, other});
        if (!isKept) return;
        RowDifference difference{tt::tupleText(key), one.empty() ? std::string() : tt::tupleText(one),
                                 other.empty() ? std::string() : tt::tupleText(other)};
        look_.differences.emplace_back(std::move(key), std::move(difference));
    }

    const std::string& space_;
    const CompareOptions& options_;
    Rows a_;
    Rows b_;
    Digest digestA_;
    Digest digestB_;
    Look look_;
};

/// Shows every row of a space that the other side has not, or not so that rows could be compared.
Status showAll(tt::BoxBackend& box, const Shape& shape, const std::string& space, const CompareOptions& options) {
    Rows rows(box, shape);
    for (;;) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (row.value() == nullptr) return okStatus();
        const auto text = canonical(row.value()->bytes());
        if (!text) return text.error();
        options.onDifference({space, rows.keyOf(*row.value()), text.value(), {}});
    }
}

/// What is in both, and the same there.
std::vector<std::pair<Bytes, RowDifference>> lasting(const std::vector<std::pair<Bytes, RowDifference>>& before,
                                                     std::vector<std::pair<Bytes, RowDifference>> now) {
    std::map<BytesView, const RowDifference*> known;
    for (const auto& [key, difference] : before) known.emplace(key, &difference);
    std::erase_if(now, [&](const std::pair<Bytes, RowDifference>& each) {
        const auto at = known.find(each.first);
        return at == known.end() || *at->second != each.second;
    });
    return now;
}

Error noSpace(const std::string& space) {
    return {ErrorCode::NotFound, fmt::format("neither instance has a space {} with a primary index", space), {}, {}};
}

bool isReplicated(tt::MsgpackReader flags) {
    for (std::uint32_t left = flags.map(); left > 0 && flags.ok(); --left) {
        const BytesView name = flags.string();
        const BytesView value = flags.value();
        tt::MsgpackReader reader(value);
        if (name == "temporary" && reader.type() == tt::MsgpackType::Boolean && reader.boolean()) return false;
        if (name == "group_id" && reader.type() == tt::MsgpackType::Unsigned && reader.unsignedInteger() != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<std::vector<std::string>> replicatedSpaces(tt::BoxBackend& box) {
    Bytes arguments;
    tt::MsgpackWriter writer(arguments);
    writer.array(6);
    writer.unsignedInteger(kSpaceSpace);
    writer.unsignedInteger(0);
    writer.array(1);
    writer.unsignedInteger(kFirstUserSpace);
    writer.string("GE");
    writer.unsignedInteger(0);
    writer.unsignedInteger(UINT32_MAX);
    const auto told = ask(box, "select", arguments);
    if (!told) return told.error();
    tt::MsgpackReader reader(told.value());
    std::vector<std::string> names;
    for (std::uint32_t left = reader.array(); left > 0; --left) {
        const tt::TuplePtr row = tt::Tuple::make(Bytes(reader.value()));
        if (row == nullptr || row->count() < 6) return damaged("spaces");
        tt::MsgpackReader name(row->field(2));
        std::string text(name.string());
        if (!name.ok()) return damaged("spaces");
        if (isReplicated(tt::MsgpackReader(row->field(5)))) names.push_back(std::move(text));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<SpaceFingerprint> fingerprintOf(tt::BoxBackend& box, const std::string& space) {
    auto shape = shapeOf(box, space);
    if (!shape) return shape.error();
    if (!shape.value()) {
        return Error{ErrorCode::NotFound, fmt::format("there is no space {} with a primary index", space), {}, {}};
    }
    Rows rows(box, *shape.value());
    Digest digest(space);
    for (;;) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (row.value() == nullptr) return digest.print();
        const auto text = canonical(row.value()->bytes());
        if (!text) return text.error();
        digest.add(text.value());
    }
}

Result<SpaceComparison> compareSpace(tt::BoxBackend& a, tt::BoxBackend& b, const std::string& space,
                                     const CompareOptions& options) {
    SpaceComparison out;
    out.a.space = out.b.space = space;
    std::vector<std::pair<Bytes, RowDifference>> stay;
    for (int look = 0; look < std::max(1, options.looks); ++look) {
        if (look > 0 && options.pause) options.pause(options.pauseMs);
        const auto shapeA = shapeOf(a, space);
        if (!shapeA) return shapeA.error();
        const auto shapeB = shapeOf(b, space);
        if (!shapeB) return shapeB.error();
        if (!shapeA.value() && !shapeB.value()) return noSpace(space);
        out.shape = !shapeA.value()   ? "the first has no such space, or no primary index of it"
                    : !shapeB.value() ? "the second has no such space, or no primary index of it"
                    : shapeA.value()->key != shapeB.value()->key ? "their primary keys have other parts"
                                                                 : "";
        if (!out.shape.empty()) {
            const bool isShown = options.onDifference && shapeA.value();
            if (Status shown = isShown ? showAll(a, *shapeA.value(), space, options) : okStatus(); !shown) {
                return shown.error();
            }
            continue;  // it may be on its way
        }
        auto seen = SideBySide(a, *shapeA.value(), b, *shapeB.value(), space, options).look();
        if (!seen) return seen.error();
        out.a = seen.value().a;
        out.b = seen.value().b;
        const std::uint64_t rows = seen.value().rows;
        stay = look == 0 ? std::move(seen.value().differences) : lasting(stay, std::move(seen.value().differences));
        const bool isBeyond = rows > kKeptMost;  // those beyond what is kept are not told apart
        out.rowsDifferent = isBeyond ? rows : stay.size();
        out.rowsChanging = isBeyond ? 0 : rows - stay.size();
        if (rows == 0) break;
    }
    for (auto& [key, difference] : stay) {
        if (out.differences.size() >= options.differencesMost) break;
        out.differences.push_back(std::move(difference));
    }
    if (out.rowsDifferent + out.rowsChanging == 0) out.differences.clear();
    return out;
}

Result<std::vector<SpaceComparison>> compareInstances(tt::BoxBackend& a, tt::BoxBackend& b,
                                                      const CompareOptions& options) {
    auto names = replicatedSpaces(a);
    if (!names) return names.error();
    const auto others = replicatedSpaces(b);
    if (!others) return others.error();
    std::vector<std::string> all;
    std::set_union(names.value().begin(), names.value().end(), others.value().begin(), others.value().end(),
                   std::back_inserter(all));
    std::vector<SpaceComparison> out;
    for (const std::string& space : all) {
        auto compared = compareSpace(a, b, space, options);
        // Without a primary index a space holds no row, at neither side: nothing keeps the others from being compared.
        if (!compared && compared.error().code == ErrorCode::NotFound) continue;
        if (!compared) return compared.error();
        out.push_back(std::move(compared).value());
    }
    return out;
}

}  // namespace tributary::app
