// Access to an operation's parameters.
#include "core/operations/operation.h"

#include <charconv>

#include "core/operations/schema.h"

namespace tributary {

bool Operation::has(std::string_view name) const {
    return params.contains(std::string(name));
}

std::string Operation::text(std::string_view name, std::string_view fallback) const {
    const auto found = params.find(std::string(name));
    return found == params.end() ? std::string(fallback) : found->second;
}

bool Operation::flag(std::string_view name, bool fallback) const {
    const auto found = params.find(std::string(name));
    return found == params.end() ? fallback : found->second == "true";
}

std::int64_t Operation::integer(std::string_view name, std::int64_t fallback) const {
    const auto found = params.find(std::string(name));
    if (found == params.end()) return fallback;
    const std::string& value = found->second;
    std::int64_t number = 0;
    const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), number);
    return status == std::errc() && end == value.data() + value.size() ? number : fallback;
}

std::string_view verbName(Verb verb) {
    return specOf(verb).name;
}

}  // namespace tributary
