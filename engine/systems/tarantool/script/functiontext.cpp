// Parts of a chunk, tried one after the other.
#include "engine/systems/tarantool/script/functiontext.h"

#include <string>
#include <string_view>

namespace tributary::engine::tarantool {
namespace {

constexpr std::string_view kFunction = "function";
constexpr std::string_view kEnd = "end";
constexpr int kTriesMax = 4'000;
constexpr std::size_t kChunkMax = 64U << 10U;

int refuse(lua_State* lua, const char* why) {
    lua_settop(lua, 0);
    lua_pushnil(lua);
    lua_pushstring(lua, why);
    return 2;
}

/// Puts the bytecode of the function on top of the stack in its place; false when it has none.
bool dumped(lua_State* lua, int dump) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, dump);
    lua_insert(lua, -2);
    lua_pushboolean(lua, 1);
    return lua_pcall(lua, 2, 1, 0) == 0 && lua_type(lua, -1) == LUA_TSTRING;
}

}  // namespace

int functionText(lua_State* lua, int dump) {
    lua_settop(lua, 1);
    if (lua_type(lua, 1) != LUA_TFUNCTION) return refuse(lua, "a trigger is a function");
    if (lua_getupvalue(lua, 1, 1) != nullptr) {
        return refuse(lua, "a trigger runs in the instance, without the variables around it: use its arguments only");
    }
    lua_Debug known{};
    lua_pushvalue(lua, 1);
    lua_getinfo(lua, ">S", &known);
    const std::string_view chunk = known.source == nullptr ? std::string_view() : known.source;
    if (chunk.empty() || chunk[0] == '=' || chunk[0] == '@' || chunk.size() > kChunkMax) {
        return refuse(lua, "the text of the function is not known here");
    }
    lua_pushvalue(lua, 1);
    if (!dumped(lua, dump)) return refuse(lua, "the function is none of Lua");
    const int wanted = lua_gettop(lua);
    int tries = 0;
    for (std::size_t from = chunk.find(kFunction); from != std::string_view::npos;
         from = chunk.find(kFunction, from + 1)) {
        for (std::size_t to = chunk.find(kEnd, from); to != std::string_view::npos; to = chunk.find(kEnd, to + 1)) {
            if (++tries > kTriesMax) return refuse(lua, "the chunk with the function is too long");
            const std::string part = "return " + std::string(chunk.substr(from, to + kEnd.size() - from));
            lua_settop(lua, wanted);
            if (luaL_loadbufferx(lua, part.data(), part.size(), "=part", "t") != 0) continue;
            if (lua_pcall(lua, 0, 1, 0) != 0 || lua_type(lua, -1) != LUA_TFUNCTION || !dumped(lua, dump)) continue;
            if (lua_rawequal(lua, -1, wanted) == 0) continue;
            lua_pushlstring(lua, part.data() + 7, part.size() - 7);  // behind "return "
            return 1;
        }
    }
    return refuse(lua, "the text of the function is not found in its chunk");
}

}  // namespace tributary::engine::tarantool
