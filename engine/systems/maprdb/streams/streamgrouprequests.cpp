// Requests about consumer groups: join and heartbeat, who reads what.
#include <fmt/format.h>

#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamchecks.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamrows.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kSubscribedMax = 1'000;

Result<const DatasetRecord*> mayJoin(const ControlCall& call, const std::string& path) {
    const auto record = streamRecordOf(call.node, path);
    if (!record) return record.error();
    if (Status there = call.node.checkAvailable(*record.value()); !there) return there.error();
    Status allowed =
        requireAnyOf(streamsOf(call.node).access(), *record.value(), {"consumeperm", "copyperm"}, call.user);
    return allowed ? record : Result<const DatasetRecord*>(allowed.error());
}

/// How many partitions each of the topics has; one that is not there yet has none.
Result<std::map<std::string, std::uint32_t>> partitionsOf(Node& node, std::uint32_t id,
                                                          const std::set<std::string>& topics) {
    auto view = node.view(id, false);
    if (!view) return view.error();
    std::map<std::string, std::uint32_t> partitions;
    for (const std::string& topic : topics) {
        const auto row = view.value()->get(topicKey(topic));
        if (!row) return row.error();
        const auto state = row.value() ? topicFrom(*row.value()) : Result<TopicState>(TopicState{});
        if (!state) return state.error();
        partitions[topic] = state.value().live ? state.value().partitions : 0;
    }
    return partitions;
}

void join(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const auto record = mayJoin(call, body.at("path"));
    if (!record) {
        call.reply(record.error());
        return;
    }
    const std::string group = body.at("group");
    std::string member = body.value("member", std::string());
    const auto topics = body.at("topics").get<std::set<std::string>>();
    if (group.empty() || group.size() > kGroupNameBytesMax || member.size() > kGroupNameBytesMax ||
        topics.size() > kSubscribedMax) {
        call.reply(Error{ErrorCode::InvalidInput,
                         fmt::format("a group and its members have names of 1 to {} bytes, and subscribe to at most {} "
                                     "topics",
                                     kGroupNameBytesMax, kSubscribedMax),
                         {},
                         {}});
        return;
    }
    StreamGroups& groups = streamsOf(call.node).groups();
    const std::uint32_t id = record.value()->id;
    if (body.value("leave", false)) {
        groups.leave(id, group, member);
        call.reply(Bytes("{}"));
        return;
    }
    const auto partitions = partitionsOf(call.node, id, topics);
    if (!partitions) {
        call.reply(partitions.error());
        return;
    }
    StreamGroups::Share share;
    if (!groups.heard(id, group, member, call.session, topics, partitions.value(), share)) {
        call.reply(Error{ErrorCode::Conflict,
                         fmt::format("group {} has {} consumers, which is the most", group, StreamGroups::kMembersMax),
                         {},
                         "end some of them"});
        return;
    }
    Json answer{{"member", share.member},
                {"generation", share.generation},
                {"heartbeatms", StreamGroups::kHeartbeatMs},
                {"coming", share.coming},
                {"partitions", Json::array()}};
    for (const auto& [topic, number] : share.partitions) {
        answer["partitions"].push_back(Json{{"topic", topic}, {"partition", number}});
    }
    call.replyJson(answer);
}

void assignments(const ControlCall& call) {
    const auto record = mayJoin(call, Json::parse(call.body).at("path"));
    if (!record) {
        call.reply(record.error());
        return;
    }
    Json answer{{"assignments", Json::array()}};
    for (const StreamGroups::Row& row : streamsOf(call.node).groups().list(record.value()->id)) {
        answer["assignments"].push_back(Json{{"group", row.group},
                                             {"member", row.member},
                                             {"topic", row.partition.first},
                                             {"partition", row.partition.second},
                                             {"generation", row.generation},
                                             {"heardmsago", row.heardMsAgo}});
    }
    call.replyJson(answer);
}

}  // namespace

void addStreamGroupRequests(ControlRequests& requests) {
    requests.add(StreamMethod::Join, join);
    requests.add(StreamMethod::Assignments, assignments);
}

}  // namespace tributary::engine::maprdb
