// Writes to streams are checked here, at the node, whatever the client did before.
#include "engine/systems/maprdb/streams/streamcontrol.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/maprdb/streams/streamchecks.h"
#include "engine/systems/maprdb/streams/streamkind.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {
namespace {

Error noStream(const std::string& path) {
    return Error{ErrorCode::NotFound,
                 fmt::format("no stream {}", path),
                 {},
                 fmt::format("maprcli stream create -path {}", path)};
}

Error otherKind(const DatasetRecord& record) {
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} is a {}, not a stream", record.path, record.kind().words().noun),
                 {},
                 "name a stream"};
}

}  // namespace

const DatasetKind& StreamControl::kind() const {
    return streamKind();
}

void StreamControl::addRequests(ControlRequests& requests) {
    addStreamRequests(requests);
    addStreamEdgeRequests(requests);
    addStreamDataRequests(requests);
    addStreamGroupRequests(requests);
}

Result<CheckedWrite> StreamControl::checkWrite(const PutRequest& request, const DatasetRecord* record) {
    if (record == nullptr) return noStream(request.path);
    if (&record->kind() != &streamKind()) return otherKind(*record);
    if (Status there = node_.checkAvailable(*record); !there) return there.error();
    const auto parts = partsOfBody(request.body);
    const auto count = countParts(request.body, false);
    if (!parts || !count) {
        return Error{ErrorCode::InvalidInput, parts ? count.error().what : parts.error().what, {}, {}};
    }
    const auto placed = [](const PartView& part) { return part.part == StreamPart::Placed; };
    if (!request.copy && std::any_of(parts.value().begin(), parts.value().end(), placed)) {
        return Error{ErrorCode::InvalidInput, "only a copy brings its offsets with it", {}, {}};
    }
    const bool produces = std::any_of(parts.value().begin(), parts.value().end(),
                                      [](const PartView& part) { return part.part == StreamPart::Produce; });
    if (!request.bySource() || produces) {
        if (Status allowed = requireParts(access_, *record, parts.value(), request.user); !allowed) {
            return allowed.error();
        }
    }
    CheckedWrite write{count.value(), false, 0};
    for (const PartView& part : parts.value()) {
        if (placed(part)) write.newestOwnStamp = std::max(write.newestOwnStamp, parseBatchHead(part.content)->stamp);
        if (part.part != StreamPart::Cursor) continue;
        write.newestOwnStamp = std::max(write.newestOwnStamp, parseCursor(part.content)->stamp);
    }
    if (!request.copy && write.newestOwnStamp != 0) {
        return Error{ErrorCode::InvalidInput, "only a copy brings its times with it", {}, {}};
    }
    return write;
}

std::string StreamControl::alarmEntity(const std::string& path) const {
    return volumeOfPath(path);
}

Json StreamControl::linkJson(const ShownLink& link) const {
    return shownLinkJson(node_, link);
}

StreamControl& streamsOf(Node& node) {
    return static_cast<StreamControl&>(node.control(streamKind()));
}

Result<const DatasetRecord*> streamRecordOf(Node& node, const std::string& path) {
    if (clusterOfPath(path) != node.config().cluster) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is not a path of cluster {}", path, node.config().cluster),
                     {},
                     fmt::format("write it as /mapr/{}/<name>", node.config().cluster)};
    }
    const DatasetRecord* record = node.catalog().byPath(path);
    if (record == nullptr) return noStream(path);
    if (&record->kind() != &streamKind()) return otherKind(*record);
    return record;
}

}  // namespace tributary::engine::maprdb
