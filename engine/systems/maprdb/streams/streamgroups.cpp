// Dealing partitions out.
#include "engine/systems/maprdb/streams/streamgroups.h"

#include <fmt/format.h>

namespace tributary::engine::maprdb {

void StreamGroups::dropSilent(Group& group) const {
    const Micros nowUs = clock_.monotonicUs();
    std::erase_if(group.members, [&](const auto& item) { return nowUs - item.second.heardUs > kSilentMs * 1000; });
}

void StreamGroups::deal(Group& group) {
    std::map<Partition, std::string> shares;
    for (const auto& [topic, count] : group.partitions) {
        std::vector<std::string> readers;
        readers.reserve(group.members.size());
        for (const auto& [name, member] : group.members) {
            if (member.topics.contains(topic)) readers.push_back(name);
        }
        for (std::uint32_t i = 0; i < count && !readers.empty(); ++i) shares[{topic, i}] = readers[i % readers.size()];
    }
    std::erase_if(group.held, [&](const auto& item) {
        return !group.members.contains(item.second) || !shares.contains(item.first);
    });
    if (shares == group.shares) return;
    group.shares = std::move(shares);
    ++group.generation;
}

// The member is here: what it held and is another's now, it has let go.
void StreamGroups::tell(Group& group, Share& share) {
    const std::size_t letGo = std::erase_if(group.held, [&](const auto& item) {
        return item.second == share.member && group.shares.at(item.first) != share.member;
    });
    if (letGo > 0) ++group.generation;
    for (const auto& [partition, reader] : group.shares) {
        if (reader != share.member) continue;
        if (group.held.try_emplace(partition, reader).first->second == reader) {
            share.partitions.push_back(partition);
        } else {
            ++share.coming;
        }
    }
    share.generation = group.generation;
}

bool StreamGroups::heard(std::uint32_t stream, const std::string& group, std::string& member, std::uint64_t session,
                         const std::set<std::string>& topics, const std::map<std::string, std::uint32_t>& partitions,
                         Share& share) {
    Group& at = groups_[{stream, group}];
    dropSilent(at);
    const bool isNew = member.empty() || !at.members.contains(member);
    if (isNew && at.members.size() >= kMembersMax) return false;
    if (member.empty()) member = fmt::format("consumer-{}", nextMember_++);
    at.members[member] = Member{session, clock_.monotonicUs(), topics};
    for (const auto& [topic, count] : partitions) at.partitions[topic] = count;
    deal(at);
    share = Share{member, 0, {}, 0};
    tell(at, share);
    return true;
}

void StreamGroups::leave(std::uint32_t stream, const std::string& group, const std::string& member) {
    const auto at = groups_.find({stream, group});
    if (at == groups_.end() || at->second.members.erase(member) == 0) return;
    deal(at->second);
    if (at->second.members.empty()) groups_.erase(at);
}

void StreamGroups::sessionEnded(std::uint64_t session) {
    for (auto& [place, group] : groups_) {
        if (std::erase_if(group.members, [&](const auto& item) { return item.second.session == session; }) > 0) {
            deal(group);
        }
    }
    std::erase_if(groups_, [](const auto& item) { return item.second.members.empty(); });
}

std::vector<StreamGroups::Row> StreamGroups::list(std::uint32_t stream) {
    std::vector<Row> rows;
    const Micros nowUs = clock_.monotonicUs();
    for (auto& [place, group] : groups_) {
        if (place.first != stream) continue;
        dropSilent(group);
        deal(group);
        for (const auto& [partition, dealt] : group.shares) {
            const auto holder = group.held.find(partition);
            const std::string& reader = holder == group.held.end() ? dealt : holder->second;
            rows.push_back(Row{place.second, reader, partition, group.generation,
                               (nowUs - group.members.at(reader).heardUs) / 1000});
        }
    }
    return rows;
}

}  // namespace tributary::engine::maprdb
