// Rows of tables as a client reads and writes them.
#include "app/adapters/tabledata.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/systems/naming.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::CellInput;
using engine::maprdb::CellTime;
using engine::maprdb::ClusterCalls;
using engine::maprdb::MutationBuilder;
using engine::maprdb::numberOf;
using engine::maprdb::textOf;

constexpr std::uint8_t kPutByClient = 0;

Result<std::vector<CellRead>> readCells(const Json& list) {
    std::vector<CellRead> cells;
    for (const Json& item : list) {
        Result<Bytes> column = engine::bytesFromJson(textOf(item, "column"));
        if (!column) return column.error();
        Result<Bytes> value = engine::bytesFromJson(textOf(item, "value"));
        if (!value) return value.error();
        cells.push_back(
            CellRead{textOf(item, "family"), std::move(*column), numberOf(item, "timestamp"), std::move(*value)});
    }
    return cells;
}

}  // namespace

Result<CellWrite> parseCellWrite(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::size_t colon = text.substr(0, equals).find(':');
    if (equals == std::string_view::npos || colon == std::string_view::npos || colon == 0) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("'{}' is no cell", escapedBytes(bounded(text, limits::kNameShownMax))),
                     {},
                     "write it as family:column=value"};
    }
    CellWrite cell;
    cell.family = std::string(text.substr(0, colon));
    cell.qualifier = bytesOfEscaped(text.substr(colon + 1, equals - colon - 1));
    cell.value = bytesOfEscaped(text.substr(equals + 1));
    if (Status fits = limits::check("value", cell.value.size(), "a value"); !fits) return fits.error();
    return cell;
}

TableData::TableData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs)
    : directory_(directory), nowMs_(std::move(nowMs)) {}

Status TableData::put(const std::string& path, BytesView key, const std::vector<CellWrite>& cells) {
    if (cells.empty()) {
        return Error{ErrorCode::InvalidInput, "no cell is given", {}, "add one, as family:column=value"};
    }
    std::vector<std::string> families;
    Bytes mutations;
    MutationBuilder builder(mutations);
    builder.beginPut(key);
    std::set<std::tuple<std::string_view, std::string_view, std::optional<Millis>>> columns;
    for (const CellWrite& cell : cells) {
        if (!columns.emplace(cell.family, cell.qualifier, cell.timestampMs).second) {
            return Error{
                ErrorCode::InvalidInput,
                fmt::format("column {}:{} is given twice", escapedBytes(bounded(cell.family, limits::kNameShownMax)),
                            escapedBytes(bounded(cell.qualifier, limits::kNameShownMax))),
                {},
                "give it once: of two values one would be lost"};
        }
        if (Status fits = limits::check("value", cell.value.size(), "a value"); !fits) return fits;
        auto at = std::find(families.begin(), families.end(), cell.family);
        if (at == families.end()) at = families.insert(families.end(), cell.family);
        CellTime time;
        time.timestampMs = cell.timestampMs;
        builder.addCell(CellInput{static_cast<std::uint32_t>(at - families.begin()), cell.qualifier, cell.value, time});
    }
    builder.endPut();
    return send(path, key, families, mutations);
}

Result<RowRead> TableData::get(const std::string& path, BytesView key) {
    ClusterCalls calls(directory_, nowMs_);
    const Result<std::string> full = calls.fullPath(path, {}, "path");
    if (!full) return full.error();
    const Json body{{"path", *full}, {"key", engine::bytesToJson(key)}};
    const Result<Json> answer = calls.callAt(*full, engine::maprdb::TableMethod::Get, body);
    if (!answer) return answer.error();
    Result<std::vector<CellRead>> cells = readCells(answer->value("cells", Json::array()));
    if (!cells) return cells.error();
    return RowRead{Bytes(key), std::move(*cells), answer->value("complete", true)};
}

Result<ScanPage> TableData::scan(const ScanRequest& request) {
    ClusterCalls calls(directory_, nowMs_);
    const Result<std::string> full = calls.fullPath(request.path, {}, "path");
    if (!full) return full.error();
    Json body{{"path", *full},
              {"from", engine::bytesToJson(request.from)},
              {"to", engine::bytesToJson(request.to)},
              {"limit", request.limit}};
    if (!request.columns.empty()) body["columns"] = request.columns;
    const Result<Json> answer =
        calls.callAt(*full, engine::maprdb::TableMethod::Scan, body, engine::maprdb::kDataCallTimeoutMs);
    if (!answer) return answer.error();
    ScanPage page;
    page.complete = answer->value("complete", true);
    for (const Json& row : answer->value("rows", Json::array())) {
        Result<Bytes> key = engine::bytesFromJson(textOf(row, "key"));
        if (!key) return key.error();
        Result<std::vector<CellRead>> cells = readCells(row.value("cells", Json::array()));
        if (!cells) return cells.error();
        page.rows.push_back(RowRead{std::move(*key), std::move(*cells), page.complete});
    }
    const auto next = answer->find("next");
    if (next == answer->end() || !next->is_string()) return page;
    Result<Bytes> key = engine::bytesFromJson(next->get<std::string>());
    if (!key) return key.error();
    page.next = std::move(*key);
    return page;
}

Status TableData::deleteRow(const std::string& path, BytesView key) {
    Bytes mutations;
    MutationBuilder(mutations).deleteRow(key);
    return send(path, key, {}, mutations);
}

Status TableData::deleteFamily(const std::string& path, BytesView key, const std::string& family) {
    Bytes mutations;
    MutationBuilder(mutations).deleteFamily(key, 0);
    return send(path, key, {family}, mutations);
}

Status TableData::deleteColumn(const std::string& path, BytesView key, const std::string& family, BytesView qualifier) {
    Bytes mutations;
    MutationBuilder(mutations).deleteColumn(key, 0, qualifier);
    return send(path, key, {family}, mutations);
}

Status TableData::send(const std::string& path, BytesView key, const std::vector<std::string>& families,
                       BytesView mutations) {
    if (key.empty()) return Error{ErrorCode::InvalidInput, "a row needs a key", {}, "give one byte or more"};
    if (Status fits = limits::check("key", key.size(), "a row key"); !fits) return fits;
    ClusterCalls calls(directory_, nowMs_);
    const Result<std::string> full = calls.fullPath(path, {}, "path");
    if (!full) return full.error();
    const auto client = calls.client(clusterOf(*full));
    if (!client) return client.error();
    Bytes body;
    appendBlob(body, *full);
    appendFixed<std::uint8_t>(body, kPutByClient);
    body.append(engine::maprdb::encodeBody(families, mutations));
    const Result<Bytes> answer =
        (*client)->call(engine::maprdb::TableMethod::Put, body, engine::maprdb::kCallTimeoutMs);
    if (!answer) return answer.error();
    return okStatus();
}

}  // namespace tributary::app
