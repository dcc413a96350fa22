// A kind of data that decides: accounts that never fall below zero, and whose names are unique. What the general parts
// offer to kinds that decide is proved on it.
//
// A body is a list of orders: number u8 | account blob | text blob. An effect is a list of rows as they are afterwards:
// key blob | image blob (empty = gone). Keys: "a/<account>" -> balance, "n/<name>" -> account. A stored record is
// lsn u64 | image; of two the larger lsn wins, since one entry is decided after the other.
#pragma once

#include <string>
#include <vector>

#include "engine/node/controlkind.h"

namespace tributary::toy {

enum class Order : std::uint8_t {
    Add = 1,     ///< text = a number, added to the balance; below zero: refused here, skipped when a link brings it
    Name = 2,    ///< text = a name of the account; of another one already: refused, and whoever brought it stands there
    Unname = 3,  ///< text = a name that the account no longer has
    Poison = 4   ///< is decided and logged, and cannot be applied
};
struct ToyOrder {
    Order order = Order::Add;
    std::string account;
    std::string text;
};

[[nodiscard]] Bytes encodeOrders(const std::vector<ToyOrder>& orders);
[[nodiscard]] const engine::DatasetKind& toyKind();
/// What a node must be told to hold toys, and nothing else.
[[nodiscard]] std::shared_ptr<const engine::NodeKinds> onlyToys();
/// A new dataset's schema.
[[nodiscard]] engine::SchemaPtr toySchema();
/// What a stored record shows; empty when the row is gone.
[[nodiscard]] std::string shownImage(BytesView record);

}  // namespace tributary::toy
