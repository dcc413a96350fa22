// Exceptions as values: what libraries throw when the system refuses memory or a thread.
#pragma once

#include "core/base/result.h"

namespace tributary {

/// The exception that is being handled, as an Error: memory and threads that were refused are Io with the next thing to
/// try, anything else is Internal with its text. Call inside a catch block only.
[[nodiscard]] Error currentExceptionError();

/// Carries out `work` and answers with its result, or with the error of an exception that left it.
template <typename Work>
[[nodiscard]] auto orError(Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (...) {
        return currentExceptionError();
    }
}

}  // namespace tributary
