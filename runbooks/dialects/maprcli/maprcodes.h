// Which number the real system prints for which failure: the one place to change when a release is better known.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/operations/operation.h"

namespace tributary::runbooks {

/// How one failure shows.
struct MaprCode {
    int id = 0;                  ///< the number in ERROR (<id>) and errors[].id
    std::string_view errnoText;  ///< appended to the message as the real commands do; empty for none
    int exitStatus = 1;          ///< of the process
};

/// The code of a failure of `verb`. Codes 17, 2, 95 and 10003 were seen in the wild, the others are the errno of the
/// same meaning (maprdb.md section 1.1, "Observed codes").
[[nodiscard]] MaprCode maprCodeOf(ErrorCode code, Verb verb);
/// The same for a line that never became an operation.
[[nodiscard]] MaprCode maprCodeOf(ErrorCode code);

}  // namespace tributary::runbooks
