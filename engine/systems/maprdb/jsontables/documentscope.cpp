// What a user reads of a JSON table.
#include "engine/systems/maprdb/jsontables/documentscope.h"

#include "core/base/exceptions.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/jsontables/documentprojections.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::uint64_t kFreezeDocuments = 20'000;

Result<DocumentScope> scopeOf(Node& node, const DatasetRecord& record, const std::string& user,
                              const std::string& columns) {
    const TableSchema& table = schemaOf(record);
    auto families = jsonFamiliesOf(table);
    if (!families) return families.error();
    const auto projection = jsonTableKind().projectionOf(record.path, table, columns);
    if (!projection) return projection.error();
    const auto asked = fieldsOf(projection.value());
    if (!asked) return asked.error();
    const json::FieldSet allowed = allowedFields(tablesOf(node).access(), table, "readperm", user);
    DocumentScope scope{std::move(families).value(), asked->intersect(allowed), true, true};
    scope.everything = scope.fields == json::FieldSet::everything();
    scope.complete = scope.fields == asked.value();
    return scope;
}

}  // namespace

Error notJson(const std::string& path) {
    return {ErrorCode::InvalidInput,
            path + " is no JSON table: it holds no documents",
            {},
            "tributary get, put and scan are for binary tables"};
}

Result<std::shared_ptr<DocumentJob>> startDocuments(const ControlCall& call, const std::string& path,
                                                    const std::string& columns, bool longScan) {
    const auto record = recordOf(call.node, path);
    if (!record) return record.error();
    if (&record.value()->kind() != &jsonTableKind()) return notJson(path);
    auto scope = scopeOf(call.node, *record.value(), call.user, columns);
    if (!scope) return scope.error();
    if (Status there = call.node.checkAvailable(*record.value()); !there) return there.error();
    const bool freeze = longScan && call.node.dataset(record.value()->id)->state->memoryRows() > kFreezeDocuments;
    auto view = call.node.view(record.value()->id, freeze);
    if (!view) return view.error();
    auto job = std::make_shared<DocumentJob>();
    job->view = std::move(view).value();
    job->scope = std::move(scope).value();
    job->reply = call.reply;
    return job;
}

void runDocuments(Node& node, const std::shared_ptr<DocumentJob>& job, std::function<void(DocumentJob&)> work) {
    node.seams().workers.run(
        WorkKind::Read, node.seams().executor,
        [job, work = std::move(work)] {
            const Status done = orError([&]() -> Status {
                work(*job);
                return okStatus();
            });
            if (!done) job->answer = done.error();
        },
        [job] {
            job->view.reset();
            job->reply(std::move(job->answer));
        });
}

Result<std::optional<json::Value>> shownDocument(const DocumentScope& scope, BytesView record) {
    auto document = json::StampedDocument::decode(record);
    if (!document) return document.error();
    return scope.everything ? document->visible() : document->filtered(scope.fields).visible();
}

}  // namespace tributary::engine::maprdb
