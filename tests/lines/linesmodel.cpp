// Counting lines.
#include "tests/lines/linesmodel.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/lines/lineskind.h"

namespace tributary::lines {

using namespace engine;
using simtest::ShownRow;

std::vector<int> LinesModel::take(const simtest::TakenEntry& taken) {
    Shelves& shelves = books_[taken.record.id];
    std::map<std::string, std::string> due;
    std::vector<int> ops;
    for (const Line& line : decodeLines(taken.view.body)) {
        auto& texts = shelves[line.shelf];
        texts.push_back(line.text);
        due[keyOf(line.shelf, static_cast<long>(texts.size()))] = line.text;
        due["n/" + line.shelf] = digits(static_cast<long>(texts.size()));
        ops.push_back(simtest::opOf(line.text));
    }
    ByteReader reader(taken.effect);
    while (!reader.atEnd() && reader.ok()) {
        const std::string key(reader.blob());
        const std::string image(reader.blob());
        const auto at = due.find(key);
        if (at == due.end() || at->second != image) {
            violate_(fmt::format("offsets: {} in {} makes {} = {}", taken.view.origin.text(), taken.record.path, key,
                                 image));
        } else {
            due.erase(at);
        }
    }
    for (const auto& [key, image] : due) {
        violate_(fmt::format("offsets: {} = {} is due in {}", key, image, taken.record.path));
    }
    return ops;
}

std::vector<ShownRow> LinesModel::shown(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    const auto book = books_.find(record.id);
    if (book == books_.end()) return out;
    for (const auto& [shelf, texts] : book->second) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            out.push_back({keyOf(shelf, static_cast<long>(i + 1)), texts[i]});
        }
        out.push_back({"n/" + shelf, digits(static_cast<long>(texts.size()))});
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// Each node numbers for itself; the lines are the same.
std::vector<ShownRow> LinesModel::shownEverywhere(const DatasetRecord& record) const {
    std::vector<ShownRow> out;
    const auto book = books_.find(record.id);
    if (book == books_.end()) return out;
    for (const auto& [shelf, texts] : book->second) {
        for (const std::string& text : texts) out.push_back({shelf, text});
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace tributary::lines
