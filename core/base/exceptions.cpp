// Exceptions as values.
#include "core/base/exceptions.h"

#include <exception>
#include <new>
#include <system_error>

namespace tributary {

Error currentExceptionError() {
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return {ErrorCode::Io, "out of memory: the system refused an allocation", {}, "free -h, ulimit -v"};
    } catch (const std::system_error& problem) {
        const bool none = problem.code() == std::errc::resource_unavailable_try_again;
        return {ErrorCode::Io,
                std::string("the system refused: ") + problem.what(),
                {},
                none ? "raise the number of processes and threads: ulimit -u" : ""};
    } catch (const std::exception& problem) {
        return {ErrorCode::Internal, std::string("a mistake of the program: ") + problem.what(), {}, {}};
    } catch (...) {
        return {ErrorCode::Internal, "a mistake of the program: an exception of an unknown kind", {}, {}};
    }
}

}  // namespace tributary
