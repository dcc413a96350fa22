// A chunk or a function with arguments from outside, and what came of it.
#pragma once

#include <lua.hpp>

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Runs the text with `arguments` (an encoded array) as its `...`, or calls the global function of that path. Leaves
/// the stack to the caller. The answer is an encoded array, or a failure: the one that `box` raised, else an error of
/// Lua with its text.
[[nodiscard]] BoxAnswer runLua(lua_State* lua, bool isCall, BytesView expression, BytesView arguments);

}  // namespace tributary::engine::tarantool
