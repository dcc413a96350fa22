// Lua results as the console prints them: which table is an array, which stands twice, who serializes itself.
#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "core/base/text.h"
#include "engine/systems/tarantool/console/consoleyaml.h"
#include "engine/systems/tarantool/script/luavalues.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::size_t kTablesMax = 200'000;
using Style = ConsoleYaml::Style;

class Formatter {
public:
    Formatter(lua_State* state, ConsoleYaml& yaml) : state_(state), yaml_(yaml) {}

    /// First all tables are counted, so that the first of two is known to need an anchor.
    bool count(int place, int depth) {
        if (depth > kLuaDepthMax || lua_checkstack(state_, 16) == 0) return refuse("too deep a table");
        if (lua_type(state_, place) != LUA_TTABLE) return true;
        const void* const table = lua_topointer(state_, place);
        if (++seen_[table].times > 1) return true;
        if (seen_.size() > kTablesMax) return refuse("too many tables");
        const int top = lua_gettop(state_);
        const int shown = serialized(place);
        bool fine = true;
        if (lua_type(state_, shown) == LUA_TTABLE) {
            lua_pushnil(state_);
            while (fine && lua_next(state_, shown) != 0) {
                fine = count(lua_gettop(state_), depth + 1);
                lua_pop(state_, 1);
            }
        }
        lua_settop(state_, top);
        return fine;
    }

    void value(int place, Style style) {
        switch (lua_type(state_, place)) {
            case LUA_TNIL:
            case LUA_TLIGHTUSERDATA: yaml_.nil(); return;
            case LUA_TBOOLEAN: yaml_.boolean(lua_toboolean(state_, place) != 0); return;
            case LUA_TNUMBER: yaml_.real(lua_tonumber(state_, place)); return;
            case LUA_TSTRING: {
                std::size_t size = 0;
                const char* const text = lua_tolstring(state_, place, &size);
                yaml_.string({text, size});
                return;
            }
            case LUA_TTABLE: table(place, style); return;
            default: break;
        }
        if (const BytesView tuple = tupleAt(state_, place); !tuple.empty()) {
            yaml_.value(tuple, Style::Flow);
            return;
        }
        opaque(place);
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    struct Seen {
        int times = 0;
        std::string anchor;
    };

    bool refuse(std::string why) {
        problem_ = std::move(why);
        return false;
    }

    // Functions, threads, and whole numbers of 64 bits (what follows their digits is taken off).
    void opaque(int place) {
        lua_getglobal(state_, "tostring");
        lua_pushvalue(state_, place);
        std::string text = lua_typename(state_, lua_type(state_, place));
        if (lua_pcall(state_, 1, 1, 0) == 0 && lua_type(state_, -1) == LUA_TSTRING) text = lua_tostring(state_, -1);
        lua_pop(state_, 1);
        const std::size_t digits = text.find_first_not_of("-0123456789");
        const bool isNumber =
            digits != 0 && digits != std::string::npos && (text.substr(digits) == "LL" || text.substr(digits) == "ULL");
        if (isNumber) {
            yaml_.plain(text.substr(0, digits));
        } else {
            yaml_.string(text);
        }
    }

    /// Where what a table shows itself as lies on the stack: itself, or what its function gave.
    int serialized(int place) {
        if (luaL_getmetafield(state_, place, "__serialize") == 0) return place;
        if (lua_type(state_, -1) != LUA_TFUNCTION) {
            lua_pop(state_, 1);
            return place;
        }
        const auto known = shownAs_.find(lua_topointer(state_, place));
        if (known != shownAs_.end()) {
            lua_pop(state_, 1);
            lua_rawgeti(state_, LUA_REGISTRYINDEX, known->second);
            return lua_gettop(state_);
        }
        lua_pushvalue(state_, place);
        if (lua_pcall(state_, 1, 1, 0) != 0 && lua_type(state_, -1) != LUA_TSTRING) {
            lua_pop(state_, 1);
            lua_pushliteral(state_, "__serialize failed");
        }
        lua_pushvalue(state_, -1);
        shownAs_[lua_topointer(state_, place)] = luaL_ref(state_, LUA_REGISTRYINDEX);
        return lua_gettop(state_);
    }

    std::string hintOf(int place) {
        std::string hint;
        if (luaL_getmetafield(state_, place, "__serialize") != 0) {
            if (lua_type(state_, -1) == LUA_TSTRING) hint = lua_tostring(state_, -1);
            lua_pop(state_, 1);
        }
        return hint;
    }

    void table(int place, Style style) {
        Seen& seen = seen_[lua_topointer(state_, place)];
        if (!seen.anchor.empty()) {
            yaml_.alias(seen.anchor);
            return;
        }
        const int top = lua_gettop(state_);
        lua_checkstack(state_, 16);
        const int shown = serialized(place);
        if (lua_type(state_, shown) != LUA_TTABLE) {
            value(shown, style);
            lua_settop(state_, top);
            return;
        }
        if (seen.times > 1) seen.anchor = std::to_string(nextAnchor_++);
        const std::string anchor = seen.anchor;
        const std::string hint = hintOf(shown);
        const LuaTableShape shape = shapeOf(state_, shown);
        const bool isMap = hint.starts_with("map") || (hint.empty() && !shape.isArray);
        const Style own = hint == "map" || hint == "seq" ? Style::Flow : style;
        if (isMap) {
            map(shown, own, anchor);
        } else {
            yaml_.beginArray(own, anchor);
            for (std::size_t i = 1; i <= shape.length; ++i) {
                lua_rawgeti(state_, shown, static_cast<int>(i));
                value(lua_gettop(state_), own);
                lua_pop(state_, 1);
            }
            yaml_.endArray();
        }
        lua_settop(state_, top);
    }

    // Keys in the order that the metatable names first, then as Lua has them.
    void map(int place, Style style, const std::string& anchor) {
        yaml_.beginMap(style, anchor);
        std::map<std::string, bool> done;
        if (luaL_getmetafield(state_, place, "__order") != 0 && lua_type(state_, -1) == LUA_TSTRING) {
            for (const std::string& name : split(lua_tostring(state_, -1), ' ')) {
                const bool isNumber = name.find_first_not_of("0123456789") == std::string::npos;
                if (isNumber) {
                    lua_pushnumber(state_, std::strtod(name.c_str(), nullptr));
                } else {
                    lua_pushlstring(state_, name.data(), name.size());
                }
                lua_rawget(state_, place);
                if (lua_type(state_, -1) != LUA_TNIL) {
                    if (isNumber) {
                        yaml_.plain(name);
                    } else {
                        yaml_.string(name);
                    }
                    value(lua_gettop(state_), style);
                    done[name] = true;
                }
                lua_pop(state_, 1);
            }
        }
        lua_pushnil(state_);
        while (lua_next(state_, place) != 0) {
            const int value_ = lua_gettop(state_);
            std::string key;
            if (lua_type(state_, value_ - 1) == LUA_TSTRING) key = lua_tostring(state_, value_ - 1);
            if (lua_type(state_, value_ - 1) == LUA_TNUMBER) {
                key = fmt::format("{:.14g}", lua_tonumber(state_, value_ - 1));
            }
            const bool isDone = done.contains(key);
            if (!isDone) {
                value(value_ - 1, Style::Flow);
                value(value_, style);
            }
            lua_pop(state_, 1);
        }
        yaml_.endMap();
    }

    lua_State* state_;
    ConsoleYaml& yaml_;
    std::map<const void*, Seen> seen_;
    std::map<const void*, int> shownAs_;  ///< what functions gave, kept for the second look
    int nextAnchor_ = 0;
    std::string problem_;
};

}  // namespace

std::string formatLua(lua_State* state, int first, int count, bool isList) {
    ConsoleYaml yaml(isList);
    Formatter formatter(state, yaml);
    for (int i = first; i < first + count; ++i) {
        if (formatter.count(i, 0)) continue;
        ConsoleYaml failed;
        failed.beginMap(Style::Block);
        failed.string("error");
        failed.string("console: an exception occurred when formatting the output: " + formatter.problem());
        failed.endMap();
        return failed.finish();
    }
    for (int i = first; i < first + count; ++i) formatter.value(i, Style::Block);
    return yaml.finish();
}

}  // namespace tributary::engine::tarantool
