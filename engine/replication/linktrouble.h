// What stands in a link's way, since when, and how long it waits before it tries again.
#pragma once

#include <string>

#include "core/base/units.h"
#include "engine/replication/linkstatus.h"
#include "engine/seams/random.h"

namespace tributary::engine {

/// The error of a link and its back-off. Both begin with a failure and end with progress (an acknowledgement that moves
/// the cursor, or nothing left to send), never with a greeting: a gateway that lets the link in and then refuses its
/// payloads is trouble for as long as it does.
class LinkTrouble {
public:
    /// What failed.
    struct Failure {
        std::string code;     ///< "ErrNoUpstream"
        std::string message;  ///< a sentence
        Lsn lsn = 0;          ///< the entry of the log that it is about; 0 = none
        Millis wallMs = 0;
        Millis monotonicMs = 0;
        Millis waitMsMin = 0;  ///< bounds of the back-off
        Millis waitMsMax = 0;
    };
    /// Notes a failure and lengthens the back-off; true when code or entry are news.
    bool note(Failure failure);
    void clear();
    void clearBackOff() { backOffMs_ = 0; }
    void setHost(std::string host) { host_ = std::move(host); }

    /// No progress since a failure: what is sent is a probe.
    [[nodiscard]] bool active() const { return !failure_.code.empty(); }
    [[nodiscard]] const std::string& code() const { return failure_.code; }
    [[nodiscard]] Millis backOffMs() const { return backOffMs_; }
    /// How long to wait before the next try: the back-off with a jitter of half of it, so that links which lost the
    /// same gateway do not come back in one instant.
    [[nodiscard]] Millis nextTryMs(Random& random) const;
    void fill(LinkStatus& status, Millis monotonicMs) const;

private:
    Failure failure_;
    std::string host_;
    Millis sinceWallMs_ = 0;
    Millis sinceMonotonicMs_ = 0;
    Millis backOffMs_ = 0;
};

}  // namespace tributary::engine
