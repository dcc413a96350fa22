// Groups out, answers back.
#include "engine/systems/tarantool/instance/writequeue.h"

#include "engine/systems/tarantool/instance/instancekind.h"

namespace tributary::engine::tarantool {

BoxFailure troubleOf(const Error& error) {
    const auto refusal = failureOf(error);
    return refusal ? *refusal : BoxFailure{40, "Failed to write to disk: " + error.text(), {}};
}

void WriteQueue::add(const std::vector<Packet>& rows, Answered answered) {
    Waiting last{encodeRows(rows), rows.size(), changesSchema(rows), std::move(answered)};
    if (last.changesSchema && seams_.faults.hit("bug-queue-overtakes")) {
        waiting_.push_front(std::move(last));
    } else {
        waiting_.push_back(std::move(last));
    }
    schedule();
}

/// In the next turn: whoever asks for much at once is taken together.
void WriteQueue::schedule() {
    if (isPosted_ || flying_ >= kFlyingMax || waiting_.empty()) return;
    isPosted_ = true;
    seams_.executor.post([this, alive = alive_] {
        if (!*alive) return;
        isPosted_ = false;
        pump();
    });
}

void WriteQueue::pump() {
    const auto alive = alive_;
    while (*alive && flying_ < kFlyingMax && !waiting_.empty()) send();
}

void WriteQueue::send() {
    RowGroup group;
    std::vector<Answered> askers;
    const bool changesSchema = waiting_.front().changesSchema;
    while (!waiting_.empty()) {
        Waiting& next = waiting_.front();
        const bool isFull = group.rows() + next.count > kGroupRows || group.bytes() + next.rows.size() > kGroupBytes;
        if (group.transactions() > 0 && (isFull || changesSchema || next.changesSchema)) break;
        group.add(next.rows, next.count);
        askers.push_back(std::move(next.answered));
        waiting_.pop_front();
    }
    if (group.transactions() > 1) seams_.faults.reached("write-group");
    ++flying_;
    write_(group.body(), changesSchema,
           [this, alive = alive_, askers = std::move(askers)](Result<Bytes> reply) mutable {
               if (*alive) written(std::move(askers), std::move(reply));
           });
}

void WriteQueue::written(std::vector<Answered> askers, Result<Bytes> reply) {
    const auto alive = alive_;
    --flying_;
    if (askers.size() == 1) {
        askers.front()(reply ? BoxAnswer(std::move(reply).value()) : BoxAnswer(troubleOf(reply.error())));
    } else {
        auto answers = reply ? decodeAnswers(reply.value()) : Result<std::vector<BoxAnswer>>(reply.error());
        const bool isWhole = answers && answers.value().size() == askers.size();
        const BoxFailure failure =
            troubleOf(answers ? Error{ErrorCode::Corrupt, "an answer is missing", {}, {}} : answers.error());
        for (std::size_t i = 0; i < askers.size() && *alive; ++i) {
            askers[i](isWhole ? std::move(answers.value()[i]) : BoxAnswer(failure));
        }
    }
    if (*alive) schedule();
}

}  // namespace tributary::engine::tarantool
