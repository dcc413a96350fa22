// CSV records as rows.
#include "app/rows/csvload.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/rows/csv.h"
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

Result<Header> readHeader(const CsvReader& reader, const std::vector<CsvField>& fields, const TargetTable& table,
                          const std::string& keyColumn) {
    Header header;
    bool keyFound = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string name(trim(fields[i].text));
        header.columns.emplace_back();
        if (name == keyColumn) {
            if (keyFound)
                return Error{ErrorCode::InvalidInput, "the key's column stands twice", reader.where(fields[i]), {}};
            header.key = i;
            keyFound = true;
            continue;
        }
        const std::size_t colon = name.find(':');
        if (colon == std::string::npos || colon == 0) {
            return Error{
                ErrorCode::InvalidInput, fmt::format("column '{}' names no family", name), reader.where(fields[i]),
                fmt::format("write it as {}:{}, or name the key's column with --key", table.families.front(), name)};
        }
        const std::string family = name.substr(0, colon);
        const auto at = std::find(table.families.begin(), table.families.end(), family);
        if (at == table.families.end()) {
            return Error{ErrorCode::InvalidInput, fmt::format("table {} has no family {}", table.path, family),
                         reader.where(fields[i]), "its families: " + join(table.families, ", ")};
        }
        header.columns.back() = {static_cast<std::uint32_t>(at - table.families.begin()), name.substr(colon + 1)};
    }
    if (keyFound) return header;
    return Error{ErrorCode::InvalidInput, fmt::format("no column is called {}", keyColumn),
                 reader.where(fields.front()), "name the column that holds the row keys: --key NAME"};
}

/// One record as a row; a record without any value is passed over.
Status appendRecord(const CsvReader& reader, const Header& header, const std::vector<CsvField>& fields,
                    PutPipeline& pipeline) {
    if (fields.size() != header.columns.size()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the record has {} fields, the header {}", fields.size(), header.columns.size()),
                     reader.where(fields.back()), "give every record a field per column; empty ones are fine"};
    }
    const CsvField& key = fields[header.key];
    if (key.text.empty() || key.text.size() > engine::maprdb::kKeyBytesMax) {
        return Error{ErrorCode::InvalidInput,
                     key.text.empty() ? "the row has no key" : "the row's key is too long",
                     reader.where(key),
                     {}};
    }
    bool begun = false;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        // An empty field is no cell; "" is a cell with an empty value.
        if (i == header.key || (fields[i].text.empty() && !fields[i].quoted)) continue;
        if (!begun) pipeline.builder().beginPut(key.text);
        begun = true;
        pipeline.builder().addCell({header.columns[i].family, header.columns[i].qualifier, fields[i].text, {}});
    }
    if (!begun) return okStatus();
    pipeline.builder().endPut();
    return pipeline.rowDone();
}

}  // namespace

Status loadCsv(const CsvLoad& load, std::istream& input, const TargetTable& table, PutPipeline& pipeline,
               const std::function<bool(std::uint64_t)>& progress) {
    CsvReader reader(input, load.fileName);
    std::vector<CsvField> fields;
    auto more = reader.next(fields);
    if (!more) return more.error();
    if (!more.value()) {
        return Error{ErrorCode::InvalidInput, "the file is empty", load.fileName,
                     "begin it with a header: key,family:column,..."};
    }
    const auto header = readHeader(reader, fields, table, load.keyColumn);
    if (!header) return header.error();
    while (true) {
        more = reader.next(fields);
        if (!more) return more.error();
        if (!more.value()) return pipeline.finish();
        if (Status added = appendRecord(reader, header.value(), fields, pipeline); !added) return added;
        if (!progress(pipeline.rowsAcked())) {
            return Error{ErrorCode::Cancelled, "the load was stopped", reader.where(fields.front()), {}};
        }
    }
}

}  // namespace tributary::app
