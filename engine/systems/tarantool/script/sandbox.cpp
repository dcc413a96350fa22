// The state, its bounds, its globals, and the C functions behind `box`.
#include "engine/systems/tarantool/script/sandbox.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/systems/tarantool/data/tuple.h"
#include "engine/systems/tarantool/data/updates.h"
#include "engine/systems/tarantool/script/boxprelude.h"
#include "engine/systems/tarantool/script/functiontext.h"
#include "engine/systems/tarantool/script/luarun.h"
#include "engine/systems/tarantool/script/luavalues.h"

namespace tributary::engine::tarantool {

struct Sandbox::State {
    State(BoxBackend& theBackend, Options theOptions)
        : backend(theBackend), options(std::move(theOptions)), together(options.callMany) {}
    ~State() {
        if (lua != nullptr) lua_close(lua);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    BoxBackend& backend;
    Options options;
    lua_State* lua = nullptr;
    std::size_t memoryBytes = 0;
    std::string printed;
    TogetherCalls together;
    EvalTexts evals;
    int dump = LUA_NOREF;   ///< string.dump, which no script sees
    int codes = LUA_NOREF;  ///< the table that the prelude has in common with this side
};

namespace {

constexpr int kInstructionsBetweenLooks = 100'000;

void* allocate(void* owner, void* block, std::size_t was, std::size_t size) {
    auto& state = *static_cast<Sandbox::State*>(owner);
    if (size == 0) {
        state.memoryBytes -= block == nullptr ? 0 : was;
        std::free(block);
        return nullptr;
    }
    const std::size_t before = block == nullptr ? 0 : was;
    if (size > before && state.memoryBytes + (size - before) > state.options.memoryBytesMax) return nullptr;
    void* const moved = std::realloc(block, size);
    if (moved != nullptr) state.memoryBytes += size - before;
    return moved;
}

/// The sandbox that a state belongs to: its allocator knows.
Sandbox::State& stateOf(lua_State* lua) {
    void* owner = nullptr;
    lua_getallocf(lua, &owner);
    return *static_cast<Sandbox::State*>(owner);
}

void tooLate(lua_State* lua, lua_Debug*) {
    // From here on each instruction ends it: a script that catches errors does not catch them all.
    lua_sethook(lua, tooLate, LUA_MASKCOUNT, 1);
    luaL_error(lua, "the statement took too long and was ended");
}

void look(lua_State* lua, lua_Debug* at) {
    const Sandbox::State& state = stateOf(lua);
    if (state.options.isLate && state.options.isLate()) tooLate(lua, at);
}

void beginLooking(lua_State* lua) {
    lua_sethook(lua, look, LUA_MASKCOUNT, kInstructionsBetweenLooks);
}

int pushFailure(lua_State* lua, const BoxFailure& failure) {
    lua_pushboolean(lua, 0);
    lua_pushnumber(lua, failure.code);
    lua_pushlstring(lua, failure.message.data(), failure.message.size());
    return 3;
}

BoxFailure notPackable(const std::string& why) {
    return {1, why, {}};
}

/// The method at `first`, its arguments behind it; nil at the end counts.
BoxAnswer callBackend(lua_State* lua, int first) {
    std::size_t size = 0;
    const char* const method = lua_tolstring(lua, first, &size);
    if (method == nullptr) return notPackable("a call needs a name");
    Sandbox::State& state = stateOf(lua);
    Bytes arguments;
    std::string why;
    const int top = lua_gettop(lua);
    MsgpackWriter(arguments).array(static_cast<std::size_t>(top - first));
    for (int i = first + 1; i <= top; ++i) {
        if (!packLua(lua, i, arguments, why, state.options.valueBytesMax)) return notPackable(why);
    }
    Bytes answered;
    if (state.together.take({method, size}, arguments, answered)) return answered;
    if (auto refused = state.together.flush()) return *refused;
    // There is room now.
    if (state.together.take({method, size}, arguments, answered)) return answered;
    BoxAnswer answer = state.backend.call({method, size}, arguments);
    if (const auto* given = std::get_if<Bytes>(&answer)) state.together.done({method, size}, *given);
    return answer;
}

/// Before a script can see when a statement is refused: true, or a failure.
int tellAtOnce(lua_State* lua) {
    Sandbox::State& state = stateOf(lua);
    const auto refused = state.together.flush();
    state.together.stop();
    if (refused) return pushFailure(lua, *refused);
    lua_pushboolean(lua, 1);
    return 1;
}

int boxCall(lua_State* lua) {
    const BoxAnswer answer = callBackend(lua, 1);
    if (const auto* failure = std::get_if<BoxFailure>(&answer)) return pushFailure(lua, *failure);
    MsgpackReader reader(std::get<Bytes>(answer));
    const int count = static_cast<int>(reader.array());
    if (lua_checkstack(lua, count + 8) == 0) return pushFailure(lua, notPackable("too many results"));
    lua_pushboolean(lua, 1);
    for (int i = 0; i < count; ++i) {
        if (!pushEncoded(lua, reader.value())) return pushFailure(lua, notPackable("a result is not well formed"));
    }
    return count + 1;
}

int boxCallTuples(lua_State* lua) {
    const BoxAnswer answer = callBackend(lua, 2);
    if (const auto* failure = std::get_if<BoxFailure>(&answer)) return pushFailure(lua, *failure);
    MsgpackReader reader(std::get<Bytes>(answer));
    const int count = static_cast<int>(reader.array());
    if (count > 7'000 || lua_checkstack(lua, count + 8) == 0) {
        return pushFailure(lua, notPackable("more than 7000 tuples at once: give a limit"));
    }
    lua_pushboolean(lua, 1);
    const int names = lua_type(lua, 1) == LUA_TTABLE ? 1 : 0;
    for (int i = 0; i < count; ++i) pushTuple(lua, reader.value(), names);
    return count + 1;
}

int newTuple(lua_State* lua) {
    Bytes out;
    std::string why;
    if (!packLua(lua, 1, out, why, stateOf(lua).options.valueBytesMax)) {
        lua_pushnil(lua);
        lua_pushlstring(lua, why.data(), why.size());
        return 2;
    }
    pushTuple(lua, out, 0);
    return 1;
}

int isTuple(lua_State* lua) {
    lua_pushboolean(lua, tupleAt(lua, 1).empty() ? 0 : 1);
    return 1;
}

/// The list of fields, how many, and the bytes.
int tupleFields(lua_State* lua) {
    const BytesView tuple = tupleAt(lua, 1);
    if (tuple.empty() || !pushEncoded(lua, tuple)) lua_newtable(lua);
    MsgpackReader reader(tuple);
    lua_pushnumber(lua, reader.array());
    lua_pushnumber(lua, static_cast<double>(tuple.size()));
    return 3;
}

int tupleNames(lua_State* lua) {
    if (tupleAt(lua, 1).empty()) {
        lua_newtable(lua);
    } else {
        lua_getfenv(lua, 1);
    }
    return 1;
}

int tupleUpdated(lua_State* lua) {
    const TuplePtr tuple = Tuple::make(Bytes(tupleAt(lua, 1)));
    Bytes operations;
    std::string why;
    const std::size_t bytesMax = stateOf(lua).options.valueBytesMax;
    if (tuple == nullptr || !packLua(lua, 2, operations, why, bytesMax))
        return pushFailure(lua, notPackable("no tuple"));
    TuplePtr fresh;
    if (const auto failure = applyUpdates(*tuple, operations, {}, false, fresh)) return pushFailure(lua, *failure);
    lua_pushboolean(lua, 1);
    pushTuple(lua, fresh->bytes(), 0);
    return 2;
}

int tupleText(lua_State* lua) {
    const std::string text = formatLua(lua, 1, 1);
    // "---\n- [1, 'x']\n...\n"
    const std::string line = text.size() > 10 ? text.substr(6, text.size() - 11) : text;
    lua_pushlstring(lua, line.data(), line.size());
    return 1;
}

/// The metatable cannot be reached from Lua: what belongs into it is handed over once.
int setTupleMethods(lua_State* lua) {
    pushTuple(lua, "\x90", 0);
    lua_getmetatable(lua, -1);
    lua_pushvalue(lua, 1);
    lua_setfield(lua, -2, "__index");
    lua_pushvalue(lua, 2);
    lua_setfield(lua, -2, "__len");
    lua_pushcfunction(lua, tupleText);
    lua_setfield(lua, -2, "__tostring");
    return 0;
}

int pushText(lua_State* lua, bool isFine, const std::string& text) {
    lua_pushboolean(lua, isFine ? 1 : 0);
    lua_pushlstring(lua, text.data(), text.size());
    return 2;
}

int jsonEncode(lua_State* lua) {
    Bytes out;
    std::string why;
    // A value in the form that the library writes takes many times its bytes.
    if (!packLua(lua, 1, out, why, stateOf(lua).options.jsonBytesMax)) return pushText(lua, false, why);
    const auto value = nlohmann::ordered_json::from_msgpack(out, true, false);
    if (value.is_discarded()) return pushText(lua, false, "the value has no form in JSON");
    return pushText(lua, true, value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int jsonDecode(lua_State* lua) {
    std::size_t size = 0;
    const char* const text = lua_tolstring(lua, 1, &size);
    if (text == nullptr) return pushText(lua, false, "json.decode needs a text");
    if (size > stateOf(lua).options.jsonBytesMax) return pushText(lua, false, "too large a text");
    int depth = 0;
    bool isTooDeep = false;
    const auto value = nlohmann::ordered_json::parse(
        std::string_view(text, size),
        [&](int at, nlohmann::ordered_json::parse_event_t, nlohmann::ordered_json&) {
            depth = at;
            isTooDeep = isTooDeep || at > kLuaDepthMax;
            return !isTooDeep;
        },
        false);
    if (value.is_discarded() || isTooDeep) return pushText(lua, false, "the text is not well-formed JSON, or too deep");
    const auto bytes = nlohmann::ordered_json::to_msgpack(value);
    lua_pushboolean(lua, 1);
    if (!pushEncoded(lua, {reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
        lua_pop(lua, 1);
        return pushText(lua, false, "the text is too deep");
    }
    return 2;
}

int yamlEncode(lua_State* lua) {
    lua_settop(lua, 1);
    const std::string text = formatLua(lua, 1, 1, false);
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

/// Text chunks only: compiled ones are not checked by anybody.
int loadText(lua_State* lua) {
    std::size_t size = 0;
    const char* const text = lua_type(lua, 1) == LUA_TSTRING ? lua_tolstring(lua, 1, &size) : nullptr;
    if (text == nullptr) {
        lua_pushnil(lua);
        lua_pushliteral(lua, "only a text can be loaded here");
        return 2;
    }
    const char* const name = lua_isstring(lua, 2) != 0 ? lua_tostring(lua, 2) : text;
    if (luaL_loadbufferx(lua, text, size, name, "t") == 0) return 1;
    lua_pushnil(lua);
    lua_insert(lua, -2);
    return 2;
}

int print(lua_State* lua) {
    Sandbox::State& state = stateOf(lua);
    const int count = lua_gettop(lua);
    for (int i = 1; i <= count; ++i) {
        lua_getglobal(lua, "tostring");
        lua_pushvalue(lua, i);
        lua_call(lua, 1, 1);
        std::size_t size = 0;
        const char* const text = lua_tolstring(lua, -1, &size);
        if (state.printed.size() + size > state.options.printedBytesMax) return luaL_error(lua, "too much is printed");
        if (i > 1) state.printed += '\t';
        if (text != nullptr) state.printed.append(text, size);
        lua_pop(lua, 1);
    }
    state.printed += '\n';
    return 0;
}

int memoryInUse(lua_State* lua) {
    lua_pushnumber(lua, static_cast<double>(stateOf(lua).memoryBytes) / 1024);
    return 1;
}

void openLibraries(lua_State* lua) {
    const std::pair<const char*, lua_CFunction> libraries[] = {{"", luaopen_base},
                                                               {LUA_TABLIBNAME, luaopen_table},
                                                               {LUA_STRLIBNAME, luaopen_string},
                                                               {LUA_MATHLIBNAME, luaopen_math},
                                                               {LUA_BITLIBNAME, luaopen_bit}};
    for (const auto& [name, open] : libraries) {
        lua_pushcfunction(lua, open);
        lua_pushstring(lua, name);
        lua_call(lua, 1, 0);
    }
    for (const char* gone : {"dofile", "loadfile", "getfenv", "setfenv", "newproxy", "module", "gcinfo"}) {
        lua_pushnil(lua);
        lua_setglobal(lua, gone);
    }
    lua_getglobal(lua, "string");
    lua_getfield(lua, -1, "dump");
    stateOf(lua).dump = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_pushnil(lua);
    lua_setfield(lua, -2, "dump");
    lua_pop(lua, 1);
    const std::pair<const char*, lua_CFunction> replaced[] = {
        {"load", loadText}, {"loadstring", loadText}, {"print", print}, {"collectgarbage", memoryInUse}};
    for (const auto& [name, function] : replaced) {
        lua_pushcfunction(lua, function);
        lua_setglobal(lua, name);
    }
}

/// The text at 1 as an expression, or else as a statement; its results.
int runStatement(lua_State* lua) {
    std::size_t size = 0;
    const char* const text = lua_tolstring(lua, 1, &size);
    const std::string asExpression = "return " + std::string(text, size);
    if (luaL_loadbufferx(lua, asExpression.data(), asExpression.size(), asExpression.c_str(), "t") != 0) {
        lua_pop(lua, 1);
        if (luaL_loadbufferx(lua, text, size, text, "t") != 0) return lua_error(lua);
    }
    lua_call(lua, 0, LUA_MULTRET);
    return lua_gettop(lua) - 1;
}

int formatResults(lua_State* lua) {
    const std::string text = formatLua(lua, 1, lua_gettop(lua));
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

int formatError(lua_State* lua) {
    lua_newtable(lua);
    lua_pushvalue(lua, 1);
    if (lua_isnil(lua, -1)) {
        lua_pop(lua, 1);
        pushNull(lua);
    }
    lua_setfield(lua, -2, "error");
    const std::string text = formatLua(lua, 2, 1);
    lua_pushlstring(lua, text.data(), text.size());
    return 1;
}

/// A statement as a console that is spoken to by EVAL answers it: [text] -> text.
int consoleText(lua_State* lua) {
    lua_settop(lua, 1);
    const bool isLua = lua_type(lua, 1) == LUA_TSTRING && *lua_tostring(lua, 1) != '\\';
    lua_pushcfunction(lua, runStatement);
    lua_insert(lua, 1);
    if (!isLua) lua_pushliteral(lua, "a console of this version takes statements of Lua");
    const bool isFine = isLua && lua_pcall(lua, 1, LUA_MULTRET, 0) == 0;
    const int count = isFine ? lua_gettop(lua) : 1;
    lua_checkstack(lua, 4);
    lua_pushcfunction(lua, isFine ? formatResults : formatError);
    lua_insert(lua, -count - 1);
    lua_call(lua, count, 1);
    return 1;
}

/// Runs in protected mode: memory may be refused at any step.
int prepare(lua_State* lua) {
    luaJIT_setmode(lua, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    openLibraries(lua);
    registerTuples(lua);
    const std::string_view prelude = boxPrelude();
    if (luaL_loadbufferx(lua, prelude.data(), prelude.size(), "=box", "t") != 0) return lua_error(lua);
    for (const lua_CFunction function :
         {boxCall, boxCallTuples, newTuple, isTuple, tupleFields, tupleNames, tupleUpdated}) {
        lua_pushcfunction(lua, function);
    }
    pushNull(lua);
    lua_newtable(lua);
    lua_pushvalue(lua, -1);
    stateOf(lua).codes = luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_pushcfunction(lua, setTupleMethods);
    lua_setfield(lua, -2, "settuplemethods");
    lua_pushcfunction(lua, tellAtOnce);
    lua_setfield(lua, -2, "tellatonce");
    lua_pushcfunction(lua, consoleText);
    lua_setfield(lua, -2, "consoletext");
    lua_pushcfunction(lua,
                      [](lua_State* state) { return functionText(state, stateOf(state).dump, stateOf(state).evals); });
    lua_setfield(lua, -2, "textof");
    lua_pushliteral(lua, "2.6.0-scratch");
    lua_setfield(lua, -2, "version");
    for (const lua_CFunction function : {jsonEncode, jsonDecode, yamlEncode}) lua_pushcfunction(lua, function);
    lua_call(lua, 12, 0);
    return 0;
}

/// Between two statements others may have changed the schema.
int forgetSchema(lua_State* lua) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, stateOf(lua).codes);
    lua_getfield(lua, -1, "schemachanged");
    lua_call(lua, 0, 0);
    return 0;
}

}  // namespace

Sandbox::Sandbox(std::unique_ptr<State> state) : state_(std::move(state)) {}
Sandbox::~Sandbox() = default;

lua_State* Sandbox::lua() const {
    return state_->lua;
}

Result<std::unique_ptr<Sandbox>> Sandbox::make(BoxBackend& backend, Options options) {
    auto state = std::make_unique<State>(backend, std::move(options));
    state->lua = lua_newstate(allocate, state.get());
    if (state->lua == nullptr) return Error{ErrorCode::Io, "there is no memory for Lua", {}, {}};
    if (lua_cpcall(
            state->lua, [](lua_State* lua) { return prepare(lua); }, nullptr) != 0) {
        const char* const why = lua_tostring(state->lua, -1);
        return Error{ErrorCode::Internal, why == nullptr ? "Lua could not be prepared" : why, {}, {}};
    }
    return std::unique_ptr<Sandbox>(new Sandbox(std::move(state)));
}

BoxAnswer Sandbox::run(bool isCall, BytesView expression, BytesView arguments) {
    lua_State* const lua = state_->lua;
    state_->printed.clear();
    lua_settop(lua, 0);
    beginLooking(lua);
    (void)lua_cpcall(lua, forgetSchema, nullptr);
    lua_settop(lua, 0);
    state_->together.beginScript();
    if (!isCall) state_->evals.keep(expression);
    BoxAnswer answer = runLua(lua, isCall, expression, arguments);
    // What was refused came before whatever else the script ended with.
    if (auto refused = state_->together.flush()) answer = std::move(*refused);
    state_->together.stop();
    lua_sethook(lua, nullptr, 0, 0);
    lua_settop(lua, 0);
    if (state_->memoryBytes > state_->options.memoryBytesMax / 2) lua_gc(lua, LUA_GCCOLLECT, 0);
    return answer;
}

std::string Sandbox::evaluate(const std::string& statement) {
    lua_State* const lua = state_->lua;
    state_->printed.clear();
    lua_settop(lua, 0);
    beginLooking(lua);
    (void)lua_cpcall(lua, forgetSchema, nullptr);
    lua_settop(lua, 0);
    lua_pushcfunction(lua, runStatement);
    lua_pushlstring(lua, statement.data(), statement.size());
    const bool isFine = lua_pcall(lua, 1, LUA_MULTRET, 0) == 0;
    beginLooking(lua);  // also for what says that it took too long
    // What a statement that ran out of memory has left is in the way of its own error.
    if (state_->memoryBytes > state_->options.memoryBytesMax / 2) lua_gc(lua, LUA_GCCOLLECT, 0);
    const int count = lua_gettop(lua);
    lua_checkstack(lua, 4);
    lua_pushcfunction(lua, isFine ? formatResults : formatError);
    lua_insert(lua, 1);
    std::string answer = "---\n- error: the answer could not be printed\n...\n";
    if (lua_pcall(lua, count, 1, 0) == 0) {
        std::size_t size = 0;
        if (const char* const text = lua_tolstring(lua, -1, &size)) answer.assign(text, size);
    } else if (const char* const why = lua_tostring(lua, -1)) {
        answer = fmt::format("---\n- error: 'the answer could not be printed: {}'\n...\n", why);
    }
    lua_sethook(lua, nullptr, 0, 0);
    lua_settop(lua, 0);
    return state_->printed + answer;
}

}  // namespace tributary::engine::tarantool
