// What the two ends of a conversation say to each other. The consumer dials and greets; the producer answers and sends.
//
// The real system's wire protocol is not documented: these bytes are ours. A frame is a length (u32, little-endian, of
// what follows), a type (u8) and a body.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/systems/voltdb/replication/drschema.h"

namespace tributary::engine::voltdb {

inline constexpr std::uint8_t kDrProtocol = 8;
inline constexpr std::uint8_t kDrProtocolLeast = 7;
/// A large buffer with its envelope.
inline constexpr std::size_t kDrFrameBytesMax = kLargeBufferBytes + (std::size_t{1} << 20U);

/// A cluster of a group. The same id with another creation time is another database.
struct DrMember {
    int cluster = 0;
    std::int64_t creationMs = 0;
    std::string address;  ///< host:port of its door; empty = it has none
    friend bool operator==(const DrMember&, const DrMember&) = default;
};

/// What a consumer comes for.
enum class DrWant : std::uint8_t {
    Join,   ///< a snapshot, then the logs
    Hold,   ///< to join elsewhere (`via`): keep the logs for me from now on
    Follow  ///< the logs from where my trackers are
};

struct DrHello {
    std::uint8_t protocol = kDrProtocol;
    DrMember self;
    DrRole role = DrRole::Replica;
    bool hasRows = false;    ///< in replicated tables
    bool hasJoined = false;  ///< it is of a group already
    DrWant want = DrWant::Join;
    bool isFresh = true;  ///< it has not followed this producer before: streams may begin where they are held from
    int via = -1;         ///< of Hold: who gives the snapshot
    std::map<int, std::uint64_t> next{};  ///< of Follow: the sequence wanted next, by the producer's partition
    std::vector<DrTable> tables{};
    std::vector<DrMember> members{};  ///< that it knows
};

/// The producer takes it: a Join waits for Ready, a Hold is done, a Follow begins.
struct DrWelcome {
    std::uint8_t protocol = kDrProtocol;
    DrMember self;
    DrRole role = DrRole::Master;
    int partitions = 0;
    std::vector<DrTable> tables{};
    std::vector<DrMember> members{};      ///< whom a joiner has to ask to hold their logs
    std::map<int, std::uint64_t> next{};  ///< of a Follow: where each partition's stream goes on
};

/// It does not. `isFinal`: nothing but a person helps; else it may be asked again.
struct DrRefusal {
    bool isFinal = false;
    std::string text;
};

/// The joiner's schema fits, and all others hold their logs.
struct DrReady {};

/// Replicated tables changed.
struct DrSchemaNote {
    std::vector<DrTable> tables;
};

struct DrSnapshotBegin {
    std::map<int, std::uint64_t> next;  ///< sequence behind the snapshot, by partition
    Bytes trackers;                     ///< what the producer had of other clusters then (DrTrackers)
    std::uint64_t rows = 0;
};
struct DrSnapshotPart {
    std::uint64_t number = 0;  ///< 0, 1, ...
    std::uint64_t rows = 0;
    Bytes frame;  ///< inserts (binarylog.h)
};
struct DrSnapshotEnd {
    std::uint64_t parts = 0;
};
/// Parts below `parts` are durable; with `isWhole` the end is, too.
struct DrSnapshotAck {
    std::uint64_t parts = 0;
    std::uint64_t rows = 0;
    bool isWhole = false;
};

/// One transaction of a partition's stream.
struct DrSent {
    std::int64_t timestampUs = 0;     ///< of its commit, Unix time
    std::vector<int> participants{};  ///< all partitions that it touched, when they are several; ascending
    Bytes frame;
};
struct DrBuffer {
    int partition = 0;
    std::vector<DrSent> transactions;
};
/// Everything of the partition below `next` is durable at the consumer.
struct DrAck {
    int partition = 0;
    std::uint64_t next = 0;
    std::uint64_t availableBytes = 0;  ///< room of the consumer's queue
};
/// Dropped, or never seen: send from `next` on.
struct DrResend {
    int partition = 0;
    std::uint64_t next = 0;
};
struct DrMembersNote {
    std::vector<DrMember> members;
};
/// The consumer leaves the group for good; the producer answers with the same when it has forgotten it.
struct DrLeave {};
struct DrBeat {};

using DrMessage = std::variant<DrHello, DrWelcome, DrRefusal, DrReady, DrSchemaNote, DrSnapshotBegin, DrSnapshotPart,
                               DrSnapshotEnd, DrSnapshotAck, DrBuffer, DrAck, DrResend, DrMembersNote, DrLeave, DrBeat>;

/// With its length.
[[nodiscard]] Bytes encodeMessage(const DrMessage& message);
/// The type and the body of one frame. Errors: Corrupt.
[[nodiscard]] Result<DrMessage> decodeMessage(BytesView frame);

/// Cuts a stream into messages.
class DrMessageReader {
public:
    void feed(BytesView bytes) { pending_.append(bytes); }
    /// nullopt: more bytes are needed. Errors: Corrupt, also for a frame that is too long.
    [[nodiscard]] Result<std::optional<DrMessage>> next();

private:
    Bytes pending_;
    std::size_t at_ = 0;
};

void appendMembers(Bytes& out, const std::vector<DrMember>& members);
[[nodiscard]] bool readMembers(ByteReader& in, std::vector<DrMember>& members);

}  // namespace tributary::engine::voltdb
