// The documented steps as requests: create, accept, copy, the way back (maprdb.md section 2.7).
#include "engine/systems/maprdb/copying/maprdbsetup.h"

#include <fmt/format.h>

#include "engine/systems/maprdb/copying/streamcopy.h"
#include "engine/systems/maprdb/copying/tablecopy.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streamkind.h"
#include "engine/systems/maprdb/streams/streamschema.h"
#include "engine/systems/maprdb/tables/createlike.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::engine::maprdb {
namespace {

bool isStreamRecord(const DatasetRecord& record) {
    return &record.kind() == &streamKind();
}

SetupCall stepOf(bool atSource, Method method, Json body, bool mayExist) {
    return {atSource, static_cast<std::uint16_t>(method), std::move(body), mayExist};
}

Json upstreamBody(const std::string& at, const std::string& from, const std::string& cluster, const Uuid& uuid) {
    return Json{{"path", at}, {"upstream", from}, {"cluster", cluster}, {"uuid", uuid.text()}};
}

class MaprdbSetup final : public SetupKind {
public:
    [[nodiscard]] std::string waitsFor(const DatasetRecord& source) const override {
        if (isStreamRecord(source) || !schemaOf(source).bulkload()) return {};
        return fmt::format("{} is in bulk-load mode", source.path);
    }

    [[nodiscard]] std::vector<SetupCall> beginning(const DatasetRecord& source,
                                                   const ReplicaRecord& replica) const override {
        std::vector<SetupCall> steps;
        if (!replica.setup.value("existing", false)) steps.push_back(creation(source, replica));
        const Method accept = isStreamRecord(source) ? StreamMethod::AddUpstream : TableMethod::AddUpstream;
        steps.push_back(stepOf(false, accept,
                               upstreamBody(replica.path, source.path, clusterOfPath(source.path), source.uuid), true));
        return steps;
    }

    [[nodiscard]] std::unique_ptr<CopyWork> copy(const DatasetRecord& source, const ReplicaRecord& replica,
                                                 const Json& token) const override {
        if (isStreamRecord(source)) {
            return std::make_unique<StreamCopyWork>(StreamCopyRequest{source.path, replica.path}, token);
        }
        TableCopyRequest request;
        request.src = source.path;
        request.dst = replica.path;
        request.columns = replica.setup.value("columns", std::string());
        request.chunkBytesMax = kChunkBytes;
        TableCopyWork::Options options;
        options.documents = &source.kind() == &jsonTableKind();
        options.sessions = true;
        options.rowsExpected = replica.setup.value("rows", std::uint64_t{0});
        return std::make_unique<TableCopyWork>(std::move(request), options, token);
    }

    [[nodiscard]] std::vector<SetupCall> ending(const DatasetRecord& source,
                                                const ReplicaRecord& replica) const override {
        std::vector<SetupCall> steps;
        if (!replica.setup.value("multimaster", false)) return steps;
        const bool stream = isStreamRecord(source);
        steps.push_back(stepOf(true, stream ? StreamMethod::AddUpstream : TableMethod::AddUpstream,
                               upstreamBody(source.path, replica.path, replica.cluster, replica.uuid), true));
        Json back{{"path", replica.path},
                  {"replica", source.path},
                  {"cluster", clusterOfPath(source.path)},
                  {"uuid", source.uuid.text()},
                  {"paused", false},
                  {"throttle", replica.throttle},
                  {"networkencryption", replica.networkEncryption},
                  {"synchronous", replica.synchronous},
                  {"compression", replica.compression}};
        if (!stream) back["columns"] = replica.setup.value("columns", std::string());
        steps.push_back(
            stepOf(false, stream ? StreamMethod::AddReplica : TableMethod::AddReplica, std::move(back), true));
        return steps;
    }

private:
    static constexpr std::uint32_t kChunkBytes = 1U << 20U;

    /// The replica has the identity that the record names: whoever finds it there knows whose it is.
    static SetupCall creation(const DatasetRecord& source, const ReplicaRecord& replica) {
        if (isStreamRecord(source)) {
            const StreamSchema& schema = streamOf(source);
            return stepOf(false, StreamMethod::Create,
                          Json{{"path", replica.path},
                               {"uuid", replica.uuid.text()},
                               {"attributes", schema.attributes},
                               {"perms", schema.perms}},
                          false);
        }
        Json body = createBodyLike(tableOf(source), replica.path);
        body["uuid"] = replica.uuid.text();
        return stepOf(false, TableMethod::CreateTable, std::move(body), false);
    }
};

}  // namespace

const SetupKind& maprdbSetup() {
    static const MaprdbSetup setup;
    return setup;
}

}  // namespace tributary::engine::maprdb
