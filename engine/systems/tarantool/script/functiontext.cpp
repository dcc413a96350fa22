// Parts of a chunk that are one function each, tried one after the other.
#include "engine/systems/tarantool/script/functiontext.h"

#include <algorithm>

namespace tributary::engine::tarantool {
namespace {

constexpr std::string_view kFunction = "function";
constexpr std::string_view kEnd = "end";
constexpr int kTriesMax = 1'000;
constexpr std::size_t kChunkMax = 64U << 10U;

int refuse(lua_State* lua, const char* why) {
    lua_settop(lua, 0);
    lua_pushnil(lua);
    lua_pushstring(lua, why);
    return 2;
}

bool isWordChar(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte >= 0x80;
}

/// Whether what stands there is that word, and no part of a longer one.
bool isWordAt(std::string_view chunk, std::size_t at, std::string_view word) {
    const std::size_t end = at + word.size();
    return (at == 0 || !isWordChar(chunk[at - 1])) && (end >= chunk.size() || !isWordChar(chunk[end]));
}

/// Counts lines as Lua does; places are asked for in ascending order.
class Lines {
public:
    explicit Lines(std::string_view chunk) : chunk_(chunk) {}
    int of(std::size_t place) {
        while (at_ < place) {
            const char c = chunk_[at_++];
            if (c != '\n' && c != '\r') continue;
            ++line_;
            const bool isPair = at_ < chunk_.size() && (chunk_[at_] == '\n' || chunk_[at_] == '\r') && chunk_[at_] != c;
            if (isPair) ++at_;
        }
        return line_;
    }

private:
    std::string_view chunk_;
    std::size_t at_ = 0;
    int line_ = 1;
};

/// Puts the bytecode of the function on top of the stack in its place; false when it has none.
bool dumped(lua_State* lua, int dump) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, dump);
    lua_insert(lua, -2);
    lua_pushboolean(lua, 1);
    return lua_pcall(lua, 2, 1, 0) == 0 && lua_type(lua, -1) == LUA_TSTRING;
}

/// Pushes the chunk of a text; false when it does not compile. Nothing of it is run.
bool pushChunk(lua_State* lua, std::string_view begin, std::string_view rest) {
    const std::string chunk = std::string(begin) + std::string(rest);
    if (luaL_loadbufferx(lua, chunk.data(), chunk.size(), "=part", "t") == 0) return true;
    lua_pop(lua, 1);
    return false;
}

/// Pushes the function that begins with the word `function` and goes on with `rest`; nothing when that is not one
/// function and no more. It is one when it can be returned and declared: no word that may follow a value to be
/// returned (an operator, a comma) may follow a declaration. Returning it then runs nothing of what was typed.
enum class Pushed { Nothing, One, Several };
Pushed pushOne(lua_State* lua, std::string_view rest) {
    if (!pushChunk(lua, "return function", rest)) return Pushed::Nothing;
    if (!pushChunk(lua, "local function f", rest)) return Pushed::Several;
    lua_pop(lua, 1);
    lua_call(lua, 0, 1);
    return Pushed::One;
}

/// Where a name between `function` and its arguments ends: a function is the same without it.
std::size_t behindName(std::string_view chunk, std::size_t at) {
    while (at < chunk.size() && (isWordChar(chunk[at]) || chunk[at] == '.' || chunk[at] == ' ')) ++at;
    return at;
}

/// The text of the function whose bytecode lies at `wanted`, among those that begin and end in its lines.
std::string textIn(lua_State* lua, std::string_view chunk, const lua_Debug& known, int wanted, int dump) {
    int tries = 0;
    Lines first(chunk);
    for (std::size_t from = chunk.find(kFunction); from != std::string_view::npos;
         from = chunk.find(kFunction, from + 1)) {
        if (!isWordAt(chunk, from, kFunction) || first.of(from) != known.linedefined) continue;
        const std::size_t rest = behindName(chunk, from + kFunction.size());
        Lines last = first;
        for (std::size_t to = chunk.find(kEnd, rest); to != std::string_view::npos; to = chunk.find(kEnd, to + 1)) {
            const int line = last.of(to);
            if (line > known.lastlinedefined || ++tries > kTriesMax) break;
            if (line < known.lastlinedefined || !isWordAt(chunk, to, kEnd)) continue;
            const std::string_view text = chunk.substr(rest, to + kEnd.size() - rest);
            lua_settop(lua, wanted);
            const Pushed pushed = pushOne(lua, text);
            if (pushed == Pushed::Nothing) continue;
            const bool isIt = pushed == Pushed::One && dumped(lua, dump) && lua_rawequal(lua, -1, wanted) != 0;
            if (isIt) return std::string(kFunction) + std::string(text);
            break;  // what is longer is more than one function
        }
    }
    return {};
}

}  // namespace

void EvalTexts::keep(std::string_view chunk) {
    if (chunk.size() > kChunkMax || chunk.find(kFunction) == std::string_view::npos) return;
    if (const auto known = std::find(texts_.begin(), texts_.end(), chunk); known != texts_.end()) texts_.erase(known);
    texts_.emplace_front(chunk);
    if (texts_.size() > kTextsMax) texts_.pop_back();
}

int functionText(lua_State* lua, int dump, const EvalTexts& evals) {
    lua_settop(lua, 1);
    if (lua_type(lua, 1) != LUA_TFUNCTION) return refuse(lua, "a trigger is a function");
    if (lua_getupvalue(lua, 1, 1) != nullptr) {
        return refuse(lua, "a trigger runs in the instance, without the variables around it: use its arguments only");
    }
    lua_Debug known{};
    lua_pushvalue(lua, 1);
    lua_getinfo(lua, ">S", &known);
    const std::string_view chunk = known.source == nullptr ? std::string_view() : known.source;
    const bool isEval = chunk == kEvalChunkName;
    if (chunk.empty() || (!isEval && chunk[0] == '=') || chunk[0] == '@' || chunk.size() > kChunkMax) {
        return refuse(lua, "the text of the function is not known here");
    }
    lua_pushvalue(lua, 1);
    if (!dumped(lua, dump)) return refuse(lua, "the function is none of Lua");
    const int wanted = lua_gettop(lua);
    std::string text;
    if (isEval) {
        for (const std::string& each : evals.newestFirst()) {
            if (!(text = textIn(lua, each, known, wanted, dump)).empty()) break;
        }
        if (text.empty()) return refuse(lua, "the text of the function is not known any more: send it again");
    } else {
        text = textIn(lua, chunk, known, wanted, dump);
        if (text.empty()) return refuse(lua, "the text of the function is not found in its chunk");
    }
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

}  // namespace tributary::engine::tarantool
