// CSV records as rows.
#include "app/rows/csvload.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

/// What the columns of a file mean.
struct Header {
    std::size_t key = 0;
    struct Column {
        std::uint32_t family = 0;
        std::string qualifier;
    };
    std::vector<Column> columns;  ///< by position; the key's entry is unused
};

/// A header as errors show it.
std::string shownName(const std::string& name) {
    return escapedBytes(bounded(name, limits::kNameShownMax));
}

Result<Header> readHeader(const CsvReader& reader, const std::vector<CsvField>& fields, const TargetTable& table,
                          const CsvLoad& load) {
    Header header;
    bool keyFound = false;
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string name(fields[i].quoted ? std::string_view(fields[i].text) : trim(fields[i].text));
        header.columns.emplace_back();
        if (name.empty()) {
            return Error{ErrorCode::InvalidInput, fmt::format("column {} of the header has no name", i + 1),
                         reader.where(fields[i]), fmt::format("write it as {}:name", table.families.front())};
        }
        // By the bytes that are meant: \x61 is an a.
        const std::string meant = load.raw ? name : bytesOfEscaped(name);
        if (const auto [at, isNew] = seen.try_emplace(meant, i); !isNew) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("the header has column '{}' twice, as column {} and {}", shownName(meant),
                                     at->second + 1, i + 1),
                         reader.where(fields[i]), "give each column a name of its own, or take one of them out"};
        }
        if (name == load.keyColumn) {
            header.key = i;
            keyFound = true;
            continue;
        }
        const std::size_t colon = name.find(':');
        if (colon == std::string::npos || colon == 0) {
            return Error{ErrorCode::InvalidInput, fmt::format("column '{}' names no family", shownName(name)),
                         reader.where(fields[i]),
                         fmt::format("write it as {}:{}, or name the key's column with --key", table.families.front(),
                                     shownName(name))};
        }
        const std::string family = name.substr(0, colon);
        const auto at = std::find(table.families.begin(), table.families.end(), family);
        if (at == table.families.end()) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("table {} has no family {}", table.path, shownName(family)),
                         reader.where(fields[i]), "its families: " + join(table.families, ", ")};
        }
        const std::string qualifier = name.substr(colon + 1);
        if (qualifier.empty()) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("column '{}' has no name behind its family", shownName(name)),
                         reader.where(fields[i]), fmt::format("write it as {}:name", shownName(family))};
        }
        header.columns.back() = {static_cast<std::uint32_t>(at - table.families.begin()),
                                 load.raw ? qualifier : bytesOfEscaped(qualifier)};
        const std::size_t size = header.columns.back().qualifier.size();
        if (Status fits = limits::check("column", size, "a column's name", reader.where(fields[i])); !fits) {
            return fits.error();
        }
    }
    if (keyFound) return header;
    return Error{ErrorCode::InvalidInput, fmt::format("no column is called {}", shownName(load.keyColumn)),
                 reader.where(fields.front()), "name the column that holds the row keys: --key NAME"};
}

/// One record as a row; false for one without any value, which is none.
Result<bool> appendRecord(const CsvReader& reader, const Header& header, const std::vector<CsvField>& fields, bool raw,
                          PutPipeline& pipeline) {
    if (fields.size() != header.columns.size()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the record has {} fields, the header {}", fields.size(), header.columns.size()),
                     reader.where(fields.back()), "give every record a field per column; empty ones are fine"};
    }
    const CsvField& keyField = fields[header.key];
    const Bytes key = raw ? keyField.text : bytesOfEscaped(keyField.text);
    if (key.empty()) return Error{ErrorCode::InvalidInput, "the row has no key", reader.where(keyField), {}};
    if (Status fits = limits::check("key", key.size(), "a row key", reader.where(keyField)); !fits) return fits.error();
    bool begun = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        // An empty field is no cell; "" is a cell with an empty value.
        if (i == header.key || (fields[i].text.empty() && !fields[i].quoted)) continue;
        const Bytes value = raw ? fields[i].text : bytesOfEscaped(fields[i].text);
        if (Status fits = limits::check("value", value.size(), "a value", reader.where(fields[i])); !fits)
            return fits.error();
        if (!begun) pipeline.builder().beginPut(key);
        begun = true;
        pipeline.builder().addCell({header.columns[i].family, header.columns[i].qualifier, value, {}});
    }
    if (!begun) return false;
    pipeline.builder().endPut();
    if (Status done = pipeline.rowDone(); !done) return done.error();
    return true;
}

}  // namespace

CsvLoad csvLoadOf(const InputStream& input, std::string keyColumn) {
    return {input.name(), std::move(keyColumn), false,
            input.isRegularFile() ? CsvReader::End::Anywhere : CsvReader::End::AtLineEnd};
}

Error finishAfter(Error error, PutPipeline& pipeline) {
    const Status finished = pipeline.finish();
    std::string doubt;
    if (pipeline.rowsRefused() > 0) doubt = fmt::format(", {} were refused", groupedDigits(pipeline.rowsRefused()));
    if (!finished && pipeline.rowsInDoubt() > 0) {
        doubt += fmt::format("; of up to {} more it is not known: {}", groupedDigits(pipeline.rowsInDoubt()),
                             finished.error().what);
    }
    error.what += fmt::format(" ({} rows were loaded before{})", groupedDigits(pipeline.rowsAcked()), doubt);
    return error;
}

std::string CsvLeftOut::text() const {
    if (records == 0) return {};
    return records == 1 ? fmt::format("1 record has a key and no value, so it is no row: {}", firstAt)
                        : fmt::format("{} records have a key and no value, so they are no rows; the first: {}",
                                      groupedDigits(records), firstAt);
}

Result<CsvLeftOut> loadCsv(const CsvLoad& load, std::istream& input, const TargetTable& table, PutPipeline& pipeline,
                           const std::function<bool(std::uint64_t)>& progress) {
    CsvReader reader(input, load.fileName, load.end);
    std::vector<CsvField> fields;
    auto more = reader.next(fields);
    if (!more) return more.error();
    if (!more.value()) {
        return Error{ErrorCode::InvalidInput, "the file is empty", load.fileName,
                     "begin it with a header: key,family:column,..."};
    }
    const auto header = readHeader(reader, fields, table, load);
    if (!header) return header.error();
    CsvLeftOut leftOut;
    while (true) {
        more = reader.next(fields);
        if (!more) return more.error();
        if (!more.value()) break;
        const auto added = appendRecord(reader, header.value(), fields, load.raw, pipeline);
        if (!added) return added.error();
        if (!added.value() && ++leftOut.records == 1) leftOut.firstAt = reader.where(fields[header.value().key]);
        if (!progress(pipeline.rowsAcked())) {
            return Error{ErrorCode::Cancelled, "the load was stopped", reader.where(fields.front()), {}};
        }
    }
    if (Status finished = pipeline.finish(); !finished) return finished.error();
    return leftOut;
}

}  // namespace tributary::app
