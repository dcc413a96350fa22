// One line per kind of dataset that is looked through as pages of texts.
#include <array>

#include "app/browse/browsers.h"

namespace tributary::app {
namespace {

struct Row {
    std::string_view system;
    std::string_view kind;
    const DataBrowser& (*browser)();
};

constexpr std::array<Row, 3> kRows{
    {{"maprdb", "stream", streamBrowser}, {"maprdb", "json", documentBrowser}, {"tarantool", "space", spaceBrowser}}};

}  // namespace

const DataBrowser* dataBrowser(std::string_view system, std::string_view kind) {
    for (const Row& row : kRows) {
        if (row.system == system && row.kind == kind) return &row.browser();
    }
    return nullptr;
}

}  // namespace tributary::app
