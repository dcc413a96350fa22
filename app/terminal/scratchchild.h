// The process in which scripts of a scratch console run: it can read and write two pipes, and nothing else.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/base/units.h"
#include "engine/systems/tarantool/data/boxbackend.h"

namespace tributary::app {

/// Runs statements in a child of this process and answers what they ask of `box` here, so that data outlive a script
/// that has to be killed. Before its first statement the child gives up every right to call the system but reading,
/// writing, memory and the clock (seccomp), and its memory is bounded. A statement that is late is ended by the child;
/// when it does not (a C function runs on), the child is killed, and its variables are gone.
///
/// The process must have one thread while children are made. Not thread-safe.
class ScratchChild {
public:
    static constexpr Millis kGraceMs = 2'000;  ///< between what the child does and its end by force

    ScratchChild(engine::tarantool::BoxBackend& backend, Millis deadlineMs)
        : backend_(backend), deadlineMs_(deadlineMs) {}
    ~ScratchChild() { end(); }
    ScratchChild(const ScratchChild&) = delete;
    ScratchChild& operator=(const ScratchChild&) = delete;

    /// What the statement printed and answered. Errors: Timeout (killed), Cancelled (the child died: what it did is
    /// forbidden, or memory ran out), Unsupported (the system cannot restrict it), Io.
    Result<std::string> run(const std::string& statement);

private:
    Status start();
    void end();
    Status send(BytesView message);
    Result<Bytes> receive(Millis untilMs);
    Error gone();

    engine::tarantool::BoxBackend& backend_;
    Millis deadlineMs_;
    pid_t pid_ = -1;
    int in_ = -1;   ///< from the child
    int out_ = -1;  ///< to the child
};

}  // namespace tributary::app
