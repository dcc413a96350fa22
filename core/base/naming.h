// What may be a name: of clusters, gateways, users, groups and column families. One function for drawings, commands,
// imports and nodes, since a name becomes a folder, a word of a shell script and a piece of a terminal's line.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace tributary {

/// InvalidInput with the reason and what to write, unless `name` is 1 to limits::kNameBytesMax bytes of UTF-8 made of
/// letters and digits of any script and . _ - @ + and begins with none of . - @ +
/// So it is no path ("..", "a/b"), no option ("-rf"), no permission expression ("a:b", "x y") and holds nothing that a
/// terminal acts on. `thing` is what it names: "a cluster", "a column family".
[[nodiscard]] Status checkName(std::string_view thing, std::string_view name);

}  // namespace tributary
