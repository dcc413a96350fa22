// Consumer groups: who of a group reads which partition, and what happens when somebody joins, leaves or falls silent.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/units.h"
#include "engine/seams/clock.h"

namespace tributary::engine::maprdb {

/// The groups of the streams of one node. Nothing of it is durable: after a restart members join again, and go on from
/// the committed offsets. Executor's thread only.
///
/// Decision: partitions are dealt out one after the other over the members in the order of their names, as far as each
/// subscribes to the topic. A member that has not been heard for kSilentMs, or whose connection is gone, is out; the
/// others learn of what became theirs with their next heartbeat (a new generation). What changes hands between two that
/// live is the new reader's only when the old one has been heard again: by then it has committed what it read, and
/// nothing is read twice.
class StreamGroups {
public:
    static constexpr Millis kSilentMs = 10'000;
    static constexpr Millis kHeartbeatMs = 1'000;
    static constexpr std::size_t kMembersMax = 1'000;  ///< of a group

    using Partition = std::pair<std::string, std::uint32_t>;  ///< topic and number

    /// What a member is told.
    struct Share {
        std::string member;
        std::uint64_t generation = 0;  ///< grows whenever anybody's share has changed
        std::vector<Partition> partitions;
        std::size_t coming = 0;  ///< dealt to this member, and still another one's
    };
    struct Row {
        std::string group;
        std::string member;
        Partition partition;
        std::uint64_t generation = 0;
        Millis heardMsAgo = 0;
    };

    explicit StreamGroups(Clock& clock) : clock_(clock) {}

    /// Joins a group (empty `member`: a name is made), or says that the member is still there. `topics`: what it
    /// subscribes to; `partitions`: how many each topic has. False: the group is full.
    [[nodiscard]] bool heard(std::uint32_t stream, const std::string& group, std::string& member, std::uint64_t session,
                             const std::set<std::string>& topics,
                             const std::map<std::string, std::uint32_t>& partitions, Share& share);
    void leave(std::uint32_t stream, const std::string& group, const std::string& member);
    /// A connection is gone: so are its members.
    void sessionEnded(std::uint64_t session);
    [[nodiscard]] std::vector<Row> list(std::uint32_t stream);

private:
    struct Member {
        std::uint64_t session = 0;
        Micros heardUs = 0;
        std::set<std::string> topics;
    };
    struct Group {
        std::map<std::string, Member> members;
        std::map<std::string, std::uint32_t> partitions;  ///< of topics, as last told
        std::map<Partition, std::string> shares;          ///< as dealt
        std::map<Partition, std::string> held;  ///< who was told so, and has not been heard since it is another's
        std::uint64_t generation = 0;
    };
    void dropSilent(Group& group) const;
    static void deal(Group& group);
    static void tell(Group& group, Share& share);

    Clock& clock_;
    std::map<std::pair<std::uint32_t, std::string>, Group> groups_;
    std::uint64_t nextMember_ = 1;
};

}  // namespace tributary::engine::maprdb
