// Life and death of a simulated node.
#include "engine/sim/simnode.h"

#include <fmt/format.h>

namespace tributary::engine::sim {

SimNode::SimNode(SimEvents& events, SimNetwork& network, int index, SimNodeOptions options)
    : events_(events),
      network_(network),
      index_(index),
      options_(std::move(options)),
      disk_(CrashDiskOptions{options_.seed ^ 0x5eedULL, UINT64_MAX, false}),
      vfs_(disk_, fmt::format("sim-{}", fmt::ptr(this))),  // unique in the process, seen by nobody
      files_(disk_),
      clock_(events),
      executor_(events, index),
      timers_(events, index),
      workers_(events, index, options_.seed ^ 0x3041ULL),
      random_(options_.seed),
      transport_(network.transportOf(index)),
      pool_(options_.poolBytes),
      seams_{clock_, executor_, timers_, workers_, *transport_, files_, random_, faults_, vfs_.name()} {
    faults_.countReached(true);
    disk_.setFaultHook([this](DiskOperation operation, const std::string& path) -> std::optional<ErrorCode> {
        if (dying_) return ErrorCode::Io;
        return diskFaults_ ? diskFaults_(operation, path) : std::nullopt;
    });
}

SimNode::~SimNode() {
    if (node_ != nullptr) end();
}

Status SimNode::start() {
    network_.hostOn(index_);
    disk_.setWallMs(clock_.wallMs());
    ++lives_;
    auto started = Node::start(seams_, options_.config, pool_);
    if (!started) {
        end();
        return started.error();
    }
    node_ = std::move(started).value();
    return okStatus();
}

/// The process is gone at once: whatever its destructors try on the disk fails, and nothing it had planned happens.
void SimNode::end() {
    dying_ = true;
    node_.reset();
    events_.dropOwner(index_);
    timers_.forget();
    dying_ = false;
}

void SimNode::powerCut(std::uint64_t seed) {
    network_.hostOff(index_);
    end();
    disk_.crash(seed);
}

void SimNode::kill() {
    end();
}

}  // namespace tributary::engine::sim
