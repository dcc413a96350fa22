// Chunk by chunk to the replica, within the bounds of what may be under way.
#include "engine/replication/linkcut.h"

#include <algorithm>
#include <utility>

namespace tributary::engine {
namespace {

constexpr std::size_t kCutQueuedBytesMax = 4U << 20U;
/// A view that nobody fetches holds memory: a replica that comes later gets another cut.
constexpr Millis kCutKeptMs = 60'000;

}  // namespace

void LinkBase::sent(std::uint64_t sequence, const PayloadView& view) {
    PieceReader pieces(view);
    PieceView piece;
    while (pieces.next(piece)) underWay_.push_back({sequence, laneOf(view, piece), piece.first, piece.last()});
}

void LinkBase::durable(const Projections& order, std::uint64_t sequence) {
    for (; !underWay_.empty() && underWay_.front().sequence <= sequence; underWay_.pop_front()) {
        const Sent& sent = underWay_.front();
        held_.take(order, sent.lane, sent.from, sent.to);
    }
}

LinkCut::LinkCut(const LinkContext& context, Owner& owner, LinkSession& session, LinkProgress& progress,
                 const LinkTrouble& trouble)
    : context_(context),
      kind_(context.kind.cuts()),
      owner_(owner),
      session_(session),
      progress_(progress),
      trouble_(trouble) {}

LinkCut::~LinkCut() {
    *alive_ = false;
    context_.seams().timers.cancel(forgetTimer_);
}

void LinkCut::begin(const std::optional<CutWant>& wanted) {
    context_.seams().timers.cancel(forgetTimer_);
    forgetTimer_ = 0;
    run_ = Run();
    run_.on = true;
    const bool goesOn = kept_ && wanted && kind_->resumes() && wanted->cut == kept_->cut.id;
    if (!goesOn) {
        kept_.reset();
        ask(wanted);
        return;
    }
    context_.seams().faults.reached("cut-resumed");
    run_.number = wanted->number;
    run_.token = wanted->token;
    tell({0, CutPart::What::Begin, kept_->cut.id, 0, {}, {}, encodeCutPlace(kept_->cut.stamp, kept_->cut.positions)},
         progress_.cursorLsn());
    pump();
}

void LinkCut::ask(const std::optional<CutWant>& wanted) {
    run_.reading = true;
    context_.host.makeCut(context_.datasetId,
                          [this, alive = alive_, wanted, generation = generation_](Result<Cut> cut) {
                              if (!*alive || generation != generation_) return;
                              run_.reading = false;
                              if (cut) {
                                  made(std::move(cut).value(), wanted);
                              } else {
                                  owner_.cutFailed("ErrCut", cut.error().text());
                              }
                          });
}

void LinkCut::made(Cut cut, const std::optional<CutWant>& wanted) {
    LinkSnapshot pending;
    progress_.fill(pending);
    kept_ = Kept{std::move(cut), pending.bytesPending, pending.operationsPending};
    if (wanted) context_.seams().faults.reached("cut-begun-again");
    if (wanted && context_.seams().faults.hit("bug-cut-resumed-in-another")) {
        kept_->cut.id = wanted->cut;
        run_.number = wanted->number;
        run_.token = wanted->token;
    }
    tell({0, CutPart::What::Begin, kept_->cut.id, 0, {}, {}, encodeCutPlace(kept_->cut.stamp, kept_->cut.positions)},
         progress_.cursorLsn());
    pump();
}

/// As with payloads: after a failure one part at a time is a probe.
bool LinkCut::heldBack() const {
    if (session_.queuedBytes() >= kCutQueuedBytesMax) return true;
    if (progress_.oldestInFlight() == nullptr) return false;
    return trouble_.active() || progress_.inFlightBytes() >= context_.config().inFlightBytesMax;
}

void LinkCut::pump() {
    if (!run_.on || run_.reading || run_.ended || !kept_ || !session_.streaming() || heldBack()) return;
    if (run_.last) {
        tellEnd();
        return;
    }
    read();
}

void LinkCut::read() {
    struct Job {
        Bytes from;
        std::size_t bytesMax;
        std::shared_ptr<StateView> view;
        std::optional<Result<CutChunk>> chunk;
    };
    run_.reading = true;
    const auto job = std::make_shared<Job>(
        Job{run_.token, context_.config().cutChunkBytes, kept_->cut.view, std::optional<Result<CutChunk>>()});
    context_.seams().workers.run(
        WorkKind::Read, context_.seams().executor,
        [job, kind = kind_] { job->chunk.emplace(kind->read(*job->view, job->from, job->bytesMax)); },
        [this, alive = alive_, job, generation = generation_] {
            if (!*alive || generation != generation_) return;
            run_.reading = false;
            if (!*job->chunk) {
                owner_.cutFailed("ErrCut", job->chunk->error().text());
                return;
            }
            CutChunk chunk = std::move(*job->chunk).value();
            CutPart part{0, CutPart::What::Chunk, kept_->cut.id, ++run_.number, run_.token, chunk.to, {}};
            part.body = std::move(chunk.body);
            run_.token = std::move(chunk.to);
            run_.last = chunk.last;
            if (run_.last && run_.number > 1 && context_.seams().faults.hit("bug-cut-ends-early")) {
                --run_.number;
                run_.token = part.from;
            } else {
                tell(std::move(part), progress_.cursorLsn());
            }
            pump();
        });
}

void LinkCut::tell(CutPart part, Lsn lsn) {
    part.sequence = ++run_.sequence;
    LinkStatus status;
    progress_.fill(status, context_.monotonicMs());
    InFlight sent;
    sent.sequence = part.sequence;
    sent.lsn = lsn;
    const bool ends = part.what == CutPart::What::End;
    if (ends) {
        sent.bytes = kept_->bytes;
        sent.operations = kept_->operations;
    }
    sent.wireBytes = part.body.size() + part.from.size() + part.to.size();
    // What is pending is as old as it was until the end is there.
    sent.stampMs = !ends && status.oldestPendingMs != 0 ? status.oldestPendingMs : context_.seams().clock.wallMs();
    sent.sentMs = context_.monotonicMs();
    progress_.countSentBytes(sent.wireBytes);
    progress_.sent(sent);
    session_.tell(std::move(part));
}

void LinkCut::tellEnd() {
    run_.ended = true;
    const Cut& cut = kept_->cut;
    tell({0, CutPart::What::End, cut.id, run_.number + 1, run_.token, {}, encodeCutPlace(cut.stamp, cut.positions)},
         cut.lsn);
}

std::optional<Positions> LinkCut::finished() {
    if (!run_.on || !run_.ended || progress_.oldestInFlight() != nullptr) return std::nullopt;
    context_.seams().faults.reached("cut-delivered");
    run_.on = false;
    Positions now = std::move(kept_->cut.positions);
    kept_.reset();
    return now;
}

void LinkCut::reset() {
    ++generation_;
    run_ = Run();
    if (!kept_ || forgetTimer_ != 0) return;
    forgetTimer_ = context_.seams().timers.after(kCutKeptMs, [this] {
        forgetTimer_ = 0;
        kept_.reset();
    });
}

}  // namespace tributary::engine
