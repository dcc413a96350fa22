// A kind of data that decides: accounts that never fall below zero, and whose names are unique. What the general parts
// offer to kinds that decide is proved on it.
//
// A body is a list of orders: number u8 | account blob | text blob; additions come first, whatever the client's order
// was. It lies on two lanes: "add" takes a sequence for each addition, in any order; "name" takes one for all that
// follows, and a gap waits. What has no additions takes a sequence of "name", even when nothing is left of it. An
// effect is a list of rows as they are afterwards: key blob | image blob (empty = gone). Keys: "a/<account>" ->
// balance, "n/<name>" -> account, "l/<account>" -> remark. A stored record is lsn u64 | image; of two the larger lsn
// wins, since one entry is decided after the other. All of it is kept in memory, as a tree of at most 32 MiB; what
// would be more is refused, and a link stands before it.
#pragma once

#include <string>
#include <vector>

#include "engine/node/controlkind.h"

namespace tributary::toy {

enum class Order : std::uint8_t {
    Add = 1,     ///< text = a number, added to the balance; below zero: refused here, skipped when a link brings it
    Name = 2,    ///< text = a name of the account; of another one already: refused, and whoever brought it stands there
    Unname = 3,  ///< text = a name that the account no longer has
    Poison = 4,  ///< is decided and logged, and cannot be applied
    Close = 6,   ///< the account has no name any more: all that it has are taken from it
    Note = 5     ///< text = a remark that stays where it was written: no link carries it
};
struct ToyOrder {
    Order order = Order::Add;
    std::string account;
    std::string text;
};

/// The orders of a body; what is damaged ends them.
[[nodiscard]] std::vector<ToyOrder> decodeOrders(BytesView body);
[[nodiscard]] Bytes encodeOrders(const std::vector<ToyOrder>& orders);
[[nodiscard]] const engine::DatasetKind& toyKind();
/// What a node must be told to hold toys, and nothing else. The log is kept from `*neededFrom` on, when it is given.
[[nodiscard]] std::shared_ptr<const engine::NodeKinds> onlyToys(engine::VolumeShape volume = {},
                                                                std::shared_ptr<const engine::Lsn> neededFrom = {});
/// A new dataset's schema.
[[nodiscard]] engine::SchemaPtr toySchema();
/// What a stored record shows; empty when the row is gone.
[[nodiscard]] std::string shownImage(BytesView record);

}  // namespace tributary::toy
