// Numbers of Tarantool's binary protocol, IPROTO.
#pragma once

#include <cstdint>

namespace tributary::engine::tarantool {

/// Times on the wire and in what people are shown are seconds.
inline constexpr double kMsPerS = 1e3;
inline constexpr double kUsPerS = 1e6;

/// What a packet is. Answers have the request's place in the order of syncs, not its type: Ok, or kErrorBit and a code.
enum class PacketType : std::uint32_t {
    Ok = 0,
    Select = 1,
    Insert = 2,
    Replace = 3,
    Update = 4,
    Delete = 5,
    Auth = 7,
    Eval = 8,
    Upsert = 9,
    Call = 10,
    Execute = 11,
    Nop = 12,
    Prepare = 13,
    Ping = 64,
    Join = 65,
    Subscribe = 66,
    Vote = 68,
    FetchSnapshot = 69,
    Register = 70,
    Id = 73,     ///< what the other end can do, since 2.10
    Chunk = 128  ///< a message pushed before the answer (box.session.push)
};
inline constexpr std::uint32_t kErrorBit = 0x8000;

/// Keys of a packet's header.
enum class HeaderKey : std::uint8_t {
    Type = 0x00,
    Sync = 0x01,
    ReplicaId = 0x02,
    Lsn = 0x03,
    Timestamp = 0x04,
    SchemaVersion = 0x05,
    ServerVersion = 0x06,
    GroupId = 0x07,
    TransactionId = 0x08,  ///< written as lsn - id of the transaction's first row
    Flags = 0x09
};
inline constexpr std::uint64_t kCommitFlag = 1;
inline constexpr std::uint64_t kLocalGroup = 1;  ///< rows of local spaces: logged, never sent

/// Keys of a packet's body.
enum class BodyKey : std::uint8_t {
    ServerVersion = 0x06,  ///< the header's key, in a subscription's body
    SpaceId = 0x10,
    IndexId = 0x11,
    Limit = 0x12,
    Offset = 0x13,
    Iterator = 0x14,
    IndexBase = 0x15,  ///< from which number operations count fields
    Key = 0x20,
    Tuple = 0x21,
    FunctionName = 0x22,
    UserName = 0x23,
    InstanceUuid = 0x24,
    ReplicasetUuid = 0x25,
    Vclock = 0x26,
    Expression = 0x27,
    Operations = 0x28,
    Ballot = 0x29,
    Data = 0x30,
    ErrorText = 0x31,
    Anonymous = 0x50,
    IdFilter = 0x51,
    ErrorStack = 0x52,
    ProtocolVersion = 0x54,
    Features = 0x55,
    InstanceName = 0x5d  ///< in a join, since 3.0
};

/// Keys of a ballot, the answer to a vote, as 2.6 has them.
enum class BallotKey : std::uint8_t { ReadOnly = 1, Vclock = 2, GcVclock = 3, Loading = 4, Anonymous = 5 };

/// Error codes that this program acts on.
enum class BoxError : std::uint32_t {
    TupleFound = 3,
    ReadOnly = 7,
    AccessDenied = 42,
    IncorrectOption = 59,
    UnknownReplica = 62,
    NoSuchUser = 45,
    PasswordMismatch = 47,
    System = 115,
    Loading = 116,
    ConnectionToSelf = 117,
    ReplicaNotAnonymous = 207
};

}  // namespace tributary::engine::tarantool
