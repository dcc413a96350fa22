// Tuples as userdata, tables as arrays or maps.
#include "engine/systems/tarantool/script/luavalues.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <system_error>

#include "engine/systems/tarantool/msgpack/msgpackext.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::engine::tarantool {
namespace {

constexpr const char* kTupleType = "tributary.tuple";
// A number of Lua stands for every whole number up to here, and for each of them alone.
constexpr std::uint64_t kExactMax = (1ULL << 53U) - 1;
constexpr int kTypeWide = 10;  ///< lua_type of LuaJIT's own 64-bit numbers (what `1ULL` is), which no header names
// Functions that make such numbers of two halves, in the registry.
constexpr const char* kWideSigned = "tributary.wide.signed";
constexpr const char* kWideUnsigned = "tributary.wide.unsigned";

bool isTupleAt(lua_State* state, int place) {
    if (lua_type(state, place) != LUA_TUSERDATA || lua_getmetatable(state, place) == 0) return false;
    luaL_getmetatable(state, kTupleType);
    const bool same = lua_rawequal(state, -1, -2) != 0;
    lua_pop(state, 2);
    return same;
}

void packNumber(double number, MsgpackWriter& writer) {
    if (number == std::floor(number) && number >= -9223372036854775808.0 && number < 18446744073709551616.0) {
        if (number < 0) {
            writer.integer(static_cast<std::int64_t>(number));
        } else {
            writer.unsignedInteger(static_cast<std::uint64_t>(number));
        }
    } else {
        writer.real(number);
    }
}

/// A number of 64 bits that is not one of Lua's: the C interface has no word for it, so Lua makes it.
void pushWide(lua_State* state, const char* maker, double high, std::uint64_t low) {
    lua_getfield(state, LUA_REGISTRYINDEX, maker);
    lua_pushnumber(state, high);
    lua_pushnumber(state, static_cast<double>(low & 0xffffffffU));
    lua_call(state, 2, 1);
}

void pushUnsigned(lua_State* state, std::uint64_t number) {
    if (number <= kExactMax) {
        lua_pushnumber(state, static_cast<double>(number));
    } else {
        pushWide(state, kWideUnsigned, static_cast<double>(number >> 32U), number);
    }
}

void pushNegative(lua_State* state, std::int64_t number) {
    if (number >= -static_cast<std::int64_t>(kExactMax)) {
        lua_pushnumber(state, static_cast<double>(number));
    } else {
        pushWide(state, kWideSigned, static_cast<double>(number >> 32), static_cast<std::uint64_t>(number));
    }
}

template <typename Number>
std::optional<Number> wholeNumber(std::string_view digits) {
    Number number{};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool isWhole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    return isWhole ? std::optional(number) : std::nullopt;
}

/// Packs a 64-bit number by the text that LuaJIT gives it; false for what else there is of that type (`1i`).
bool packWide(lua_State* state, int place, MsgpackWriter& writer) {
    if (luaL_callmeta(state, place, "__tostring") == 0) return false;
    std::size_t size = 0;
    const char* const given = lua_tolstring(state, -1, &size);
    const std::string_view text = given == nullptr ? std::string_view() : std::string_view(given, size);
    bool isPacked = false;
    if (text.ends_with("ULL")) {
        const auto number = wholeNumber<std::uint64_t>(text.substr(0, text.size() - 3));
        isPacked = number.has_value();
        if (isPacked) writer.unsignedInteger(*number);
    } else if (text.ends_with("LL")) {
        const auto number = wholeNumber<std::int64_t>(text.substr(0, text.size() - 2));
        isPacked = number.has_value();
        if (isPacked && *number < 0) writer.integer(*number);
        if (isPacked && *number >= 0) writer.unsignedInteger(static_cast<std::uint64_t>(*number));
    }
    lua_pop(state, 1);
    return isPacked;
}

int absolute(lua_State* state, int place) {
    return place > 0 ? place : lua_gettop(state) + place + 1;
}

/// Where a value is packed to, and how much that may be.
struct Packing {
    Bytes& out;
    std::string& why;
    std::size_t bytesMax;

    [[nodiscard]] bool hasRoom(std::size_t bytes) const {
        if (out.size() <= bytesMax && bytes <= bytesMax - out.size()) return true;
        why = "too large a value";
        return false;
    }
};

bool packAny(lua_State* state, int place, const Packing& to, int depth);

/// What `__serialize` says that a table is: a map or a list, whatever its keys are.
LuaTableShape hintedShape(lua_State* state, int place, std::string_view hint) {
    LuaTableShape shape = shapeOf(state, place);
    if (hint == "map" || hint == "mapping") shape.isArray = false;
    const bool isDense = shape.length <= 2 * shape.pairs;
    if (isDense && (hint == "seq" || hint == "sequence" || hint == "array")) shape.isArray = true;
    return shape;
}

bool packTable(lua_State* state, int place, const Packing& to, int depth) {
    std::string hint;
    if (luaL_getmetafield(state, place, "__serialize") != 0) {
        if (lua_type(state, -1) == LUA_TFUNCTION) {
            lua_pushvalue(state, place);
            lua_call(state, 1, 1);
            const bool packed = packAny(state, lua_gettop(state), to, depth + 1);
            lua_pop(state, 1);
            return packed;
        }
        if (lua_type(state, -1) == LUA_TSTRING) hint = lua_tostring(state, -1);
        lua_pop(state, 1);
    }
    const LuaTableShape shape = hintedShape(state, place, hint);
    MsgpackWriter writer(to.out);
    if (shape.isArray) {
        writer.array(shape.length);
        for (std::size_t i = 1; i <= shape.length; ++i) {
            lua_rawgeti(state, place, static_cast<int>(i));
            const bool packed = packAny(state, lua_gettop(state), to, depth + 1);
            lua_pop(state, 1);
            if (!packed) return false;
        }
        return true;
    }
    writer.map(shape.pairs);
    lua_pushnil(state);
    while (lua_next(state, place) != 0) {
        const int value = lua_gettop(state);
        if (!packAny(state, value - 1, to, depth + 1) || !packAny(state, value, to, depth + 1)) {
            lua_pop(state, 2);
            return false;
        }
        lua_pop(state, 1);
    }
    return true;
}

bool packAny(lua_State* state, int place, const Packing& to, int depth) {
    if (depth > kLuaDepthMax || lua_checkstack(state, 8) == 0) {
        to.why = "too deep a table";
        return false;
    }
    if (!to.hasRoom(0)) return false;
    MsgpackWriter writer(to.out);
    switch (lua_type(state, place)) {
        case LUA_TNIL: writer.nil(); return true;
        case LUA_TBOOLEAN: writer.boolean(lua_toboolean(state, place) != 0); return true;
        case LUA_TNUMBER: packNumber(lua_tonumber(state, place), writer); return true;
        case LUA_TSTRING: {
            std::size_t size = 0;
            const char* text = lua_tolstring(state, place, &size);
            if (!to.hasRoom(size)) return false;
            writer.string({text, size});
            return true;
        }
        case LUA_TLIGHTUSERDATA: writer.nil(); return true;
        case LUA_TTABLE: return packTable(state, place, to, depth);
        case LUA_TUSERDATA:
            if (const BytesView tuple = tupleAt(state, place); !tuple.empty()) {
                if (!to.hasRoom(tuple.size())) return false;
                writer.raw(tuple);
                return true;
            }
            break;
        case kTypeWide:
            if (packWide(state, place, writer)) return true;
            break;
        default: break;
    }
    to.why = fmt::format("unsupported Lua type '{}'", lua_typename(state, lua_type(state, place)));
    return false;
}

bool pushNext(lua_State* state, MsgpackReader& reader, int depth) {
    if (depth > kLuaDepthMax || lua_checkstack(state, 8) == 0) return false;
    switch (reader.type()) {
        case MsgpackType::Nil:
            reader.nil();
            pushNull(state);
            break;
        case MsgpackType::Boolean: lua_pushboolean(state, reader.boolean() ? 1 : 0); break;
        case MsgpackType::Unsigned: pushUnsigned(state, reader.unsignedInteger()); break;
        case MsgpackType::Negative: pushNegative(state, reader.integer()); break;
        case MsgpackType::Float:
        case MsgpackType::Double: lua_pushnumber(state, reader.real()); break;
        case MsgpackType::String: {
            const BytesView text = reader.string();
            lua_pushlstring(state, text.data(), text.size());
            break;
        }
        case MsgpackType::Binary: {
            const BytesView bytes = reader.binary();
            lua_pushlstring(state, bytes.data(), bytes.size());
            break;
        }
        case MsgpackType::Extension: {
            const MsgpackExtension extension = reader.extension();
            const auto uuid = uuidOf(extension);
            const auto decimal = Decimal::decode(extension.body);
            const std::string text = uuid ? uuid->text() : decimal ? decimal->text() : std::string();
            lua_pushlstring(state, text.data(), text.size());
            break;
        }
        case MsgpackType::Array: {
            const std::uint32_t count = reader.array();
            lua_newtable(state);
            for (std::uint32_t i = 1; i <= count && reader.ok(); ++i) {
                if (!pushNext(state, reader, depth + 1)) return false;
                lua_rawseti(state, -2, static_cast<int>(i));
            }
            break;
        }
        case MsgpackType::Map: {
            const std::uint32_t count = reader.map();
            lua_newtable(state);
            for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
                if (!pushNext(state, reader, depth + 1) || !pushNext(state, reader, depth + 1)) return false;
                const bool isKey = lua_type(state, -2) != LUA_TNIL &&
                                   !(lua_isnumber(state, -2) && std::isnan(lua_tonumber(state, -2)));
                if (!isKey) return false;
                lua_rawset(state, -3);
            }
            break;
        }
    }
    return reader.ok();
}

}  // namespace

LuaTableShape shapeOf(lua_State* state, int place) {
    LuaTableShape shape;
    bool onlyNumbers = true;
    lua_pushnil(state);
    while (lua_next(state, place) != 0) {
        ++shape.pairs;
        const double key = lua_type(state, -2) == LUA_TNUMBER ? lua_tonumber(state, -2) : 0;
        if (key >= 1 && key == std::floor(key) && key < 1e9) {
            shape.length = std::max(shape.length, static_cast<std::size_t>(key));
        } else {
            onlyNumbers = false;
        }
        lua_pop(state, 1);
    }
    // A few holes are nil; a table with many is a map, or it would be mostly nothing.
    shape.isArray = onlyNumbers && (shape.length <= 10 || shape.length <= 2 * shape.pairs);
    return shape;
}

void registerTuples(lua_State* state) {
    luaL_newmetatable(state, kTupleType);
    lua_pushliteral(state, "box.tuple");
    lua_setfield(state, -2, "__metatable");
    lua_pop(state, 1);
    constexpr std::string_view kMakers =
        "return function(high, low) return high * 4294967296LL + low end, "
        "function(high, low) return high * 4294967296ULL + low end";
    if (luaL_loadbufferx(state, kMakers.data(), kMakers.size(), "=numbers", "t") != 0) (void)lua_error(state);
    lua_call(state, 0, 2);
    lua_setfield(state, LUA_REGISTRYINDEX, kWideUnsigned);
    lua_setfield(state, LUA_REGISTRYINDEX, kWideSigned);
}

void pushTuple(lua_State* state, BytesView array, int names) {
    MsgpackReader reader(array);
    const bool isArray = reader.type() == MsgpackType::Array;
    (void)reader.value();
    if (!isArray || !reader.ok() || !reader.atEnd()) {
        lua_pushnil(state);
        return;
    }
    const int list = names == 0 ? 0 : absolute(state, names);
    // Its bytes are Lua's, so that they count where memory is bounded.
    std::memcpy(lua_newuserdata(state, array.size()), array.data(), array.size());
    luaL_getmetatable(state, kTupleType);
    lua_setmetatable(state, -2);
    if (list == 0) {
        lua_newtable(state);
    } else {
        lua_pushvalue(state, list);
    }
    lua_setfenv(state, -2);
}

BytesView tupleAt(lua_State* state, int place) {
    if (!isTupleAt(state, place)) return {};
    return {static_cast<const char*>(lua_touserdata(state, place)), lua_objlen(state, place)};
}

void pushNull(lua_State* state) {
    lua_pushlightuserdata(state, nullptr);
}

bool packLua(lua_State* state, int place, Bytes& out, std::string& why, std::size_t bytesMax) {
    return packAny(state, absolute(state, place), {out, why, bytesMax}, 0);
}

bool pushEncoded(lua_State* state, BytesView value) {
    const int top = lua_gettop(state);
    MsgpackReader reader(value);
    if (pushNext(state, reader, 0) && reader.atEnd()) return true;
    lua_settop(state, top);
    return false;
}

}  // namespace tributary::engine::tarantool
