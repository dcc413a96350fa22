// The network of a simulated world: latency, cuts in one direction, black holes, resets, refused dials.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/seams/transport.h"
#include "engine/sim/simevents.h"
#include "engine/sim/simrandom.h"

namespace tributary::engine::sim {

class SimStream;

/// What one direction between two hosts does to bytes. TCP shows loss as delay: nothing is dropped or reordered inside
/// a stream.
struct PathRule {
    Micros latencyUs = 500;
    Micros jitterUs = 300;
    std::uint64_t stallOneIn = 0;  ///< one piece in so many meets a long delay (a lost segment sent again); 0 = none
    Micros stallUs = 200'000;
    bool cut = false;                  ///< nothing passes; what was sent is held and delivered in order after the heal
    std::uint64_t bytesPerSecond = 0;  ///< of each stream; 0 = as fast as you like
};

/// Who speaks on a stream, for taps.
struct StreamInfo {
    std::uint64_t id = 0;
    int dialler = 0;   ///< host
    int acceptor = 0;  ///< host
};

/// Sees the bytes of every stream without changing them.
class NetworkTap {
public:
    virtual ~NetworkTap() = default;
    /// Bytes handed to a connection by its owner.
    virtual void sent(const StreamInfo& stream, bool byDialler, BytesView bytes) = 0;
    /// Bytes about to reach the other end's owner.
    virtual void delivered(const StreamInfo& stream, bool byDialler, BytesView bytes) = 0;
};

/// All hosts' transports, and the switches of the weather. Hosts are numbers; host n listens on ports of its own range
/// (portOf), which is how a dial finds its way. Streams keep order; connections behave as transport.h says.
class SimNetwork {
public:
    static constexpr Micros kDialTimeoutUs = 5'000'000;
    static constexpr Micros kDialAgainUs = 200'000;             ///< a lost opening is sent again so often
    static constexpr std::size_t kWindowBytes = 256U << 10U;    ///< under way in one direction of one stream
    static constexpr std::size_t kLowWaterBytes = 256U << 10U;  ///< of onDrained (transport.h)

    SimNetwork(SimEvents& events, std::uint64_t seed);
    ~SimNetwork();
    SimNetwork(const SimNetwork&) = delete;
    SimNetwork& operator=(const SimNetwork&) = delete;

    /// The transport of one host; outlives the connections made with it.
    [[nodiscard]] std::unique_ptr<Transport> transportOf(int host);
    [[nodiscard]] static std::uint16_t portOf(int host, int door) {
        return static_cast<std::uint16_t>(10'000 + host * 100 + door);
    }

    [[nodiscard]] PathRule rule(int from, int to) const;
    void setRule(int from, int to, const PathRule& rule);
    void cut(int from, int to, bool on);
    void healAll();                   ///< every rule is forgotten, dials are accepted
    void resetStreams(int a, int b);  ///< every stream between the two breaks; both ends hear of it
    void refuseDials(int host, bool on);
    /// Power is gone: streams fall silent, nobody hears of it until the host is back and answers with resets.
    void hostOff(int host);
    void hostOn(int host);
    /// A killed process: its ends close as the kernel closes them when the connections are destroyed.
    void setTap(NetworkTap* tap) { tap_ = tap; }
    [[nodiscard]] std::uint64_t bytesDelivered() const { return bytesDelivered_; }

private:
    friend class SimStream;
    friend class SimConnection;
    friend class SimTransport;
    friend class SimListener;

    struct Door {
        int host = 0;
        Transport::OnAccept onAccept;
    };
    Micros delayOf(int from, int to);
    [[nodiscard]] bool isOff(int host) const { return off_.count(host) != 0; }
    void wake();

    SimEvents& events_;
    SimRandom random_;
    std::map<std::pair<int, int>, PathRule> rules_;
    std::map<std::string, Door> doors_;
    std::set<int> off_;
    std::set<int> refusing_;
    std::map<std::uint64_t, std::weak_ptr<SimStream>> streams_;
    std::uint64_t nextStream_ = 1;
    std::uint16_t nextPort_ = 40'000;
    NetworkTap* tap_ = nullptr;
    std::uint64_t bytesDelivered_ = 0;
};

}  // namespace tributary::engine::sim
