// Writes to JSON tables are checked here, at the node, whatever the client did before.
#include "engine/systems/maprdb/jsontables/jsoncontrol.h"

#include <fmt/format.h>

#include "core/base/escape.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/documentscope.h"
#include "engine/systems/maprdb/jsontables/jsonapi.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::engine::maprdb {
namespace {

/// What one user may do with the fields of one table.
struct Rights {
    const DatasetRecord& record;
    const std::string& user;
    json::FieldSet written;
    json::FieldSet read;

    [[nodiscard]] Error denied(const char* permission, const json::FieldPath& path) const {
        const auto families = jsonFamiliesOf(schemaOf(record));
        const std::string family = families ? families->of(path.leadingNames()).name : std::string();
        return Error{ErrorCode::PermissionDenied,
                     path.empty() ? fmt::format("user {} lacks {} on some family of {}", user, permission, record.path)
                                  : fmt::format("user {} lacks {} on {} of {} (family {})", user, permission,
                                                shownLine(path.text()), record.path, family),
                     {},
                     path.empty() ? fmt::format("maprcli table cf list -path {}", record.path)
                                  : fmt::format("maprcli table cf edit -path {} -cfname {} -{} \"u:{}\"", record.path,
                                                family, permission, user)};
    }

    Status check(const DocumentRequest& request) const {
        if (request.condition) {
            for (const json::FieldPath& path : request.condition->paths()) {
                const bool isId = path.text() == "_id";
                if (!isId && !read.covers(path.leadingNames())) return denied("readperm", path);
            }
        }
        if (request.op != DocumentOp::Update) {
            return written.covers({}) ? okStatus() : Status(denied("writeperm", json::FieldPath()));
        }
        for (const json::MutationStep& step : request.mutation->steps()) {
            if (!written.covers(step.path.leadingNames())) return denied("writeperm", step.path);
        }
        return okStatus();
    }

    Status checkDocuments(BytesView body) const {
        if (written.covers({})) return okStatus();
        DocumentReader reader(body.substr(1));
        DocumentItem item;
        while (reader.next(item)) {
            const auto document = json::StampedDocument::decode(item.document);
            if (document && document->filtered(written).encode() == item.document) continue;
            return denied("writeperm", json::FieldPath());
        }
        return okStatus();
    }
};

Error bulkLoading(const std::string& path) {
    return Error{ErrorCode::Conflict,
                 fmt::format("table {} is in bulk-load mode", path),
                 {},
                 fmt::format("maprcli table edit -path {} -bulkload false", path)};
}

/// A client's bytes: what is wrong with them is his.
Error asInput(Error error) {
    error.code = ErrorCode::InvalidInput;
    return error;
}

}  // namespace

const DatasetKind& JsonTableControl::kind() const {
    return jsonTableKind();
}

void JsonTableControl::addRequests(ControlRequests& requests) {
    requests.add(JsonMethod::Find, findDocuments);
    requests.add(
        JsonMethod::Write, [this](const ControlCall& call) { write(call); }, ControlRequests::Body::Binary);
}

void JsonTableControl::write(const ControlCall& call) {
    ByteReader reader(call.body);
    PutRequest request;
    request.user = call.user;
    request.path = std::string(reader.blob());
    if (!reader.ok()) {
        call.reply(Error{ErrorCode::InvalidInput, "malformed write", {}, {}});
        return;
    }
    request.body = Bytes(reader.position(), reader.remaining());
    request.asked = this;
    node_.put(std::move(request), call.reply);
}

Result<CheckedWrite> JsonTableControl::checkWrite(const PutRequest& request, const DatasetRecord* record) {
    if (record != nullptr && &record->kind() != &jsonTableKind()) return notJson(request.path);
    if (record == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("no JSON table {} in cluster {}", request.path, node_.config().cluster),
                     {},
                     fmt::format("maprcli table create -path {} -tabletype json", request.path)};
    }
    if (Status there = node_.checkAvailable(*record); !there) return there.error();
    const TableSchema& table = schemaOf(*record);
    Access& access = tablesOf(node_).access();
    const auto kindOfBody = bodyKind(request.body);
    if (!kindOfBody || (*kindOfBody == BodyKind::Documents) != request.copy) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is a JSON table: it takes documents, not cells", request.path),
                     {},
                     "write it with mapr dbshell or mapr importJSON"};
    }
    const Rights rights{*record, request.user, allowedFields(access, table, "writeperm", request.user),
                        allowedFields(access, table, "readperm", request.user)};
    if (!request.copy) {
        const auto requests = parseRequests(request.body);
        if (!requests) return requests.error();
        if (table.bulkload()) return bulkLoading(request.path);
        for (const DocumentRequest& one : requests.value()) {
            if (Status allowed = rights.check(one); !allowed) return allowed.error();
        }
        return CheckedWrite{static_cast<std::uint32_t>(requests.value().size()), false, 0};
    }
    const auto count = countDocuments(request.body);
    if (!count) return asInput(count.error());
    if (request.bySource() && table.bulkload()) return bulkLoading(request.path);
    Status allowed = request.bySource() ? okStatus()
                     : table.bulkload() ? access.require(*record, "bulkloadperm", request.user)
                                        : rights.checkDocuments(request.body);
    if (!allowed) return allowed.error();
    return CheckedWrite{count.value().operations, false, newestArrival(request.body)};
}

std::string JsonTableControl::alarmEntity(const std::string& path) const {
    return volumeOfPath(path);
}

Json JsonTableControl::linkJson(const ShownLink& link) const {
    return tablesOf(node_).linkJson(link);
}

void JsonTableControl::get(const ControlCall& call) {
    getDocument(call);
}

void JsonTableControl::scan(const ControlCall& call) {
    scanDocuments(call);
}

void JsonTableControl::readRange(const ControlCall& call) {
    readDocuments(call);
}

void JsonTableControl::fingerprint(const ControlCall& call) {
    fingerprintDocuments(call);
}

}  // namespace tributary::engine::maprdb
