// The fold of documents, as storage asks for it: a row is one stamped document, and folding is joining.
#pragma once

#include <memory>

#include "engine/storage/rowformat.h"

namespace tributary::engine::maprdb {

/// The row format of JSON tables: items of a Documents body as mutations, stamped documents as records. Stateless.
[[nodiscard]] std::shared_ptr<const RowFormat> makeDocumentRowFormat();

}  // namespace tributary::engine::maprdb
