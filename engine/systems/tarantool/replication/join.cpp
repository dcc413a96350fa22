// The stages of a join, one after the other.
#include "engine/systems/tarantool/replication/join.h"

#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/replication/loggedrows.h"

namespace tributary::engine::tarantool {

Join::Join(MasterHost& host, Owner& owner, DoorLines& lines, std::uint64_t session, Order order)
    : host_(host),
      owner_(owner),
      lines_(lines),
      session_(session),
      order_(std::move(order)),
      movedUs_(host.seams().clock.monotonicUs()) {}

bool Join::isStalled(Micros nowUs) const {
    return nowUs - movedUs_ >= kStalledUs;
}

bool Join::hasRoom() const {
    return lines_.queuedBytes(session_) < kQueuedBytesMax;
}

void Join::send(Bytes bytes) {
    movedUs_ = host_.seams().clock.monotonicUs();
    lines_.send(session_, std::move(bytes));
}

void Join::fail(const Error& error) {
    const auto refusal = failureOf(error);
    owner_.joinRefused(session_, refusal ? *refusal : BoxFailure{115, error.text(), {}});
}

void Join::start() {
    auto view = host_.frozen();
    if (!view) {
        fail(view.error());
        return;
    }
    picture_ = std::make_unique<SnapshotRows>(std::move(view).value(), order_.sync);
    const auto clock = picture_->clock();
    if (!clock) {
        fail(clock.error());
        return;
    }
    from_ = picture_->position() + 1;
    clock_ = clock.value();
    send(clockAnswer(order_.sync, clock_));
    pumpPicture();
}

void Join::startAt(Lsn from) {
    from_ = from;
    pictureDone();
}

void Join::pump() {
    if (picture_ != nullptr) {
        pumpPicture();
    } else if (feed_ != nullptr) {
        feed_->pump();
    }
}

/// A part, and the rest in another turn of the executor: clients are not kept waiting by a large picture.
void Join::pumpPicture() {
    if (isPosted_ || !hasRoom()) return;
    Bytes out;
    const auto more = picture_->next(out, kBytesAtOnce);
    if (!more) {
        fail(more.error());
        return;
    }
    if (!out.empty()) send(std::move(out));
    if (!more.value()) {
        pictureDone();
        return;
    }
    isPosted_ = true;
    host_.seams().executor.post([this, alive = alive_] {
        if (!*alive) return;
        isPosted_ = false;
        pumpPicture();
    });
}

void Join::pictureDone() {
    picture_.reset();
    if (order_.kind == Kind::FetchSnapshot) {
        // Whoever goes on from this clock misses nothing, and what came meanwhile is sent when it subscribes.
        send(clockAnswer(order_.sync, clock_));
        owner_.joined(session_, from_ - 1);
        return;
    }
    owner_.enrol(order_, [this, alive = alive_](const std::optional<BoxFailure>& failure) {
        if (!*alive) return;
        if (failure) {
            owner_.joinRefused(session_, *failure);
        } else {
            enrolled();
        }
    });
}

/// All that is published now is given as final rows, the registration among it.
void Join::enrolled() {
    auto view = host_.frozen();
    const auto clock = view ? clockOf(*view.value()) : Result<Vclock>(view.error());
    if (!clock) {
        fail(clock.error());
        return;
    }
    clock_ = clock.value();
    upTo_ = view.value()->position();
    if (order_.kind == Kind::Join) send(clockAnswer(order_.sync, clock_));
    LogFeed::Reader& reader = *this;
    feed_ = std::make_unique<LogFeed>(host_.log(), host_.datasetId(), reader, from_);
    feed_->setEnd(upTo_);
    feed_->pump();
}

Status Join::takeEntries(const std::vector<LogEntry>& entries) {
    Bytes out;
    for (const LogEntry& entry : entries) {
        LoggedRows rows(entry, host_.datasetId());
        for (LoggedRow row; rows.next(row);) {
            if (!isNumbered(row.header)) continue;
            if (order_.kind == Kind::Register && row.header.lsn <= order_.clock.at(row.header.replicaId)) continue;
            appendFramed(out, row.bytes);
        }
        if (!rows.ok()) return Error{ErrorCode::Corrupt, "an entry of the log is damaged", {}, {}};
    }
    if (!out.empty()) send(std::move(out));
    return okStatus();
}

void Join::feedIsEmpty() {
    send(clockAnswer(order_.sync, clock_));
    owner_.joined(session_, upTo_);
}

void Join::feedFailed(const Error& error) {
    fail(error);
}

}  // namespace tributary::engine::tarantool
