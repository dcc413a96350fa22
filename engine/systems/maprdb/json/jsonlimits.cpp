// The message of a limit that is passed.
#include "engine/systems/maprdb/json/jsonlimits.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary::engine::maprdb::json {

Status checkLimit(std::string_view limit, std::size_t size, std::size_t most, std::string_view unit,
                  std::string_view what, std::string where) {
    if (size <= most) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} of {} {} is larger than the limit '{}' of {} {}", what, groupedDigits(size), unit,
                             limit, groupedDigits(most), unit),
                 std::move(where),
                 {}};
}

}  // namespace tributary::engine::maprdb::json
