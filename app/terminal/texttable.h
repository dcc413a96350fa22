// Tables of text that fit the terminal.
#pragma once

#include <string>
#include <vector>

#include "core/base/escape.h"

namespace tributary::app {

/// Rows of cells under a heading, columns two blanks apart. Widths count characters of UTF-8, not bytes.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> heading) : heading_(std::move(heading)) {}

    /// What a terminal would act on inside a cell is shown escaped.
    void add(std::vector<std::string> cells) {
        for (std::string& cell : cells) cell = shownText(cell);
        rows_.push_back(std::move(cells));
    }
    /// This column's cells stand at its right edge, as numbers do.
    void alignRight(std::size_t column) { right_.push_back(column); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// Ends in a line break. A cell may hold line breaks: its lines stand below each other. `columns` > 0 shortens the
    /// widest column's cells in the middle ("/mapr/san...omers") until the table fits.
    [[nodiscard]] std::string text(int columns = 0) const;

private:
    std::vector<std::string> heading_;
    std::vector<std::vector<std::string>> rows_;
    std::vector<std::size_t> right_;
};

/// Characters of UTF-8 text.
[[nodiscard]] std::size_t displayWidth(const std::string& text);

}  // namespace tributary::app
