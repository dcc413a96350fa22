// Names to functions, arguments in, results out.
#include "engine/systems/tarantool/script/luarun.h"

#include <fmt/format.h>

#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/script/functiontext.h"
#include "engine/systems/tarantool/script/luavalues.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kLuaError = 32;
constexpr std::uint32_t kNoSuchProcedure = 33;
constexpr std::uint32_t kArgumentsMax = 4'000;

/// A function, and before it the object of a method, by its path: `a.b:c`. False when there is none.
bool pushFunction(lua_State* lua, std::string_view path, int& arguments) {
    lua_pushvalue(lua, LUA_GLOBALSINDEX);
    while (true) {
        const std::size_t end = path.find_first_of(".:");
        const std::string name(path.substr(0, end));
        const bool isTable = lua_type(lua, -1) == LUA_TTABLE;
        if (!isTable || name.empty()) return false;
        lua_getfield(lua, -1, name.c_str());
        if (end == std::string_view::npos) break;
        lua_remove(lua, -2);
        if (path[end] == ':') {
            const std::string method(path.substr(end + 1));
            if (lua_type(lua, -1) != LUA_TTABLE || method.empty()) return false;
            lua_getfield(lua, -1, method.c_str());
            lua_insert(lua, -2);
            arguments = 1;
            return lua_type(lua, -2) == LUA_TFUNCTION;
        }
        path.remove_prefix(end + 1);
    }
    lua_remove(lua, -2);
    return lua_type(lua, -1) == LUA_TFUNCTION;
}

/// What a client asks to be run, and what comes of it.
struct Asked {
    bool isCall;
    BytesView expression;
    BytesView arguments;
    BoxAnswer answer;
};

/// Runs in protected mode, with an Asked as its only argument.
int runAsked(lua_State* lua) {
    auto& asked = *static_cast<Asked*>(lua_touserdata(lua, 1));
    lua_settop(lua, 0);
    int count = 0;
    if (asked.isCall) {
        if (!pushFunction(lua, asked.expression, count)) {
            asked.answer =
                BoxFailure{kNoSuchProcedure, fmt::format("Procedure '{}' is not defined", asked.expression), {}};
            return 0;
        }
    } else if (luaL_loadbufferx(lua, asked.expression.data(), asked.expression.size(), kEvalChunkName, "t") != 0) {
        return lua_error(lua);
    }
    MsgpackReader reader(asked.arguments);
    const std::uint32_t given = reader.array();
    if (given > kArgumentsMax || lua_checkstack(lua, static_cast<int>(given) + 8) == 0) {
        return luaL_error(lua, "too many arguments");
    }
    for (std::uint32_t i = 0; i < given; ++i, ++count) {
        const BytesView value = reader.value();
        if (!reader.ok() || !pushEncoded(lua, value)) return luaL_error(lua, "an argument is not well formed");
    }
    if (!reader.ok()) return luaL_error(lua, "the arguments are not well formed");
    lua_call(lua, count, LUA_MULTRET);
    Bytes out;
    std::string why;
    const int results = lua_gettop(lua);
    MsgpackWriter(out).array(static_cast<std::size_t>(results));
    for (int i = 1; i <= results; ++i) {
        if (packLua(lua, i, out, why)) continue;
        asked.answer = BoxFailure{kLuaError, why, {}};
        return 0;
    }
    asked.answer = std::move(out);
    return 0;
}

/// The error on the stack: `box` raises tables with code and message.
BoxFailure failureAt(lua_State* lua) {
    BoxFailure failure{kLuaError, "an error that is no text", {}};
    if (lua_type(lua, -1) == LUA_TTABLE) {
        lua_pushliteral(lua, "code");
        lua_rawget(lua, -2);
        if (lua_isnumber(lua, -1) != 0) failure.code = static_cast<std::uint32_t>(lua_tonumber(lua, -1));
        lua_pop(lua, 1);
        lua_pushliteral(lua, "message");
        lua_rawget(lua, -2);
    }
    std::size_t size = 0;
    if (lua_type(lua, -1) == LUA_TSTRING) {
        const char* const text = lua_tolstring(lua, -1, &size);
        failure.message.assign(text, size);
    }
    return failure;
}

}  // namespace

BoxAnswer runLua(lua_State* lua, bool isCall, BytesView expression, BytesView arguments) {
    Asked asked{isCall, expression, arguments, noResults()};
    return lua_cpcall(lua, runAsked, &asked) == 0 ? std::move(asked.answer) : BoxAnswer(failureAt(lua));
}

}  // namespace tributary::engine::tarantool
