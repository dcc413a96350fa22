// One simulated stream: two ordered pipes between two connection objects. Private to SimNetwork.
#pragma once

#include <deque>
#include <memory>

#include "engine/sim/simnetwork.h"

namespace tributary::engine::sim {

/// The object an owner holds; the stream goes on without it until all that was sent has arrived.
class SimConnection final : public Connection {
public:
    SimConnection(std::shared_ptr<SimStream> stream, int side);
    ~SimConnection() override;
    SimConnection(const SimConnection&) = delete;
    SimConnection& operator=(const SimConnection&) = delete;
    void send(Bytes bytes) override { send(std::make_shared<const Bytes>(std::move(bytes))); }
    void send(std::shared_ptr<const Bytes> bytes) override;
    [[nodiscard]] std::size_t queuedBytes() const override;
    void pauseReading(bool paused) override;
    void close() override;

private:
    std::shared_ptr<SimStream> stream_;
    int side_;
};

/// Side 0 dialled, side 1 accepted; pipe s carries what side s sends.
class SimStream final : public std::enable_shared_from_this<SimStream> {
public:
    SimStream(SimNetwork& network, const StreamInfo& info) : network_(network), info_(info) {}

    std::unique_ptr<Connection> makeEnd(int side);
    void dial(const Endpoint& to);
    void send(int side, std::shared_ptr<const Bytes> bytes);
    [[nodiscard]] std::size_t queuedBytes(int side) const { return pipes_[side].queuedBytes; }
    void pause(int side, bool paused);
    void close(int side);      ///< flush, then end
    void destroyed(int side);  ///< what was not handed over is lost
    void reset();              ///< the world breaks the stream
    void hostOff(int side);    ///< the side's host lost power
    void wake() {
        pump(0);
        pump(1);
    }
    [[nodiscard]] const StreamInfo& info() const { return info_; }
    [[nodiscard]] int hostOf(int side) const { return side == 0 ? info_.dialler : info_.acceptor; }

private:
    enum class Piece : std::uint8_t { Data, Opened, End, Abort };
    struct Flying {
        Piece piece = Piece::Data;
        Micros dueUs = 0;
        std::shared_ptr<const Bytes> bytes;
        std::size_t offset = 0;
        std::size_t size = 0;
    };
    struct Pipe {
        std::deque<std::shared_ptr<const Bytes>> queue;  ///< not yet handed to the network
        std::size_t queueOffset = 0;                     ///< of the first queued piece: so much has left
        std::size_t queuedBytes = 0;
        std::deque<Flying> flying;
        std::size_t flyingBytes = 0;
        Micros lastDueUs = 0;
        Micros lineFreeUs = 0;  ///< when the last piece has left, under a bandwidth
        bool ending = false;    ///< the end follows the queue
        bool ended = false;     ///< the end is under way: nothing may follow
        bool above = false;     ///< queuedBytes was above the low-water mark
        bool paused = false;    ///< its reader holds it back
        bool planned = false;   ///< a pump event is planned
        Micros plannedUs = 0;
    };

    void knock(const Endpoint& to, Micros deadlineUs);
    void accept(const Transport::OnAccept& onAccept, const Endpoint& to);
    void refuse(Error error);
    void fill(int side);
    void launch(int side, Flying flying);
    void plan(int side, Micros when);
    void pump(int side);
    void deliver(int side, const Flying& flying);
    void closedAt(int side, const Error& error);
    void reportDrained(int side);
    [[nodiscard]] std::string otherEnd(int side) const;

    SimNetwork& network_;
    StreamInfo info_;
    Endpoint target_;
    Pipe pipes_[2];
    SimConnection* ends_[2] = {nullptr, nullptr};
    bool open_ = false;
    bool silent_[2] = {false, false};  ///< that side's host lost power: it neither sends nor hears
};

}  // namespace tributary::engine::sim
