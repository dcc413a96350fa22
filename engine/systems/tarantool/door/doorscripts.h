// Who runs the scripts of clients: EVAL and CALL.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/seams/executor.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

struct DoorScript {
    bool isCall = false;
    Bytes expression;  ///< text of the script; the name of the function for a call
    Bytes arguments;   ///< encoded, an array
};

/// Runs scripts beside the instance, with limits of time and memory, one after the other. Any thread.
class DoorScripts {
public:
    virtual ~DoorScripts() = default;

    using Answered = std::function<void(BoxAnswer)>;
    /// A call of `box` by a script; on the executor.
    using Box = std::function<void(std::string_view method, BytesView arguments, Answered answered)>;
    /// `done` is called once, on the executor, or dropped with it.
    virtual void run(DoorScript script, Executor& executor, Box box, Answered done) = 0;
};

}  // namespace tributary::engine::tarantool
