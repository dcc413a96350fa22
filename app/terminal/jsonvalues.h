// Figures in documents for scripts.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace tributary::app {

/// What is not known is null, never 0.
template <typename T>
[[nodiscard]] nlohmann::ordered_json orNull(const std::optional<T>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

}  // namespace tributary::app
