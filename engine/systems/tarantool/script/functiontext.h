// The text of a function that was typed.
#pragma once

#include <lua.hpp>

namespace tributary::engine::tarantool {

/// A C function of Lua: [function] -> its text, or nil and why there is none: it uses variables around it, or was not
/// typed. The text is the part of its chunk that is one function in the same lines and compiles to the same bytecode;
/// nothing of the chunk is run. `dump` is a reference to string.dump.
int functionText(lua_State* lua, int dump);

}  // namespace tributary::engine::tarantool
