// Arithmetic on vector clocks.
#include "engine/systems/tarantool/iproto/vclock.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::engine::tarantool {

Status Vclock::follow(std::uint32_t id, std::int64_t lsn) {
    if (id >= kIdsMax) return Error{ErrorCode::Corrupt, fmt::format("there is no replica id {}", id), {}, {}};
    if (lsn <= numbers_[id]) {
        return Error{ErrorCode::Conflict, fmt::format("row {} of replica {} is known already", lsn, id), {}, {}};
    }
    numbers_[id] = lsn;
    return okStatus();
}

std::int64_t Vclock::signature() const {
    std::uint64_t sum = 0;
    for (const std::int64_t number : numbers_) sum += static_cast<std::uint64_t>(number);
    return static_cast<std::int64_t>(sum);
}

std::partial_ordering Vclock::compare(const Vclock& other) const {
    bool less = false;
    bool greater = false;
    for (std::uint32_t id = 1; id < kIdsMax; ++id) {
        less = less || numbers_[id] < other.numbers_[id];
        greater = greater || numbers_[id] > other.numbers_[id];
    }
    if (less && greater) return std::partial_ordering::unordered;
    if (less) return std::partial_ordering::less;
    return greater ? std::partial_ordering::greater : std::partial_ordering::equivalent;
}

std::int64_t Vclock::rowsBehind(const Vclock& other) const {
    std::uint64_t rows = 0;
    for (std::uint32_t id = 1; id < kIdsMax; ++id) {
        if (other.numbers_[id] > numbers_[id]) rows += static_cast<std::uint64_t>(other.numbers_[id] - numbers_[id]);
    }
    return static_cast<std::int64_t>(rows);
}

std::string Vclock::text() const {
    std::string out = "{";
    for (std::uint32_t id = 0; id < kIdsMax; ++id) {
        if (numbers_[id] != 0) out += fmt::format("{}{}: {}", out.size() > 1 ? ", " : "", id, numbers_[id]);
    }
    return out + "}";
}

void Vclock::append(Bytes& out) const {
    MsgpackWriter writer(out);
    writer.map(static_cast<std::size_t>(
        std::count_if(numbers_.begin(), numbers_.end(), [](std::int64_t number) { return number != 0; })));
    for (std::uint32_t id = 0; id < kIdsMax; ++id) {
        if (numbers_[id] == 0) continue;
        writer.unsignedInteger(id);
        writer.integer(numbers_[id]);
    }
}

Result<Vclock> Vclock::decode(BytesView map) {
    MsgpackReader reader(map);
    Vclock clock;
    for (std::uint32_t pairs = reader.map(); pairs > 0 && reader.ok(); --pairs) {
        const std::uint64_t id = reader.unsignedInteger();
        const std::int64_t lsn = reader.integer();
        if (id >= kIdsMax || lsn < 0) reader.fail();
        if (reader.ok()) clock.numbers_[id] = lsn;
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a vector clock is not well formed", {}, {}};
    return clock;
}

}  // namespace tributary::engine::tarantool
