// The bodies of JSON tables: what a client asks for, and what is logged and shipped. Keys of rows are document ids.
//
// Format (varints and blobs as in core/base/bytes.h):
//   body      := kind:u8  item*                            kind: BodyKind
//   Documents := (key:blob  stamped document:blob)*        json/stampedbytes.cpp
//   Requests  := (key:blob  op:u8  content:blob  condition:blob)*
//                content: Replace a value of json/valuebytes.h (a map) | Update JSON text of a mutation | Delete
//                nothing condition: JSON text, empty = always
//   key       := UTF-8 text | 0xff bytes                   the id, a text as it is; binaries come after texts
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/dataset/datasetkind.h"
#include "engine/systems/maprdb/json/condition.h"
#include "engine/systems/maprdb/json/mutation.h"
#include "engine/systems/maprdb/json/stampeddocument.h"

namespace tributary::engine::maprdb {

enum class BodyKind : std::uint8_t {
    Documents = 1,  ///< results: logged, shipped, copied
    Requests = 2    ///< of a client; decided before it is logged (documentpolicy.h)
};

/// Numbers are the format.
enum class DocumentOp : std::uint8_t {
    Replace = 1,  ///< the whole document, whether there is one or not
    Update = 2,   ///< a mutation; a missing document is made
    Delete = 3    ///< a missing document is no error
};

/// What a client asks of one document.
struct DocumentRequest {
    Bytes key;
    DocumentOp op = DocumentOp::Replace;
    json::Value value;  ///< of a Replace: a map without _id
    std::optional<json::Mutation> mutation;
    std::optional<json::Condition> condition;
};

/// A document of a body; the view borrows from it.
struct DocumentItem {
    BytesView key;
    BytesView document;
};

/// Reads the items of a Documents body that was checked, or of a part of one.
class DocumentReader {
public:
    /// Without the kind's byte.
    explicit DocumentReader(BytesView items) : reader_(items) {}
    bool next(DocumentItem& item);
    [[nodiscard]] bool ok() const { return reader_.ok(); }
    [[nodiscard]] const char* position() const { return reader_.position(); }

private:
    ByteReader reader_;
};

[[nodiscard]] Bytes newBody(BodyKind kind);
void appendDocument(Bytes& body, BytesView key, BytesView document);
void appendRequest(Bytes& body, BytesView key, DocumentOp op, BytesView content, BytesView condition);

/// nullopt for an empty body, or one of no known kind.
[[nodiscard]] std::optional<BodyKind> bodyKind(BytesView body);
/// The items of a Documents body. Errors: Corrupt.
[[nodiscard]] Result<BytesView> itemsOf(BytesView body);
/// Checks every document of it, and counts them; none is no error. Errors: Corrupt.
[[nodiscard]] Result<BodyCount> countDocuments(BytesView body);
/// The newest arrival in it; 0 = there is none. The body was checked.
[[nodiscard]] Stamp newestArrival(BytesView body);
/// At least one. Errors: InvalidInput, Unsupported (what conditions refuse).
[[nodiscard]] Result<std::vector<DocumentRequest>> parseRequests(BytesView body);

/// The key of an id. Errors: InvalidInput (neither a text nor a binary, empty, or past the limit 'key').
[[nodiscard]] Result<Bytes> keyOfId(const json::Value& id);
/// Errors: Corrupt.
[[nodiscard]] Result<json::Value> idOfKey(BytesView key);

}  // namespace tributary::engine::maprdb
