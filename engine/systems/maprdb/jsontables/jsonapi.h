// The requests that only JSON tables have. All others are those of tables (tables/tableapi.h), in their shapes: a Put
// carries a body of documentbody.h and answers a DocumentOutcome for each request in it, ReadRange gives a Documents
// body, Get and Scan show each field of a document as a cell of its family, with the id of the document as key.
#pragma once

#include "engine/node/controlapi.h"

namespace tributary::engine::maprdb {

struct JsonMethod {
    /// {path, from:key, to:key, limit, condition: JSON text, fields:[paths], tags:bool} -> {"documents":[JSON texts],
    /// "next":key|null}. Keys are those of documentbody.h, bytes as in controlapi.h; `to` empty = to the end. Fewer
    /// documents than `limit` come, none even, when they hold more than limits::kAnswerChunkBytes, or after a look at
    /// many that are not meant: `next` says where to go on. Fields that readperm denies are
    /// left out ("complete":false says that some are); a condition on one is PermissionDenied.
    static constexpr Method Find{300};
    /// binary: blob path, then a Requests body -> as TableMethod::Put. Only of a JSON table: the bytes of a body do not
    /// say what they are, and a binary table would take them for cells. InvalidInput for a table of another kind.
    static constexpr Method Write{301};
};

}  // namespace tributary::engine::maprdb
