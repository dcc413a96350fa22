// Made-up customers: the same rows for the same seed, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::app {

enum class KeyOrder { Sequential, Random };

/// A well-mixed word for each number (splitmix64).
[[nodiscard]] std::uint64_t mixedWord(std::uint64_t number);

/// Appends rows of about 100 bytes of values: profile:{name,email,city} and orders:{last,total}, or all of them in the
/// first family when the table lacks one of the two.
class CustomerRows {
public:
    CustomerRows(const std::vector<std::string>& families, std::uint64_t seed, KeyOrder order);

    /// The families that cells name by index.
    [[nodiscard]] const std::vector<std::string>& families() const { return families_; }
    /// 16 bytes: "c000000000000042", or 16 hexadecimal digits with KeyOrder::Random.
    void key(std::uint64_t number, std::string& out) const;
    void append(std::uint64_t number, engine::maprdb::MutationBuilder& builder);

private:
    std::vector<std::string> families_;
    std::uint32_t ordersFamily_ = 0;
    std::uint64_t seed_;
    KeyOrder order_;
    std::string key_;
    std::string text_;
};

}  // namespace tributary::app
