// A connection of a conversation: whole messages, and silence noticed.
#pragma once

#include <functional>
#include <memory>

#include "engine/seams/seams.h"
#include "engine/systems/voltdb/replication/drmessages.h"

namespace tributary::engine::voltdb {

/// Executor's thread only. It may be let go of in its own callbacks: it dies in another turn (dropLine).
class DrLine {
public:
    static constexpr Millis kBeatMs = 1'000;     ///< said when nothing else was
    static constexpr Millis kSilenceMs = 8'000;  ///< then the other end is taken for gone
    struct Hears {
        std::function<void(DrMessage&&)> message;
        std::function<void(const Error&)> ended;  ///< once, last: closed, silent, or damaged
        std::function<void()> drained;
        std::function<void()> opened{};  ///< of a dialled one
    };

    DrLine(Seams& seams, std::unique_ptr<Connection> connection, Hears hears);
    ~DrLine();
    DrLine(const DrLine&) = delete;
    DrLine& operator=(const DrLine&) = delete;

    void send(const DrMessage& message);
    [[nodiscard]] std::size_t queuedBytes() const { return connection_->queuedBytes(); }
    [[nodiscard]] std::uint64_t bytesReceived() const { return received_; }
    /// Nothing is heard any more; what was sent is flushed.
    void close();
    /// Another owner takes the line over.
    void setHears(Hears hears) { hears_ = std::move(hears); }

private:
    void take(BytesView bytes);
    void end(const Error& error);
    void tick();

    Seams& seams_;
    std::unique_ptr<Connection> connection_;
    Hears hears_;
    DrMessageReader reader_;
    std::uint64_t received_ = 0;
    Micros heardUs_;
    Micros saidUs_ = 0;
    TimerId timer_ = 0;
    bool isOpen_ = true;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// Lets go of a line in another turn.
void dropLine(Seams& seams, std::unique_ptr<DrLine> line);

}  // namespace tributary::engine::voltdb
