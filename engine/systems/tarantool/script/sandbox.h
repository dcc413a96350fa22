// Lua of strangers: LuaJIT without its compiler, without files, processes, sockets and foreign functions.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "engine/systems/tarantool/data/boxbackend.h"
#include "engine/systems/tarantool/script/togethercalls.h"

struct lua_State;

namespace tributary::engine::tarantool {

/// One Lua state whose globals are those of Lua 5.1 that touch nothing outside, with `box` over a backend, and `json`
/// and `yaml` by require. Chunks are text only. What a script can still do is use time and memory: both are bounded
/// here, and, since a call into a C function cannot be interrupted, by the process around it.
///
/// Not thread-safe. On x86-64 an error of Lua passes C++ frames as an exception does.
class Sandbox {
public:
    struct Options {
        std::size_t memoryBytesMax = 64U << 20U;
        std::size_t printedBytesMax = 1U << 20U;  ///< of one statement
        std::size_t valueBytesMax = 32U << 20U;   ///< of a call, a tuple or a result, encoded
        std::size_t jsonBytesMax = 32U << 20U;    ///< of a value that becomes JSON, encoded, and of a text of it
        std::function<bool()> isLate;             ///< asked now and then while Lua runs: true ends the statement
        CallMany callMany;                        ///< given: statements of a transaction of run() go together
    };
    /// Errors: Io (no memory for a state).
    static Result<std::unique_ptr<Sandbox>> make(BoxBackend& backend, Options options);
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    /// Runs a statement or expression as the console does. Globals stay for the next one.
    /// @return what was printed, then "---\n...\n" with the results or {error: text}
    [[nodiscard]] std::string evaluate(const std::string& statement);
    /// Runs a chunk with arguments (encoded, an array, which it gets as `...`), as EVAL does; or calls a global
    /// function by its name, also `box.space.x:insert`, as CALL does. @return an encoded array of the results; a
    /// failure: what `box` refused with its code, or the text of an error of Lua.
    [[nodiscard]] BoxAnswer run(bool isCall, BytesView expression, BytesView arguments);

    /// For functions that are kept and called (luatriggers.h).
    [[nodiscard]] lua_State* lua() const;

    struct State;  ///< private to the implementation, whose C functions find it

private:
    explicit Sandbox(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace tributary::engine::tarantool
