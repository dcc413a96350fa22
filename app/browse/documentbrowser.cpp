// Documents of a JSON table, a column per field.
#include <fmt/format.h>

#include <algorithm>

#include "app/adapters/documents.h"
#include "app/browse/browsers.h"
#include "app/observe/clocks.h"
#include "core/base/escape.h"
#include "core/systems/naming.h"
#include "engine/systems/maprdb/json/jsontext.h"

namespace tributary::app {
namespace {

namespace ojai = engine::maprdb::json;

constexpr std::size_t kFieldsMost = 64;       ///< columns of one page
constexpr std::size_t kCellTextMost = 2'000;  ///< bytes of one cell; the whole document is a click away

/// What a person typed: a value with its type, or a string.
ojai::Value typedId(const std::string& typed) {
    auto value = ojai::parseJson(typed);
    // A bare number is a double in this grammar, and no _id is one: it is meant as the text.
    const bool isId = value && (value->type() == ojai::ValueType::String || value->type() == ojai::ValueType::Binary);
    return isId ? std::move(value).value() : ojai::Value::string(typed);
}

std::string cellText(const ojai::Value& value) {
    const std::string whole =
        value.type() == ojai::ValueType::String ? value.asText() : ojai::printJson(value, {false, false});
    return escapedBytes(bounded(whole, kCellTextMost));
}

std::size_t columnOf(BrowsePage& page, const std::string& field) {
    const std::string title = escapedBytes(field);
    const auto at = std::find_if(page.columns.begin(), page.columns.end(),
                                 [&](const BrowseColumn& column) { return column.title == title; });
    if (at != page.columns.end()) return static_cast<std::size_t>(at - page.columns.begin());
    if (page.columns.size() == kFieldsMost) return kFieldsMost;
    page.columns.push_back({title, false});
    return page.columns.size() - 1;
}

void addDocument(const ojai::Value& document, BrowsePage& page) {
    std::vector<BrowseCell> cells;
    for (const ojai::Field& field : document.fields()) {
        const std::size_t column = columnOf(page, field.name);
        if (column == kFieldsMost) continue;
        while (cells.size() <= column) cells.push_back({{}, false});
        cells[column] = {cellText(field.value), true};
    }
    page.rows.push_back(std::move(cells));
    page.details.push_back(shownText(ojai::printJson(document, {true, true})));
}

class DocumentBrowser final : public DataBrowser {
public:
    [[nodiscard]] BrowseWords words() const override { return {"Documents", {}, {}, "From _id", {}, {}, {}, false}; }

    [[nodiscard]] Result<std::vector<BrowsePart>> parts(Session& /*session*/,
                                                        const std::string& /*dataset*/) const override {
        return std::vector<BrowsePart>();
    }

    [[nodiscard]] Result<BrowsePage> read(Session& session, const BrowseRequest& request) const override {
        FindDocuments find;
        find.path = request.dataset;
        find.limit = request.rowsMost + 1;  // one more tells whether there is a next page
        if (!request.after.empty()) {
            auto id = ojai::parseJson(request.after);
            if (!id) return id.error();
            find.from = std::move(id).value();
        } else if (!request.from.empty()) {
            find.from = typedId(request.from);
        }
        BrowsePage page;
        page.columns = {{"_id", false}};
        Status damage = okStatus();
        const auto take = [&](const std::string& text) {
            const auto document = ojai::parseDocument(text);
            if (!document) {
                damage = document.error();
            } else if (page.rows.size() < request.rowsMost) {
                addDocument(document.value(), page);
            } else if (const ojai::Value* id = document->find("_id")) {
                page.next = ojai::printJson(*id);
            }
        };
        DocumentData data(session.directory(), wallNowMs);
        const auto complete = data.find(find, take);
        if (!complete) return complete.error();
        if (!damage) return damage.error();
        if (!complete.value()) page.note = "some fields are left out: " + session.user() + " may not read them";
        return page;
    }

    [[nodiscard]] Result<std::string> write(Session& /*session*/, const BrowseWrite& write) const override {
        return Error{ErrorCode::Unsupported, "documents are not written here", write.dataset,
                     "in the console: mapr dbshell"};
    }
};

}  // namespace

const DataBrowser& documentBrowser() {
    static const DocumentBrowser browser;
    return browser;
}

}  // namespace tributary::app
