// Fields by place.
#include "engine/systems/tarantool/data/tuple.h"

namespace tributary::engine::tarantool {

TuplePtr Tuple::make(Bytes array) {
    if (array.size() > UINT32_MAX || MsgpackReader(array).type() != MsgpackType::Array) return nullptr;
    auto tuple = std::shared_ptr<Tuple>(new Tuple);
    tuple->bytes_ = std::move(array);
    MsgpackReader reader(tuple->bytes_);
    const std::uint32_t count = reader.array();
    const char* const begin = tuple->bytes_.data();
    tuple->first_ = static_cast<std::uint32_t>(reader.position() - begin);
    tuple->ends_.reserve(count);
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
        reader.value();
        tuple->ends_.push_back(static_cast<std::uint32_t>(reader.position() - begin));
    }
    if (!reader.ok() || !reader.atEnd()) return nullptr;
    return tuple;
}

BytesView Tuple::field(std::size_t index) const {
    if (index >= ends_.size()) return {};
    const std::uint32_t begin = index == 0 ? first_ : ends_[index - 1];
    return BytesView(bytes_).substr(begin, ends_[index] - begin);
}

std::size_t Tuple::memoryBytes() const {
    return sizeof(Tuple) + bytes_.capacity() + ends_.capacity() * sizeof(std::uint32_t);
}

Bytes arrayOf(const std::vector<Bytes>& fields) {
    Bytes out;
    MsgpackWriter(out).array(fields.size());
    for (const Bytes& field : fields) out += field;
    return out;
}

}  // namespace tributary::engine::tarantool
