// A place in a text file.
#pragma once

#include <compare>

namespace tributary {

/// Line and column, both counted from 1; columns count characters, not bytes. Line 0 means "not from a file".
struct SourcePos {
    int line = 0;
    int column = 0;

    [[nodiscard]] bool known() const { return line > 0; }
    friend auto operator<=>(const SourcePos&, const SourcePos&) = default;
};

}  // namespace tributary
