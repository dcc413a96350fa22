// Packets of IPROTO: length, header, body. Requests, answers, rows and heartbeats all have this shape.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "core/base/uuid.h"
#include "engine/systems/tarantool/iproto/constants.h"
#include "engine/systems/tarantool/msgpack/msgpackext.h"

namespace tributary::engine::tarantool {

/// A header. What is not there is zero, and zero is not written (but the type).
struct PacketHeader {
    std::uint32_t type = 0;
    std::uint64_t sync = 0;
    std::uint32_t replicaId = 0;
    std::int64_t lsn = 0;
    double timestamp = 0;  ///< seconds since 1970
    std::uint64_t schemaVersion = 0;
    std::uint64_t groupId = 0;
    std::int64_t transactionId = 0;  ///< the lsn of its first row; 0 = a transaction of its own
    bool isCommit = true;            ///< last row of its transaction

    [[nodiscard]] bool isError() const { return (type & kErrorBit) != 0; }
    [[nodiscard]] bool is(PacketType wanted) const { return type == static_cast<std::uint32_t>(wanted); }
    friend bool operator==(const PacketHeader&, const PacketHeader&) = default;
};

/// A packet whose body is a slice: what it was encoded as, and what it goes on as.
struct Packet {
    PacketHeader header;
    Bytes body;  ///< one map, or empty
};

/// The same, borrowed.
struct PacketView {
    PacketHeader header;
    BytesView body;
};

/// Fields of a body, borrowed from it. Keys that are not known stay reachable, those that come twice count once (last).
class PacketBody {
public:
    /// Errors: Corrupt when `body` is no map with small integer keys.
    static Result<PacketBody> decode(BytesView body);

    [[nodiscard]] std::optional<BytesView> field(BodyKey key) const;
    [[nodiscard]] std::optional<std::uint64_t> number(BodyKey key) const;
    [[nodiscard]] std::optional<BytesView> text(BodyKey key) const;
    [[nodiscard]] std::optional<Uuid> uuid(BodyKey key) const;
    [[nodiscard]] bool flag(BodyKey key) const;

private:
    std::vector<std::pair<std::uint64_t, BytesView>> fields_;
};

/// Length, header and body as they go over the wire. `body` is a map or empty.
[[nodiscard]] Bytes encodePacket(const PacketHeader& header, BytesView body);
/// The same behind what is there.
void appendPacket(Bytes& out, const PacketHeader& header, BytesView body);
/// Header and body without the length before them, as a log keeps rows.
void appendRow(Bytes& out, const PacketHeader& header, BytesView body);
/// Errors: Corrupt.
[[nodiscard]] Result<Packet> decodePacket(BytesView bytes);
/// The same without a copy of the body.
[[nodiscard]] Result<PacketView> viewPacket(BytesView bytes);
/// The header alone of such a row; its body is not looked at. Errors: Corrupt.
[[nodiscard]] Result<PacketHeader> decodeRowHeader(BytesView row);
/// A row that was encoded already, as it goes over the wire.
void appendFramed(Bytes& out, BytesView row);

/// Cuts a byte stream into packets. feed() takes any split; next() gives whole packets in order. Not thread-safe.
class PacketStream {
public:
    static constexpr std::size_t kPacketBytesMax = 128U << 20U;

    /// From the next packet on none may be larger.
    void setBytesMax(std::size_t bytes) { bytesMax_ = bytes; }
    void feed(BytesView bytes) { buffer_.append(bytes); }
    /// nullopt = more bytes are needed. Errors: Corrupt (drop the connection; it stays so).
    Result<std::optional<Packet>> next();
    [[nodiscard]] std::size_t buffered() const { return buffer_.size() - used_; }

private:
    Bytes buffer_;
    std::size_t used_ = 0;
    std::size_t bytesMax_ = kPacketBytesMax;
    bool broken_ = false;
};

/// An answer that says no.
struct BoxFailure {
    std::uint32_t code = 0;
    std::string message;
    std::vector<CarriedError> stack;  ///< empty when the instance sends none
};
/// Errors: Corrupt.
[[nodiscard]] Result<BoxFailure> decodeFailure(const Packet& packet);
[[nodiscard]] Bytes encodeFailure(std::uint64_t sync, std::uint64_t schemaVersion, const BoxFailure& failure);

/// What an evaluation answered: the array of its results, encoded, or the refusal.
using BoxAnswer = std::variant<Bytes, BoxFailure>;

/// Builds a body: a map whose count is known when it is done.
class BodyWriter {
public:
    BodyWriter& number(BodyKey key, std::uint64_t value);
    BodyWriter& text(BodyKey key, std::string_view value);
    BodyWriter& flag(BodyKey key, bool value);
    /// A value that is encoded already.
    BodyWriter& raw(BodyKey key, BytesView value);
    /// The map; the writer is empty afterwards.
    [[nodiscard]] Bytes take();

private:
    MsgpackWriter key(BodyKey key);

    std::size_t count_ = 0;
    Bytes fields_;
};

}  // namespace tributary::engine::tarantool
