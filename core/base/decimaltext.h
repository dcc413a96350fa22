// The text of a decimal number, taken apart: what every grammar of them has in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary {

/// Parts of "-12.50e3"; the views borrow from the text. Its value is whole.behind * 10^exponent.
struct DecimalText {
    bool negative = false;
    std::string_view whole;   ///< digits before the point; may be empty
    std::string_view behind;  ///< digits behind it; may be empty, but not both
    std::int32_t exponent = 0;

    /// How many digits stand behind the point once the exponent is applied; negative: zeros are to be added.
    [[nodiscard]] std::int64_t scale() const { return static_cast<std::int64_t>(behind.size()) - exponent; }
};

/// nullopt when it is no decimal number: [+-] digits [. digits] [e [+-] one to six digits], with a digit before or
/// behind the point.
[[nodiscard]] std::optional<DecimalText> takeApartDecimal(std::string_view text);

}  // namespace tributary
