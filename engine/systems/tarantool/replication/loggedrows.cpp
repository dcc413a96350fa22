// From an entry to its rows.
#include "engine/systems/tarantool/replication/loggedrows.h"

#include "engine/replication/entryparts.h"
#include "engine/replication/payload.h"

namespace tributary::engine::tarantool {

LoggedRows::LoggedRows(const LogEntry& entry, std::uint32_t datasetId) {
    if (entry.envelope.datasetId != datasetId || !holdsPayload(entry.envelope.kind)) return;
    const auto payload = parsePayload(partsOf(entry).payload, false);
    isOk_ = payload.ok();
    if (payload) rows_ = ByteReader(payload.value().body);
}

bool LoggedRows::next(LoggedRow& row) {
    if (!isOk_ || rows_.atEnd()) return false;
    row.bytes = rows_.blob();
    const auto header = rows_.ok() ? decodeRowHeader(row.bytes) : Result<PacketHeader>(Error{});
    isOk_ = header.ok();
    if (isOk_) row.header = header.value();
    return isOk_;
}

bool isNumbered(const PacketHeader& header) {
    return header.replicaId != 0 && header.replicaId < Vclock::kIdsMax && header.lsn > 0 &&
           header.groupId != kLocalGroup;
}

}  // namespace tributary::engine::tarantool
