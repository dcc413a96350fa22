// Books of lines, which only grow: each shelf of a book numbers its lines where they arrive.
//
// A body is a list of lines, shelf blob | text blob; those of a shelf stand together. Each shelf is a lane, a line
// takes a sequence of it, and a gap waits. An effect is a list of rows: key blob | image blob. Keys: "l/<shelf>/<8
// digits>"
// -> the line, "n/<shelf>" -> how many there are, in 8 digits. A record is an image; of two the larger one is later.
#pragma once

#include <string>
#include <vector>

#include "engine/node/controlkind.h"

namespace tributary::lines {

struct Line {
    std::string shelf;
    std::string text;
};

[[nodiscard]] Bytes encodeLines(const std::vector<Line>& lines);
/// What is damaged ends them.
[[nodiscard]] std::vector<Line> decodeLines(BytesView body);
[[nodiscard]] std::string keyOf(const std::string& shelf, long number);
[[nodiscard]] std::string digits(long number);
[[nodiscard]] std::shared_ptr<const engine::NodeKinds> onlyLines();
[[nodiscard]] engine::SchemaPtr newBook();

}  // namespace tributary::lines
