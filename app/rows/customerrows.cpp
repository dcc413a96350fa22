// Customers out of a number.
#include "app/rows/customerrows.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace tributary::app {
namespace {

constexpr std::array<std::string_view, 16> kFirst{"Ada",   "Ben",   "Chloe", "Dmitri", "Elena", "Farid",
                                                  "Grace", "Hugo",  "Ines",  "Jonas",  "Kira",  "Luis",
                                                  "Mei",   "Nadia", "Omar",  "Petra"};
constexpr std::array<std::string_view, 16> kLast{"Abbott", "Bianchi",  "Castillo", "Duarte", "Eriksen",  "Fischer",
                                                 "Gupta",  "Haas",     "Ivanova",  "Jansen", "Kowalski", "Lindqvist",
                                                 "Moreau", "Nakamura", "Okafor",   "Petrov"};
constexpr std::array<std::string_view, 8> kCities{"San Francisco", "New York", "Rotterdam", "Lisbon",
                                                  "Singapore",     "Nairobi",  "Toronto",   "Hamburg"};
constexpr std::size_t kKeyBytes = 16;

void appendNumber(std::string& out, std::uint64_t value, std::size_t width) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value);
    const auto length = static_cast<std::size_t>(end.ptr - digits);
    if (length < width) out.append(width - length, '0');
    out.append(digits, length);
}

}  // namespace

std::uint64_t mixedWord(std::uint64_t number) {
    std::uint64_t x = number + 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

CustomerRows::CustomerRows(const std::vector<std::string>& families, std::uint64_t seed, KeyOrder order)
    : seed_(seed), order_(order) {
    const auto has = [&](std::string_view name) {
        return std::find(families.begin(), families.end(), name) != families.end();
    };
    if (has("profile") && has("orders")) {
        families_ = {"profile", "orders"};
        ordersFamily_ = 1;
    } else if (!families.empty()) {
        families_ = {families.front()};
    }
}

void CustomerRows::key(std::uint64_t number, std::string& out) const {
    out.clear();
    if (order_ == KeyOrder::Sequential) {
        out.push_back('c');
        appendNumber(out, number, kKeyBytes - 1);
        return;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    const std::uint64_t word = mixedWord(number ^ mixedWord(seed_));
    for (unsigned shift = 64; shift > 0; shift -= 4) out.push_back(kHex[(word >> (shift - 4)) & 15U]);
}

void CustomerRows::append(std::uint64_t number, engine::maprdb::MutationBuilder& builder) {
    const std::uint64_t word = mixedWord(mixedWord(seed_) + number);
    const std::string_view first = kFirst[word & 15U];
    const std::string_view last = kLast[(word >> 4U) & 15U];
    key(number, key_);
    builder.beginPut(key_);
    text_.assign(first).append(" ").append(last);
    builder.addCell({0, "name", text_, {}});
    text_.assign(first).append(".").append(last).append(".");
    appendNumber(text_, number, 1);
    text_.append("@example.com");
    builder.addCell({0, "email", text_, {}});
    builder.addCell({0, "city", kCities[(word >> 8U) & 7U], {}});
    text_.assign("2026-");
    appendNumber(text_, 1 + (word >> 16U) % 12, 2);
    text_.push_back('-');
    appendNumber(text_, 1 + (word >> 24U) % 28, 2);
    text_.append(" order ");
    appendNumber(text_, (word >> 32U) % 1'000'000, 6);
    text_.append(", ");
    appendNumber(text_, 1 + (word >> 52U) % 9, 1);
    text_.append(" items");
    builder.addCell({ordersFamily_, "last", text_, {}});
    text_.clear();
    appendNumber(text_, (word >> 40U) % 5000, 1);
    text_.push_back('.');
    appendNumber(text_, (word >> 12U) % 100, 2);
    text_.append(" EUR");
    builder.addCell({ordersFamily_, "total", text_, {}});
    builder.endPut();
}

}  // namespace tributary::app
