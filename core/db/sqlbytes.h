// How values are written one by one, for the hook that makes images without a row in between.
#pragma once

#include "core/base/bytes.h"

namespace tributary {

void appendSqlNull(Bytes& out);
void appendSqlInteger(Bytes& out, std::int64_t value);
void appendSqlReal(Bytes& out, double value);
void appendSqlBytes(Bytes& out, BytesView value, bool isText);
void appendSqlRowid(Bytes& out, std::int64_t rowid);

}  // namespace tributary
