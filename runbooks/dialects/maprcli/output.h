// Outcomes and errors as maprcli prints them, byte for byte (maprdb.md section 1.1).
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/operations/operation.h"
#include "core/operations/outcome.h"
#include "runbooks/dialects/dialect.h"

namespace tributary::runbooks {

/// Default output: a heading line and a line per row, separated by tabs; the free lines when there are any; nothing
/// at all for an empty list or a command that has nothing to say. Ends in a line break unless empty.
[[nodiscard]] std::string renderText(const Operation& op, const Outcome& outcome);

/// The success envelope: timestamp, timeofday, status, total, data; tabs as indentation. 9 lines when data is empty,
/// 10 + n for one row of n plain members. Free lines become rows {"line": ...}.
[[nodiscard]] std::string renderJson(const Operation& op, const Outcome& outcome, Millis nowMs, int tzOffsetMinutes);

/// renderJson() or renderText(), as the operation asks.
[[nodiscard]] std::string render(const Operation& op, const Outcome& outcome, Millis nowMs, int tzOffsetMinutes);

/// `ERROR (<code>) -  <command>: <message>` or its envelope, for an operation that failed.
[[nodiscard]] RenderedError renderError(const Operation& op, const Error& error, Millis nowMs, int tzOffsetMinutes);
/// The same for words that never became an operation; JSON when "-json" is among them.
[[nodiscard]] RenderedError renderError(const std::string& command, const std::vector<std::string>& words,
                                        const Error& error, Millis nowMs, int tzOffsetMinutes);

/// "2017-10-16 07:13:29.942 GMT-0700 PM": local time on a 12-hour clock, as releases since 6.0 print it. The offset is
/// in minutes, positive east of Greenwich; years 0 to 9999.
[[nodiscard]] std::string timeOfDay(Millis utcMs, int tzOffsetMinutes);

}  // namespace tributary::runbooks
