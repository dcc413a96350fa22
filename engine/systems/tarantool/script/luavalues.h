// Values between Lua and MessagePack, and results as the console prints them.
#pragma once

#include <lua.hpp>

#include <string>

#include "core/base/bytes.h"

namespace tributary::engine::tarantool {

/// How deep tables may be nested on their way in and out.
inline constexpr int kLuaDepthMax = 100;

/// What a table is: an array when all its keys are positive whole numbers with few holes between, else a map.
struct LuaTableShape {
    bool isArray = false;
    std::size_t length = 0;  ///< of the array
    std::size_t pairs = 0;
};
[[nodiscard]] LuaTableShape shapeOf(lua_State* state, int place);

/// Registers what a tuple is in this state; once, before the functions below.
void registerTuples(lua_State* state);
/// Pushes a tuple; `names` is the place of a list of field names on the stack, 0 = none. `array` must be one array.
void pushTuple(lua_State* state, BytesView array, int names);
/// The bytes of a tuple at a place of the stack, as long as it stands there; empty when there is none.
[[nodiscard]] BytesView tupleAt(lua_State* state, int place);

inline constexpr std::size_t kPackedBytesMax = 32U << 20U;

/// Appends the value at a place, a table with a metatable's __serialize as that says; the function there may raise an
/// error of Lua. False, with the reason, for what MessagePack has no word for (functions, threads), too deep ones, and
/// when `out` would be larger than `bytesMax`: a table that stands in itself many times is more than it takes in Lua.
[[nodiscard]] bool packLua(lua_State* state, int place, Bytes& out, std::string& why,
                           std::size_t bytesMax = kPackedBytesMax);
/// Pushes one encoded value: arrays and maps as tables, nil inside them as box.NULL, whole numbers that a number of Lua
/// could confuse with another (2^53 and above) as LuaJIT's 64-bit ones. False when it is not well formed. May raise an
/// error of Lua.
[[nodiscard]] bool pushEncoded(lua_State* state, BytesView value);
/// box.NULL.
void pushNull(lua_State* state);

/// What the console prints for `count` values from `first` on. Tables with a metatable's __serialize are asked first; a
/// table that stands twice gets an anchor. `isList` false: the one value is the document (yaml.encode).
[[nodiscard]] std::string formatLua(lua_State* state, int first, int count, bool isList = true);

}  // namespace tributary::engine::tarantool
