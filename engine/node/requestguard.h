// What one request may not do to the others: end the daemon by an exception, or by its depth.
#pragma once

#include <nlohmann/json.hpp>

#include "core/base/bytes.h"
#include "core/base/exceptions.h"
#include "core/base/result.h"

namespace tributary::engine {

/// A body that is no JSON, or not the JSON that was asked for.
[[nodiscard]] Error malformedRequest(const nlohmann::json::exception& problem);

/// Runs what a request asks for; whatever it throws becomes the error of that request alone.
template <typename T, typename Work>
Result<T> guarded(Work&& work) {
    try {
        return work();
    } catch (const nlohmann::json::exception& problem) {
        return malformedRequest(problem);
    } catch (...) {
        return currentExceptionError();
    }
}

/// Refuses a JSON body that nests deeper than any request does (values are copied and written by recursion), or that
/// holds a number which is no whole one of 64 bits: no request has any, and as an integer it would be anything.
Status checkBody(BytesView body);

}  // namespace tributary::engine
