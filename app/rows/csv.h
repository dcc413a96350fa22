// Reading comma-separated values strictly (RFC 4180), with the place of every field.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// One field and where it begins.
struct CsvField {
    std::string text;
    std::int64_t line = 0;  ///< from 1
    int column = 0;         ///< from 1, in characters
    bool quoted = false;
};

/// Reads records one after the other. CRLF, LF and CR LF mixed are line ends; a quoted field may hold them, and ""
/// inside it means one quote. A byte order mark is skipped, and so are empty lines.
class CsvReader {
public:
    /// `input` outlives the reader; `fileName` is used in errors only.
    CsvReader(std::istream& input, std::string fileName);

    /// Reads the next record into `fields`; false at the end. Errors (InvalidInput at file:line:column): a quote inside
    /// an unquoted field, text behind a closing quote, a quote that is never closed; Io.
    Result<bool> next(std::vector<CsvField>& fields);
    /// "file:line:column" of a field.
    [[nodiscard]] std::string where(const CsvField& field) const;

private:
    Result<bool> readField(CsvField& field, bool& lastOfRecord);
    Status readQuoted(CsvField& field);
    int take();
    [[nodiscard]] int peek();
    [[nodiscard]] Error error(std::int64_t line, int column, std::string what, std::string fix) const;

    std::istream& input_;
    std::string fileName_;
    std::int64_t line_ = 1;
    int column_ = 1;
};

}  // namespace tributary::app
