// All appliers of an instance: one for each peer of its list, and the way from a start to following them.
//
// A start without data looks at everybody first and begins the replica set or joins it (beginningchoice.h); a start
// with data tries everybody, for a while, and goes on with whoever is there.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/systems/tarantool/replication/applier.h"
#include "engine/systems/tarantool/replication/beginningchoice.h"

namespace tributary::engine::tarantool {

/// Executor's thread only; a part of its instance.
class Appliers {
public:
    Appliers(Seams& seams, ApplierBox& box) : seams_(seams), box_(box) {}
    ~Appliers();
    Appliers(const Appliers&) = delete;
    Appliers& operator=(const Appliers&) = delete;

    /// The list of peers, this instance itself among them or not. A list that is equal changes nothing; of another,
    /// those that are in sync with a peer that stays go on, and all others begin anew. `isSelf` says of an address that
    /// it is the instance's own.
    void configure(const std::vector<PeerAddress>& peers, const std::function<bool(const PeerAddress&)>& isSelf);
    /// Looks for somebody to join, or for the right to begin: then `joined` or `bootstrapNow` of the box.
    void startWithoutData();
    /// Tries all peers: `peersTried` of the box when each has answered, or when the time for it is over; with a quorum,
    /// when so many are followed, however long that takes.
    void startWithData();
    /// The box has its data and nobody to try: who comes into the list later is followed.
    void startAlone() { follow(); }
    /// The box has a master's data.
    void joinEnded();
    /// Whether anybody but this instance is in the list.
    [[nodiscard]] bool hasOthers() const { return !appliers_.empty(); }

    /// By the uuid of whoever answers there; peers that never answered have none.
    [[nodiscard]] std::map<Uuid, UpstreamSeen> seen() const;

private:
    enum class Phase {
        Idle,
        Choosing,       ///< without data
        Bootstrapping,  ///< this one begins
        Joining,        ///< from `joinedFrom_`
        Forgetting,     ///< a half join goes
        Trying,         ///< with data
        Following
    };

    void noteChange();
    void look();
    void dropTwins();
    void choose();
    void lookAtJoin();
    void forgetHalf();
    void lookAtTried();
    void follow();
    void startDeadline();
    /// Whether as many are followed as the options want.
    [[nodiscard]] bool hasQuorum() const;
    std::unique_ptr<Applier> make(const PeerAddress& address);

    Seams& seams_;
    ApplierBox& box_;
    std::vector<PeerAddress> list_;  ///< as it was given
    std::size_t instances_ = 0;      ///< in the list; with this one, when it is not in it
    std::vector<std::unique_ptr<Applier>> appliers_;
    Phase phase_ = Phase::Idle;
    Uuid joinedFrom_;
    bool hasHalf_ = false;       ///< rows of a join that did not end are in the state
    bool hasSelf_ = false;       ///< it is in the list itself
    bool awaitsQuorum_ = false;  ///< the box does not write until there is one
    bool isLate_ = false;
    bool isLooking_ = false;
    bool saidNoLeader_ = false;
    TimerId deadline_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine::tarantool
