// A body of the kind: rows as a log of Tarantool keeps them, each as a blob, in the order of their numbers.
//
// Rows with numbers come from peers, rows without from clients; a body has one sort only. A body that begins with a
// mark belongs to a join: rows of a master's picture, which have no numbers and get none, or the join's end.
#pragma once

#include <initializer_list>
#include <vector>

#include "engine/systems/tarantool/iproto/packet.h"
#include "engine/systems/tarantool/iproto/vclock.h"

namespace tributary::engine::tarantool {

inline constexpr std::size_t kRowsMax = 100'000;  ///< of one transaction

[[nodiscard]] Bytes encodeRows(const std::vector<Packet>& rows);
/// The rows, whose bodies are slices of `body`. Errors: Corrupt.
[[nodiscard]] Result<std::vector<PacketView>> viewRows(BytesView body);
/// How many there are; their bytes are not looked at. Errors: Corrupt.
[[nodiscard]] Result<std::size_t> countRows(BytesView body);

/// Types of rows that no protocol knows: what the rest of a body is.
inline constexpr std::uint32_t kPictureMark = 0x4a01;
inline constexpr std::uint32_t kJoinedMark = 0x4a02;
inline constexpr std::uint32_t kGroupMark = 0x4a03;
/// Transactions of clients, decided one after the other and logged together; each is taken or refused by itself.
class RowGroup {
public:
    /// `rows` as encodeRows() gives them, so many of them.
    void add(BytesView rows, std::size_t count);
    [[nodiscard]] std::size_t transactions() const { return counts_.size(); }
    [[nodiscard]] std::size_t rows() const { return rowCount_; }
    [[nodiscard]] std::size_t bytes() const { return rows_.size(); }
    /// A group of one is its rows.
    [[nodiscard]] Bytes body() const;
    /// Rows of each transaction, from the mark of a body. Errors: Corrupt.
    static Result<std::vector<std::size_t>> countsOf(const PacketView& mark);

private:
    Bytes rows_;
    std::vector<std::size_t> counts_;
    std::size_t rowCount_ = 0;
};
/// What became of each transaction of a group, in their order: the reply to its write.
[[nodiscard]] Bytes encodeAnswers(const std::vector<BoxAnswer>& answers);
/// Errors: Corrupt.
[[nodiscard]] Result<std::vector<BoxAnswer>> decodeAnswers(BytesView bytes);
/// Rows of a join, written as they are: of the picture, or those that happened while it was sent. From the first of
/// them on the state is that of an unfinished join. Logged as the mark alone: the rows are in the entry's effect.
[[nodiscard]] Bytes pictureBody(const std::vector<Packet>& rows);
/// The join is whole: the state's clock is this one.
[[nodiscard]] Bytes joinedBody(const Vclock& clock);
/// Whether a row comes from a peer.
[[nodiscard]] bool hasNumber(const PacketHeader& header);

/// What became of a body of rows with numbers: the reply to its write.
struct ReplicatedAnswer {
    std::size_t rows = 0;               ///< so many, whole transactions, are in the state or were before
    std::size_t refusedRow = 0;         ///< the row that stopped the next transaction
    std::optional<BoxFailure> refusal;  ///< nothing = all are in
    [[nodiscard]] Bytes encode() const;
    /// Errors: Corrupt.
    static Result<ReplicatedAnswer> decode(BytesView bytes);
};

/// Statements as rows without number.
[[nodiscard]] Packet putRow(PacketType type, std::uint32_t space, BytesView tuple);
[[nodiscard]] Packet upsertRow(std::uint32_t space, BytesView tuple, BytesView operations);
[[nodiscard]] Packet updateRow(std::uint32_t space, std::uint32_t index, BytesView key, BytesView operations);
[[nodiscard]] Packet deleteRow(std::uint32_t space, std::uint32_t index, BytesView key);

/// A key of whole numbers.
[[nodiscard]] Bytes keyOf(std::initializer_list<std::uint32_t> numbers);
/// Operations that set one field, counted from 1.
[[nodiscard]] Bytes setField(std::uint64_t field, BytesView value);
/// Whether rows are of spaces that say what spaces, users and rights there are.
[[nodiscard]] bool changesSchema(const std::vector<Packet>& rows);
/// The space of a statement; UINT32_MAX when it names none.
[[nodiscard]] std::uint32_t spaceOf(const Packet& row);

}  // namespace tributary::engine::tarantool
