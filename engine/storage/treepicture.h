// A tree of rows, and the bytes of a picture of it.
#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/storage/orderedtree.h"
#include "engine/storage/statefile.h"

namespace tributary::engine {

/// A row in a tree.
struct TreeRow {
    Bytes key;
    Bytes record;
    [[nodiscard]] std::size_t memoryBytes() const { return sizeof(TreeRow) + key.size() + record.size(); }
};
/// Bytewise by key.
struct ByteOrder {
    [[nodiscard]] int compare(const TreeRow& a, const TreeRow& b) const { return a.key.compare(b.key); }
    [[nodiscard]] int compare(BytesView key, const TreeRow& row) const { return key.compare(row.key); }
    [[nodiscard]] int compare(const TreeRow& row, BytesView key) const { return -key.compare(row.key); }
};
using RowTree = OrderedTree<TreeRow, ByteOrder>;

/// A tree as of an lsn.
struct TreePicture {
    RowTree tree{std::make_shared<const ByteOrder>()};
    Lsn position = 0;
};

/// Layout: treestateunit.h.
[[nodiscard]] Bytes encodePicture(const TreePicture& picture, const StateOwner& owner);
/// `path` is for messages. Errors: Corrupt, Unsupported, InvalidInput (not the owner's).
Result<TreePicture> decodePicture(BytesView bytes, const StateOwner& owner, const std::string& path);

}  // namespace tributary::engine
