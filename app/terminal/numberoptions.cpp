// By the names that CLI11 gives to the types of options.
#include "app/terminal/numberoptions.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/base/escape.h"

namespace tributary::app {
namespace {

/// Empty when all of `text` is a number from `least` on.
template <typename Number>
bool readsAs(const std::string& text, Number least, Number& value) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() && !text.empty() && value >= least;
}

std::string checkCount(const std::string& text) {
    std::int64_t value = 0;
    if (readsAs<std::int64_t>(text, 0, value)) return {};
    return fmt::format("needs a whole number from 0 to {}, not '{}'", std::numeric_limits<std::int64_t>::max(),
                       bounded(shownLine(text), 60));
}

std::string checkWhole(const std::string& text) {
    std::int64_t value = 0;
    if (readsAs(text, std::numeric_limits<std::int64_t>::min(), value)) return {};
    return fmt::format("needs a whole number, not '{}'", bounded(shownLine(text), 60));
}

std::string checkMeasure(const std::string& text) {
    double value = 0;
    if (readsAs(text, 0.0, value) && std::isfinite(value)) return {};
    return fmt::format("needs a number of 0 or more, not '{}'", bounded(shownLine(text), 60));
}

}  // namespace

void checkNumbers(CLI::App& app) {
    for (CLI::Option* option : app.get_options()) {
        const std::string whole = option->get_type_name();
        const std::string type = whole.substr(0, whole.find(':'));  // behind it: what validators say of themselves
        if (type == "UINT") option->check(checkCount);
        if (type == "INT") option->check(checkWhole);
        if (type == "FLOAT") option->check(checkMeasure);
    }
    for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) checkNumbers(*sub);
}

}  // namespace tributary::app
