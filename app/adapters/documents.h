// Documents of JSON tables as a client reads and writes them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/admin/tableadmincalls.h"
#include "engine/systems/maprdb/json/value.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"

namespace tributary::app {

/// What a find asks for.
struct FindDocuments {
    std::string path;
    std::optional<engine::maprdb::json::Value> from;  ///< an _id, inclusive
    std::optional<engine::maprdb::json::Value> to;    ///< exclusive
    std::size_t limit = SIZE_MAX;
    std::string condition;            ///< JSON text; empty = every document
    std::vector<std::string> fields;  ///< paths; none = whole documents
    bool tags = true;                 ///< extended tags, so that types are not lost
};

/// A client of JSON tables. Paths may be local to the directory's default cluster. Calls block; one thread at a time.
/// Errors: NotFound, InvalidInput, PermissionDenied, Conflict (a condition that does not hold; bulk load), Unavailable,
/// Timeout (in doubt).
class DocumentData {
public:
    DocumentData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs);

    /// Calls `take` with each document's JSON text, in the order of their ids, page by page. False in the value: some
    /// fields are left out, which the user may not read.
    Result<bool> find(const FindDocuments& request, const std::function<void(const std::string&)>& take);
    /// Inserts or replaces. `document` is a map; its _id, if it has one, must be `id`.
    Status replace(const std::string& path, const engine::maprdb::json::Value& id,
                   const engine::maprdb::json::Value& document, const std::string& condition);
    /// `mutation` is JSON text.
    Status update(const std::string& path, const engine::maprdb::json::Value& id, const std::string& mutation,
                  const std::string& condition);
    Status remove(const std::string& path, const engine::maprdb::json::Value& id, const std::string& condition);

private:
    Status send(const std::string& path, const Bytes& body);

    engine::ClusterDirectory& directory_;
    engine::maprdb::NowMs nowMs_;
};

/// The _id in a document, or `given` (which must be the same, where both are there). Errors: InvalidInput.
[[nodiscard]] Result<engine::maprdb::json::Value> idOfDocument(const engine::maprdb::json::Value& document,
                                                               const std::optional<engine::maprdb::json::Value>& given);

}  // namespace tributary::app
