// Lines that a person types, read so that a signal is not kept waiting.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tributary::app {

/// Reads stdin; what was typed ahead is kept for the next line. One thread.
class TypedLines {
public:
    /// `stopped` is asked before each look, ten times a second: true ends every question.
    explicit TypedLines(std::function<bool()> stopped) : stopped_(std::move(stopped)) {}

    /// The next line without the blanks around it; nothing at the end of input or when stopped.
    std::optional<std::string> next();

private:
    std::function<bool()> stopped_;
    std::string typed_;
};

}  // namespace tributary::app
