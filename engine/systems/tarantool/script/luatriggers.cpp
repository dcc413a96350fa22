// Functions kept by space, and their calls.
#include "engine/systems/tarantool/script/luatriggers.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "engine/systems/tarantool/script/luavalues.h"
#include "engine/systems/tarantool/script/sandbox.h"

namespace tributary::engine::tarantool {
namespace {

constexpr std::uint32_t kProcLua = 32;
// Between two of them a function of C may work on all the memory there is, so they are few.
constexpr int kInstructionsOfALook = 250;

class NoSpaces final : public BoxBackend {
public:
    BoxAnswer call(std::string_view, BytesView) override {
        return BoxFailure{kProcLua, "a trigger of this version reads and writes no spaces", {}};
    }
};

void tooLong(lua_State* lua, lua_Debug*) {
    // From here on each instruction ends it: a function that catches errors does not catch them all.
    lua_sethook(lua, tooLong, LUA_MASKCOUNT, 1);
    luaL_error(lua, "the trigger took too long and was ended");
}

/// How much of its bounds the call under way has left; the hook finds it by the address of kCallLimit.
struct CallLimit {
    int looksLeft = 0;
    const std::function<Micros()>* nowUs = nullptr;
    Micros lateAtUs = 0;
};
constexpr char kCallLimit = 0;

void* limitKey() {
    return const_cast<char*>(&kCallLimit);
}

/// Looks at the clock wherever a function is called (one of C may be slow), at the instructions now and then.
void lookAtLimit(lua_State* lua, lua_Debug* at) {
    lua_pushlightuserdata(lua, limitKey());
    lua_rawget(lua, LUA_REGISTRYINDEX);
    auto& limit = *static_cast<CallLimit*>(lua_touserdata(lua, -1));
    lua_pop(lua, 1);
    const bool isLate = *limit.nowUs && (*limit.nowUs)() >= limit.lateAtUs;
    const bool isUsedUp = at->event == LUA_HOOKCOUNT && --limit.looksLeft <= 0;
    if (isLate || isUsedUp) tooLong(lua, at);
}

struct Calling {
    const RowTriggers::Call* call;
    int function;
    RowTriggers::Outcome* outcome;
};

void pushRow(lua_State* lua, const TuplePtr& row) {
    if (row == nullptr) {
        lua_pushnil(lua);
    } else {
        pushTuple(lua, row->bytes(), 0);
    }
}

/// 1 and 2 are the tuples, 3 the first result.
int callFunction(lua_State* lua) {
    const auto& calling = *static_cast<Calling*>(lua_touserdata(lua, 1));
    const RowTriggers::Call& call = *calling.call;
    lua_settop(lua, 0);
    pushRow(lua, call.old);
    pushRow(lua, call.fresh);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, calling.function);
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, 2);
    lua_pushlstring(lua, call.name.data(), call.name.size());
    lua_pushlstring(lua, call.operation.data(), call.operation.size());
    lua_call(lua, 4, LUA_MULTRET);
    RowTriggers::Outcome& outcome = *calling.outcome;
    if (lua_gettop(lua) == 2) return 0;
    const int result = lua_type(lua, 3);
    const bool isNothing = result == LUA_TNIL || result == LUA_TLIGHTUSERDATA;
    if (!isNothing && lua_rawequal(lua, 3, 2) != 0) return 0;
    outcome.isChanged = !isNothing || call.fresh != nullptr;
    if (isNothing) return 0;
    const BytesView bytes = tupleAt(lua, 3);
    if (bytes.empty()) {
        return luaL_error(lua, "Invalid return value of space:before_replace trigger: expected tuple or nil, got %s",
                          lua_typename(lua, result));
    }
    outcome.fresh = Tuple::make(Bytes(bytes));
    return 0;
}

int keepFunction(lua_State* lua) {
    auto& asked = *static_cast<std::pair<const std::string*, int>*>(lua_touserdata(lua, 1));
    const std::string chunk = "return " + *asked.first;
    if (luaL_loadbufferx(lua, chunk.data(), chunk.size(), "=trigger", "t") != 0) return lua_error(lua);
    lua_call(lua, 0, 1);
    if (lua_type(lua, -1) != LUA_TFUNCTION) return luaL_error(lua, "a trigger is a function");
    asked.second = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

/// The text of an error that is none: its own function may make one, which is a function like others.
int textOfError(lua_State* lua) {
    if (luaL_callmeta(lua, 1, "__tostring") == 0 || lua_type(lua, -1) != LUA_TSTRING) {
        lua_pushliteral(lua, "a trigger failed");
    }
    return 1;
}

/// What cannot be bounded from outside, away or written in Lua, whose instructions count.
constexpr const char* kBounded = R"lua(
string.find, string.match, string.gmatch, string.gsub, string.rep, yaml.encode = nil
require('console').eval = nil
print = function() end
local floor = math.floor
local function ascending(a, b) return a < b end
function table.sort(list, less)
    less = less or ascending
    local function sink(at, last)
        while 2 * at <= last do
            local child = 2 * at
            if child < last and less(list[child], list[child + 1]) then child = child + 1 end
            if not less(list[at], list[child]) then return end
            list[at], list[child] = list[child], list[at]
            at = child
        end
    end
    local count = #list
    for at = floor(count / 2), 1, -1 do sink(at, count) end
    for last = count, 2, -1 do
        list[1], list[last] = list[last], list[1]
        sink(1, last - 1)
    end
end
)lua";

class LuaTriggers final : public RowTriggers {
public:
    explicit LuaTriggers(std::function<Micros()> nowUs) : nowUs_(std::move(nowUs)) { limit_.nowUs = &nowUs_; }

    Status prepare() {
        Sandbox::Options options;
        options.memoryBytesMax = kTriggerMemoryMax;
        options.valueBytesMax = kTriggerValueMax;
        options.jsonBytesMax = kTriggerJsonMax;
        auto made = Sandbox::make(nothing_, std::move(options));
        if (!made) return made.error();
        sandbox_ = std::move(made).value();
        lua_State* const lua = sandbox_->lua();
        lua_pushlightuserdata(lua, limitKey());
        lua_pushlightuserdata(lua, &limit_);
        lua_rawset(lua, LUA_REGISTRYINDEX);
        (void)sandbox_->evaluate(kBounded);
        lua_pushcfunction(lua, textOfError);
        textOfError_ = luaL_ref(lua, LUA_REGISTRYINDEX);
        return okStatus();
    }

    bool isEmpty() const override { return functions_.empty(); }

    Kinds kindsOf(std::uint32_t space) const override {
        if (functions_.empty()) return {};
        return {functions_.contains({space, When::Before}), functions_.contains({space, When::After})};
    }

    Outcome run(When when, const Call& asked) override {
        Call call = asked;
        Outcome all;
        const auto at = functions_.find({call.space, when});
        if (at == functions_.end()) return all;
        for (const Function& each : at->second) {
            Outcome one;
            Calling calling{&call, each.reference, &one};
            if (auto failure = guarded(callFunction, &calling)) {
                all.failure = std::move(failure);
                return all;
            }
            if (!one.isChanged || when == When::After) continue;
            all.isChanged = true;
            call.fresh = one.fresh;
        }
        all.fresh = call.fresh;
        return all;
    }

    std::optional<BoxFailure> set(std::uint32_t space, When when, const std::string& text,
                                  const std::string& instead) override {
        std::deque<Function> known;
        if (const auto at = functions_.find({space, when}); at != functions_.end()) known = at->second;
        const auto old =
            std::find_if(known.begin(), known.end(), [&](const Function& each) { return each.text == instead; });
        if (!instead.empty() && old == known.end()) {
            return BoxFailure{kProcLua, "trigger reset: Trigger is not found", {}};
        }
        std::pair<const std::string*, int> kept{&text, LUA_NOREF};
        if (!text.empty()) {
            if (instead.empty() && count() >= kTriggersMax) {
                return BoxFailure{kProcLua, fmt::format("more than {} triggers", kTriggersMax), {}};
            }
            if (auto failure = guarded(keepFunction, &kept)) return failure;
        }
        if (!instead.empty()) {
            luaL_unref(sandbox_->lua(), LUA_REGISTRYINDEX, old->reference);
            if (text.empty()) {
                known.erase(old);
            } else {
                *old = {text, kept.second};
            }
        } else if (!text.empty()) {
            known.push_front({text, kept.second});
        }
        functions_[{space, when}] = std::move(known);
        if (functions_[{space, when}].empty()) functions_.erase({space, when});
        return std::nullopt;
    }

    std::vector<std::string> texts(std::uint32_t space, When when) const override {
        std::vector<std::string> out;
        const auto at = functions_.find({space, when});
        if (at == functions_.end()) return out;
        out.reserve(at->second.size());
        for (const Function& each : at->second) out.push_back(each.text);
        return out;
    }

private:
    struct Function {
        std::string text;
        int reference = LUA_NOREF;
    };

    std::optional<BoxFailure> guarded(lua_CFunction function, void* context) {
        lua_State* const lua = sandbox_->lua();
        lua_settop(lua, 0);
        limit_.looksLeft = kTriggerInstructionsMax / kInstructionsOfALook;
        if (nowUs_) limit_.lateAtUs = nowUs_() + kTriggerMsMax * 1'000;
        lua_sethook(lua, lookAtLimit, LUA_MASKCOUNT | (nowUs_ ? LUA_MASKCALL : 0), kInstructionsOfALook);
        const int failed = lua_cpcall(lua, function, context);
        std::string why;
        if (failed != 0) why = errorText();
        lua_sethook(lua, nullptr, 0, 0);
        lua_settop(lua, 0);
        if (failed == 0) return std::nullopt;
        // Its rubbish is in nobody's way.
        lua_gc(lua, LUA_GCCOLLECT, 0);
        return BoxFailure{kProcLua, std::move(why), {}};
    }
    /// What lies on top of the stack after a failed call, as text; within what the call has left of its bounds.
    std::string errorText() {
        lua_State* const lua = sandbox_->lua();
        if (lua_type(lua, -1) != LUA_TSTRING) {
            lua_rawgeti(lua, LUA_REGISTRYINDEX, textOfError_);
            lua_insert(lua, -2);
            (void)lua_pcall(lua, 1, 1, 0);
        }
        std::size_t size = 0;
        const char* const text = lua_type(lua, -1) == LUA_TSTRING ? lua_tolstring(lua, -1, &size) : nullptr;
        return text == nullptr ? std::string("a trigger failed") : std::string(text, size);
    }
    [[nodiscard]] std::size_t count() const {
        std::size_t all = 0;
        for (const auto& [key, functions] : functions_) all += functions.size();
        return all;
    }

    const std::function<Micros()> nowUs_;
    CallLimit limit_;
    NoSpaces nothing_;
    std::unique_ptr<Sandbox> sandbox_;
    int textOfError_ = LUA_NOREF;
    std::map<std::pair<std::uint32_t, When>, std::deque<Function>> functions_;
};

}  // namespace

Result<std::shared_ptr<RowTriggers>> makeLuaTriggers(std::function<Micros()> nowUs) {
    auto made = std::make_shared<LuaTriggers>(std::move(nowUs));
    if (Status prepared = made->prepare(); !prepared) return prepared.error();
    return std::shared_ptr<RowTriggers>(std::move(made));
}

}  // namespace tributary::engine::tarantool
