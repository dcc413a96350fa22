// Streams at one node: who may write, requests, and what alarms and status say of them.
#pragma once

#include "engine/node/controlserver.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streamgroups.h"
#include "engine/systems/maprdb/tables/access.h"

namespace tributary::engine::maprdb {

/// A part of its node; executor's thread only.
class StreamControl final : public ControlKind {
public:
    explicit StreamControl(Node& node) : node_(node), access_(node.config().groups), groups_(node.seams().clock) {}

    [[nodiscard]] const DatasetKind& kind() const override;
    void addRequests(ControlRequests& requests) override;
    [[nodiscard]] Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override;
    [[nodiscard]] std::string alarmEntity(const std::string& path) const override;
    [[nodiscard]] bool knowsEntity(const std::string&) const override { return false; }
    [[nodiscard]] std::string_view entityNouns() const override { return "stream"; }
    [[nodiscard]] Json linkJson(const ShownLink& link) const override;

    [[nodiscard]] Access& access() { return access_; }
    [[nodiscard]] StreamGroups& groups() { return groups_; }
    void sessionEnded(std::uint64_t session) override { groups_.sessionEnded(session); }

private:
    Node& node_;
    Access access_;
    StreamGroups groups_;
};

/// The streams of a node that holds them.
[[nodiscard]] StreamControl& streamsOf(Node& node);

// Each file of requests adds its own.
void addStreamRequests(ControlRequests& requests);
void addStreamEdgeRequests(ControlRequests& requests);
void addStreamDataRequests(ControlRequests& requests);
void addStreamGroupRequests(ControlRequests& requests);

/// The record of a stream's path, or NotFound with the next command to try. A path of another cluster, and a dataset
/// that is no stream, are InvalidInput.
[[nodiscard]] Result<const DatasetRecord*> streamRecordOf(Node& node, const std::string& path);

}  // namespace tributary::engine::maprdb
