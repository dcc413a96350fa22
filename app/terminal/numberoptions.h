// Options that are numbers, refused where they are no numbers that can be meant.
#pragma once

#include <CLI/CLI.hpp>

namespace tributary::app {

/// Gives every option of the application and of its sub-commands that is a number a check of its text, before it is
/// converted: counts are whole and not negative (a conversion would take -5 for 18 quintillion), measures are finite
/// and not negative. The error is CLI::ValidationError.
void checkNumbers(CLI::App& app);

}  // namespace tributary::app
