// Writes of clients on their way to the node: those that come while others are on their way to the disk go together.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "engine/seams/seams.h"
#include "engine/systems/tarantool/instance/rowlist.h"

namespace tributary::engine::tarantool {

/// Transactions in the order in which they came, in groups that are one entry of the log each. Executor's thread only.
/// Destroying it drops what waits: nobody is answered.
///
/// Decision: two groups are on their way at most, one of which the disk has and one that is decided meanwhile. What
/// comes then waits for the first to be durable, so that a busy instance writes few large entries, and one that is
/// asked one thing at a time writes it at once.
class WriteQueue {
public:
    static constexpr std::size_t kGroupRows = 4'000;  ///< a group ends behind them, or behind kGroupBytes
    static constexpr std::size_t kGroupBytes = 512U << 10U;
    static constexpr std::size_t kFlyingMax = 2;

    using Answered = std::function<void(BoxAnswer)>;
    /// Decides and logs a body; `written` gets the reply, or why it is not logged.
    using Write = std::function<void(Bytes body, bool changesSchema, std::function<void(Result<Bytes> reply)> written)>;

    WriteQueue(Seams& seams, Write write) : seams_(seams), write_(std::move(write)) {}
    ~WriteQueue() { *alive_ = false; }
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /// One transaction. One that changes spaces, users or rights is a group of its own.
    void add(const std::vector<Packet>& rows, Answered answered);

private:
    struct Waiting {
        Bytes rows;
        std::size_t count = 0;
        bool changesSchema = false;
        Answered answered;
    };
    void schedule();
    void pump();
    void send();
    void written(std::vector<Answered> askers, Result<Bytes> reply);

    Seams& seams_;
    Write write_;
    std::deque<Waiting> waiting_;
    std::size_t flying_ = 0;
    bool isPosted_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// What is no refusal of Tarantool's as one: a full disk, a damaged file.
[[nodiscard]] BoxFailure troubleOf(const Error& error);

}  // namespace tributary::engine::tarantool
