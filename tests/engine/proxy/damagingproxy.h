// A line between two programs that damages what it carries: it delays, swaps, repeats, cuts and flips.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "core/base/bytes.h"
#include "mutator.h"

namespace tributary::test {

/// Listens on a port of 127.0.0.1 of its own and carries every connection to another one. A thread of its own; the
/// switches may be turned by any thread.
class DamagingProxy {
public:
    explicit DamagingProxy(std::uint16_t to, std::uint64_t seed) : to_(to), mutator_(seed) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in at = loopback(0);
        socklen_t size = sizeof at;
        const bool open = ::bind(listener_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 &&
                          ::listen(listener_, 64) == 0 &&
                          ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0;
        if (!open) std::abort();
        port_ = ntohs(at.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~DamagingProxy() {
        stopping_ = true;
        thread_.join();
        for (Line& line : lines_) end(line);
        ::close(listener_);
    }
    DamagingProxy(const DamagingProxy&) = delete;
    DamagingProxy& operator=(const DamagingProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// One piece (of at most kPieceBytes) in so many is damaged; 0 = none.
    void setDamagedOneIn(std::uint64_t oneIn) { oneIn_ = oneIn; }
    /// How often each kind of damage was done: delayed, swapped, repeated, cut short, flipped, broken off.
    [[nodiscard]] std::string counts() const {
        static constexpr std::array<const char*, kKinds> kNames{"delayed",   "swapped", "repeated",
                                                                "cut short", "flipped", "broken off"};
        std::string out = "pieces " + std::to_string(pieces_);
        for (std::size_t i = 0; i < kKinds; ++i) out += std::string(", ") + kNames[i] + " " + std::to_string(done_[i]);
        return out;
    }
    [[nodiscard]] bool didEverything() const {
        for (const auto& times : done_) {
            if (times == 0) return false;
        }
        return true;
    }

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kKinds = 6;
    static constexpr std::size_t kPieceBytes = 4'096;
    static constexpr std::size_t kQueuedMax = 64;  ///< pieces; then the line is not read, and pushes back

    struct Piece {
        Bytes bytes;
        Clock::time_point due;
    };
    struct Way {
        int from = -1;
        int to = -1;
        std::deque<Piece> queue;
        bool ended = false;
        bool swapNext = false;  ///< the last piece is held until the next, which goes before it
    };
    struct Line {
        std::array<Way, 2> ways;
        bool dead = false;
    };

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(port);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return at;
    }
    static void end(Line& line) {
        for (const Way& way : line.ways) ::close(way.from);
    }
    void run() {
        while (!stopping_) {
            std::vector<pollfd> watched{{listener_, POLLIN, 0}};
            for (const Line& line : lines_) {
                for (const Way& way : line.ways) {
                    const bool reads = !way.ended && way.queue.size() < kQueuedMax;
                    watched.push_back({way.from, static_cast<short>(reads ? POLLIN : 0), 0});
                }
            }
            (void)::poll(watched.data(), watched.size(), 2);
            if ((watched.front().revents & POLLIN) != 0) accept();
            for (Line& line : lines_) {
                for (Way& way : line.ways) {
                    if (!line.dead) read(line, way);
                    if (!line.dead) write(line, way);
                }
                line.dead = line.dead || (over(line.ways[0]) && over(line.ways[1]));
            }
            lines_.remove_if([](Line& line) {
                if (line.dead) end(line);
                return line.dead;
            });
        }
    }
    static bool over(const Way& way) { return way.ended && way.queue.empty(); }
    void accept() {
        const int near = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (near < 0) return;
        const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at = loopback(to_);
        if (::connect(far, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) {
            ::close(near);
            ::close(far);
            return;
        }
        (void)::fcntl(far, F_SETFL, O_NONBLOCK);
        Line line;
        line.ways[0].from = line.ways[1].to = near;
        line.ways[0].to = line.ways[1].from = far;
        lines_.push_back(std::move(line));
    }
    void read(Line& line, Way& way) {
        if (way.ended || way.queue.size() >= kQueuedMax) return;
        std::array<char, kPieceBytes> buffer{};
        const ssize_t got = ::recv(way.from, buffer.data(), buffer.size(), 0);
        if (got == 0) way.ended = true;
        if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK) line.dead = true;
        if (got <= 0) return;
        ++pieces_;
        way.queue.push_back({Bytes(buffer.data(), static_cast<std::size_t>(got)), Clock::now()});
        if (way.swapNext && way.queue.size() > 1) {
            std::swap(way.queue.back().bytes, way.queue[way.queue.size() - 2].bytes);
            ++done_[1];
        }
        way.swapNext = false;
        const std::uint64_t oneIn = oneIn_;
        if (oneIn != 0 && mutator_.below(oneIn) == 0) damage(line, way);
    }
    void damage(Line& line, Way& way) {
        Piece& last = way.queue.back();
        const std::uint64_t kind = mutator_.below(kKinds);
        if (kind != 1) ++done_[static_cast<std::size_t>(kind)];
        switch (kind) {
            case 0: last.due += std::chrono::milliseconds(mutator_.below(400)); break;
            case 1:
                last.due += std::chrono::milliseconds(100);
                way.swapNext = true;
                break;
            case 2: way.queue.push_back(Piece(last)); break;
            case 3: last.bytes.resize(static_cast<std::size_t>(mutator_.below(last.bytes.size()))); break;
            case 4: {
                char& byte = last.bytes[static_cast<std::size_t>(mutator_.below(last.bytes.size()))];
                byte = static_cast<char>(byte ^ (1U << mutator_.below(8)));
                break;
            }
            default: line.dead = true; break;
        }
    }
    void write(Line& line, Way& way) {
        while (!way.queue.empty() && way.queue.front().due <= Clock::now()) {
            Bytes& bytes = way.queue.front().bytes;
            const ssize_t gone = bytes.empty() ? 0 : ::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (gone < 0) {
                line.dead = errno != EAGAIN && errno != EWOULDBLOCK;
                return;
            }
            bytes.erase(0, static_cast<std::size_t>(gone));
            if (!bytes.empty()) return;
            way.queue.pop_front();
        }
        if (over(way)) (void)::shutdown(way.to, SHUT_WR);
    }

    std::uint16_t to_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    Mutator mutator_;
    std::list<Line> lines_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> oneIn_{0};
    std::atomic<std::uint64_t> pieces_{0};
    std::array<std::atomic<std::uint64_t>, kKinds> done_{};
    std::thread thread_;
};

}  // namespace tributary::test
