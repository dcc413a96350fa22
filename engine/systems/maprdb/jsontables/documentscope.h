// A read of documents at work: what its user may see, and the worker that does it.
#pragma once

#include <functional>
#include <memory>

#include "engine/node/controlserver.h"
#include "engine/systems/maprdb/json/fieldset.h"
#include "engine/systems/maprdb/json/value.h"

namespace tributary::engine::maprdb {

/// What one user reads of one JSON table, as values: usable on a worker.
struct DocumentScope {
    json::JsonFamilies families;
    json::FieldSet fields;   ///< asked for and allowed
    bool everything = true;  ///< no filter applies
    bool complete = true;    ///< nothing of what was asked is denied
};

struct DocumentJob {
    std::shared_ptr<StateView> view;
    DocumentScope scope;
    std::function<void(Result<Bytes>)> reply;
    Result<Bytes> answer = Bytes();
};

/// What is asked of a JSON table is asked of a table of another kind.
[[nodiscard]] Error notJson(const std::string& path);

/// Opens a view of the table at `path` for the call's user, of `columns` (empty = everything). Errors: NotFound,
/// InvalidInput, and what opening says.
[[nodiscard]] Result<std::shared_ptr<DocumentJob>> startDocuments(const ControlCall& call, const std::string& path,
                                                                  const std::string& columns, bool longScan);
/// Runs `work` on the Read worker, then answers.
void runDocuments(Node& node, const std::shared_ptr<DocumentJob>& job, std::function<void(DocumentJob&)> work);

/// The document of a record as the scope shows it; nullopt when it shows none. Errors: Corrupt.
[[nodiscard]] Result<std::optional<json::Value>> shownDocument(const DocumentScope& scope, BytesView record);

}  // namespace tributary::engine::maprdb
