// Asks LuaJIT's compiler.
#include "engine/systems/tarantool/script/luastatement.h"

#include <lua.hpp>

#include <memory>
#include <string>

namespace tributary::engine::tarantool {
namespace {

struct StateCloser {
    void operator()(lua_State* state) const { lua_close(state); }
};

/// Empty when the text compiles, else what the compiler says.
std::string compilerSays(lua_State* state, const std::string& text) {
    const int refused = luaL_loadbufferx(state, text.data(), text.size(), "=stdin", "t");
    std::string said;
    if (refused != 0) {
        std::size_t size = 0;
        const char* const message = lua_tolstring(state, -1, &size);
        said = message == nullptr ? "refused" : std::string(message, size);
    }
    lua_pop(state, 1);
    return said;
}

}  // namespace

bool isWholeLua(std::string_view text) {
    const std::unique_ptr<lua_State, StateCloser> state(luaL_newstate());
    if (state == nullptr) return true;  // without memory to ask, the instance says what it thinks of it
    const std::string whole(text);
    const std::string said = compilerSays(state.get(), whole);
    if (said.empty() || !said.ends_with(" near '<eof>'")) return true;
    // Some whole expressions, "(42\n)", end like an unfinished statement.
    return compilerSays(state.get(), "return " + whole).empty();
}

}  // namespace tributary::engine::tarantool
