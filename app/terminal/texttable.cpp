// Layout of text tables.
#include "app/terminal/texttable.h"

#include <algorithm>

#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestCell = 12;

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

// Byte offset of the character number `index`.
std::size_t offsetOf(const std::string& text, std::size_t index) {
    std::size_t at = 0;
    while (at < text.size() && index > 0) {
        ++at;
        while (at < text.size() && continues(text[at])) ++at;
        --index;
    }
    return at;
}

std::string shortened(const std::string& text, std::size_t width) {
    const std::size_t all = displayWidth(text);
    if (all <= width || width < 4) return text;
    const std::size_t kept = width - 3;
    const std::size_t head = kept / 2;
    return text.substr(0, offsetOf(text, head)) + "..." + text.substr(offsetOf(text, all - (kept - head)));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::size_t size = displayWidth(text);
    const std::string blanks(width > size ? width - size : 0, ' ');
    return right ? blanks + text : text + blanks;
}

using Lines = std::vector<std::vector<std::string>>;

// A row as lines of pieces, one piece per column.
Lines linesOf(const std::vector<std::string>& cells, std::size_t columnCount) {
    Lines lines(1, std::vector<std::string>(columnCount));
    for (std::size_t column = 0; column < cells.size() && column < columnCount; ++column) {
        const std::vector<std::string> pieces = split(cells[column], '\n');
        if (pieces.size() > lines.size()) lines.resize(pieces.size(), std::vector<std::string>(columnCount));
        for (std::size_t i = 0; i < pieces.size(); ++i) lines[i][column] = pieces[i];
    }
    return lines;
}

void fit(std::vector<std::size_t>& widths, std::size_t columns) {
    while (true) {
        std::size_t total = kGap * (widths.size() - 1);
        for (const std::size_t width : widths) total += width;
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (total <= columns || *widest <= kNarrowestCell) return;
        *widest -= std::min(total - columns, *widest - kNarrowestCell);
    }
}

}  // namespace

std::size_t displayWidth(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); }));
}

std::string TextTable::text(int columns) const {
    Lines lines = linesOf(heading_, heading_.size());
    for (const std::vector<std::string>& cells : rows_) {
        for (std::vector<std::string>& line : linesOf(cells, heading_.size())) lines.push_back(std::move(line));
    }
    std::vector<std::size_t> widths(heading_.size(), 0);
    for (const std::vector<std::string>& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], displayWidth(line[i]));
    }
    if (columns > 0 && !widths.empty()) fit(widths, static_cast<std::size_t>(columns));
    std::string out;
    for (const std::vector<std::string>& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool right = std::find(right_.begin(), right_.end(), i) != right_.end();
            row += (i == 0 ? "" : std::string(kGap, ' ')) + padded(shortened(line[i], widths[i]), widths[i], right);
        }
        row.erase(row.find_last_not_of(' ') + 1);
        out += row + "\n";
    }
    return out;
}

}  // namespace tributary::app
