// Statements of a script's transaction that are sent together.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// Carries out calls (method blob | arguments blob, ...) one after the other up to the first that is refused.
using CallMany = std::function<std::optional<BoxFailure>(BytesView calls)>;

/// Inserts and replaces of an open transaction answer what they are given, or refuse: whoever asks for one need not be
/// told at once. They wait here, and whatever else is asked comes behind them. Where a space's own functions may answer
/// otherwise (`begin` answers true then, or the script has set one), nothing waits.
///
/// Decision: a script that is refused learns it some statements later. Where it could tell the difference (in pcall,
/// xpcall, a coroutine) nothing waits from then on; else a refusal ends the script and its transaction either way, and
/// what is left of the statements behind is what they did to the script's own globals. Each statement alone would cost
/// two changes of process, which is most of its time.
class TogetherCalls {
public:
    static constexpr std::size_t kCallsMax = 250;
    static constexpr std::size_t kBytesMax = 256U << 10U;

    /// Empty: nothing waits.
    explicit TogetherCalls(CallMany carryOut) : carryOut_(std::move(carryOut)) {}

    void beginScript() {
        isOn_ = static_cast<bool>(carryOut_);
        isOpen_ = false;
    }
    /// From here on each statement is told at once.
    void stop() { isOn_ = false; }
    /// The answer to a call that may wait: true, and the tuple it answers with. False: flush(), and ask.
    bool take(std::string_view method, BytesView arguments, Bytes& answer);
    /// The refusal of one that waited.
    std::optional<BoxFailure> flush();
    /// A call was carried out, and answered this (encoded, an array).
    void done(std::string_view method, BytesView answer);

private:
    CallMany carryOut_;
    bool isOn_ = false;
    bool isOpen_ = false;  ///< a transaction is open
    Bytes calls_;
    std::size_t count_ = 0;
};

}  // namespace tributary::engine::tarantool
