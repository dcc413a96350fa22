// Decimal numbers of any precision up to a limit: the type DECIMAL of JSON documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace tributary::engine::maprdb::json {

/// value = (-1)^negative * digits * 10^-scale. `digits` has no leading zeros, and is empty for zero (never negative).
/// The scale is part of what is stored (1.5 and 1.50 are two values, of equal size), as in java.math.BigDecimal.
struct Decimal {
    bool negative = false;
    std::string digits;
    std::int32_t scale = 0;

    /// From "-12.50", "1e3", ".5". Errors: InvalidInput (no number, or past the limits 'decimal digits' and 'decimal
    /// scale' of jsonlimits.h).
    static Result<Decimal> parse(std::string_view text);
    static Decimal ofInteger(std::int64_t value);
    /// Exactly what the finite double holds; may have more digits than the limit, so it is for comparing only.
    static Decimal exactly(double value);

    /// As java.math.BigDecimal prints: plain, or with an exponent where zeros would have to be invented.
    [[nodiscard]] std::string text() const;
    /// -1, 0 or 1, by value: 1.5 and 1.50 are equal.
    [[nodiscard]] int compare(const Decimal& other) const;
    /// Exact sum with the larger scale. Errors: InvalidInput when it passes the limit 'decimal digits'.
    [[nodiscard]] Result<Decimal> plus(const Decimal& other) const;
    /// Without its digits behind the point; nullopt when that does not fit.
    [[nodiscard]] std::optional<std::int64_t> truncated() const;
    /// The nearest double; infinite when it is too large.
    [[nodiscard]] double nearest() const;

    friend bool operator==(const Decimal&, const Decimal&) = default;
};

}  // namespace tributary::engine::maprdb::json
