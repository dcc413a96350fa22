// The source's half of a cut on its way to a replica, and what a replica must hold to do without one.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/replication/cut.h"
#include "engine/replication/linkcontext.h"
#include "engine/replication/linkprogress.h"
#include "engine/replication/linksession.h"
#include "engine/replication/linktrouble.h"

namespace tributary::engine {

/// What lies before a link's cursor, as far as the replica has to hold it: what it confirmed, and what the source had
/// when the link was registered. A replica that lacks some of it gets a cut. Executor's thread only.
class LinkBase {
public:
    explicit LinkBase(Positions from) : held_(std::move(from)) {}
    [[nodiscard]] const Positions& held() const { return held_; }
    /// What the replica holds: it greeted with it, or was given it by a cut.
    void greeted(const Positions& positions) { held_ = positions; }
    /// Here without having come by the log.
    void add(const Positions& positions) { held_.unite(positions); }
    void sent(std::uint64_t sequence, const PayloadView& view);
    /// Up to `sequence` all is durable there.
    void durable(const Projections& order, std::uint64_t sequence);
    void rewind() { underWay_.clear(); }

private:
    struct Sent {
        std::uint64_t sequence = 0;
        Lane lane;
        std::uint64_t from = 0;
        std::uint64_t to = 0;
    };
    Positions held_;
    std::deque<Sent> underWay_;
};

/// Cuts for one link: one at a time, kept for a while after its session was lost. Executor's thread only; chunks are
/// read on a worker. While it is active, nothing else is sent.
class LinkCut {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        /// The session is to end.
        virtual void cutFailed(std::string code, std::string message) = 0;
    };
    LinkCut(const LinkContext& context, Owner& owner, LinkSession& session, LinkProgress& progress,
            const LinkTrouble& trouble);
    ~LinkCut();
    LinkCut(const LinkCut&) = delete;
    LinkCut& operator=(const LinkCut&) = delete;

    /// A session begins with a cut: with the rest of the one that is wanted when there is one, else with a new one.
    void begin(const std::optional<CutWant>& wanted);
    /// More may be sent.
    void pump();
    /// The next session gets another cut.
    void drop() { kept_.reset(); }
    /// The session is gone.
    void reset();
    [[nodiscard]] bool active() const { return run_.on; }
    /// All of it is durable at the replica: where it is now; the session goes on behind sequence(). Then it is no
    /// longer active.
    std::optional<Positions> finished();
    [[nodiscard]] std::uint64_t sequence() const { return run_.sequence; }

private:
    /// A cut that was made for this link, with what was pending up to it.
    struct Kept {
        Cut cut;
        std::uint64_t bytes = 0;
        std::uint64_t operations = 0;
    };
    struct Run {
        bool on = false;
        bool reading = false;      ///< waits for the cut, or for a chunk of it
        bool last = false;         ///< nothing but the end is left
        bool ended = false;        ///< the end was sent
        std::uint64_t number = 0;  ///< of the last chunk
        Bytes token;
        std::uint64_t sequence = 0;
    };
    void ask(const std::optional<CutWant>& wanted);
    void made(Cut cut, const std::optional<CutWant>& wanted);
    void read();
    void tell(CutPart part, Lsn lsn);
    void tellEnd();
    [[nodiscard]] bool heldBack() const;

    const LinkContext& context_;
    const CutKind* kind_;  ///< null: this kind has no cuts
    Owner& owner_;
    LinkSession& session_;
    LinkProgress& progress_;
    const LinkTrouble& trouble_;
    std::optional<Kept> kept_;
    Run run_;
    std::uint64_t generation_ = 0;  ///< fences answers to an earlier session
    TimerId forgetTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
