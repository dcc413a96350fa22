// Which answer is waited for: the source's while it was asked for something, else the destination's.
#include "engine/admin/copyrun.h"

namespace tributary::engine::maprdb {

CopyRun::CopyRun(ClusterCalls& calls, std::shared_ptr<ControlClient> src, std::shared_ptr<ControlClient> dst,
                 CopyWork& work, Method note, OnProgress onProgress)
    : calls_(calls),
      src_{std::move(src), {}},
      dstOwn_{std::move(dst), {}},
      dst_(src_.client == dstOwn_.client ? src_ : dstOwn_),
      work_(work),
      note_(note),
      onProgress_(std::move(onProgress)) {}

Status CopyRun::run() {
    const Status status = loop();
    drain(src_);
    drain(dst_);
    return status;
}

Status CopyRun::loop() {
    while (!work_.done()) {
        if (Status sent = sendAll(); !sent) return sent;
        if (work_.done()) break;
        if (src_.sent.empty() && dst_.sent.empty()) {
            return Error{ErrorCode::Internal, "a copy asks for nothing and is not done", {}, {}};
        }
        // A chunk first: it is forwarded while others are being written.
        if (Status taken = takeAnswer(asked_ > 0 || dst_.sent.empty() ? src_ : dst_); !taken) return taken;
    }
    while (!src_.sent.empty()) {
        if (Status taken = takeAnswer(src_); !taken) return taken;
    }
    return okStatus();
}

Status CopyRun::sendAll() {
    while (const auto call = work_.next()) {
        Lane& lane = call->atSource ? src_ : dst_;
        if (Status sent = lane.client->send(Method{call->method}, call->body); !sent) return sent;
        lane.sent.push_back(call->id);
        if (call->atSource) ++asked_;
    }
    return okStatus();
}

Status CopyRun::takeAnswer(Lane& lane) {
    const Result<Millis> left = calls_.budget(kDataCallTimeoutMs);
    if (!left) return left.error();
    const std::uint64_t id = lane.sent.front();
    Result<Bytes> answer = lane.client->receive(*left);
    lane.sent.pop_front();
    if (&lane == &src_ && id != 0 && asked_ > 0) --asked_;
    if (id == 0) return okStatus();  // progress is a courtesy: a copy does not fail for it
    if (Status taken = work_.answered(id, std::move(answer)); !taken) return taken;
    if (work_.figures().bytes == bytesTold_ || !onProgress_) return okStatus();
    bytesTold_ = work_.figures().bytes;
    Result<std::optional<Bytes>> note = onProgress_();
    if (!note) return note.error();
    if (!note->has_value()) return okStatus();
    if (Status sent = src_.client->send(note_, **note); !sent) return sent;
    src_.sent.push_back(0);
    return okStatus();
}

// The clients live on after a failed copy: what was asked of them must not answer the next question. A client that
// does not answer any more is given up.
void CopyRun::drain(Lane& lane) {
    while (!lane.sent.empty()) {
        const std::uint64_t id = lane.sent.front();
        lane.sent.pop_front();
        Result<Bytes> answer = lane.client->receive(kCallTimeoutMs);
        if (answer) {
            if (id != 0) (void)work_.answered(id, std::move(answer));
            continue;
        }
        const ErrorCode code = answer.error().code;
        if (code == ErrorCode::Unavailable || code == ErrorCode::Timeout) lane.sent.clear();
    }
}

}  // namespace tributary::engine::maprdb
