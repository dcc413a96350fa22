// The text of a function that was typed.
#pragma once

#include <lua.hpp>

#include <deque>
#include <string>
#include <string_view>

namespace tributary::engine::tarantool {

/// Texts that clients sent last and that have functions in them: their chunks have a name instead of their text.
class EvalTexts {
public:
    static constexpr std::size_t kTextsMax = 32;

    void keep(std::string_view chunk);
    [[nodiscard]] const std::deque<std::string>& newestFirst() const { return texts_; }

private:
    std::deque<std::string> texts_;
};
inline constexpr const char* kEvalChunkName = "=eval";

/// A C function of Lua: [function] -> its text, or nil and why there is none: it uses variables around it, or was not
/// typed. The text is the part of its chunk that is one function in the same lines and compiles to the same bytecode;
/// nothing of the chunk is run. `dump` is a reference to string.dump, `evals` what a chunk of that name may be.
int functionText(lua_State* lua, int dump, const EvalTexts& evals);

}  // namespace tributary::engine::tarantool
