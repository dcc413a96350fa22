// The kind of data "database": all tables of a host as one dataset, decided before it is logged.
//
// A body is a tag and a client's call, or what replication brings (VoltControl::applyDr). What is logged is the effect
// alone (effect.h): images of rows, never a statement. So replay, and whoever reads the log for replication, need no
// SQL.
#pragma once

#include "engine/dataset/datasetkind.h"
#include "engine/systems/voltdb/schema/voltschema.h"

namespace tributary::engine::voltdb {

enum class BodyTag : char { Call = 'C', Dr = 'D' };

[[nodiscard]] const DatasetKind& databaseKind();
[[nodiscard]] const Policy& databasePolicy();

/// A refused call as the error that stops an entry, and back; nullopt for other errors.
struct VoltAnswer;
[[nodiscard]] Error errorOf(const VoltAnswer& refusal);
[[nodiscard]] std::optional<VoltAnswer> refusalIn(const Error& error);

}  // namespace tributary::engine::voltdb
