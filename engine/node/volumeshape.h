// A kind's say over the folder of its nodes: what files are called, and what it means when they are gone.
#pragma once

#include <string>

#include "engine/log/commitlog.h"

namespace tributary::engine {

/// What a node's volume looks like. Of the process's making; the same for all times of a volume.
struct VolumeShape {
    std::string logDir = "/log";          ///< within the volume; empty = the volume itself
    SegmentNames segments{};              ///< of the log
    std::string snapshot = "/node.json";  ///< within the volume
    /// Segments and snapshot alone say whether there is state: without both a start is that of a new volume, whatever
    /// else lies there. When somebody removes them under a node at work, nothing of it brings them back, neither a next
    /// segment nor a stop; the node goes on, and what it takes is gone with it.
    bool filesDecide = false;
    /// Each start writes in numbers of its own (volumeidentity.h). False: numbers go on from start to start, and a
    /// volume that is new again gives them a second time; the kind says so when it meets a peer that knows more.
    bool incarnations = true;
};

}  // namespace tributary::engine
