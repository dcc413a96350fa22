// Reading comma-separated values strictly (RFC 4180), with the place of every field.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>
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

/// Reads records one after the other. CRLF and LF are line ends, also mixed; a quoted field may hold them, and ""
/// inside it means one quote. The mark of UTF-8 at the start is skipped, and so are empty lines.
class CsvReader {
public:
    static constexpr std::size_t kRecordBytesMax = 64U << 20U;

    /// How the input may end behind a record without a line end.
    enum class End {
        Anywhere,  ///< a file: its last line may lack one
        AtLineEnd  ///< a pipe, a terminal: the writer may have died in the middle of the record
    };
    /// `input` outlives the reader; `fileName` is used in errors only.
    CsvReader(std::istream& input, std::string fileName, End end = End::Anywhere);

    /// Reads the next record into `fields`; false at the end. Nothing of a record is given that is not whole. Errors,
    /// at file:line:column: InvalidInput for a quote inside an unquoted field, text behind a closing quote, a quote
    /// that is never closed, a carriage return by itself, UTF-16, a record above kRecordBytesMax, an end in the middle
    /// of a record; Io when reading failed.
    Result<bool> next(std::vector<CsvField>& fields);
    /// "file:line:column" of a field.
    [[nodiscard]] std::string where(const CsvField& field) const;

private:
    Result<bool> readField(CsvField& field, bool& lastOfRecord);
    Status readQuoted(CsvField& field);
    /// Looks for what stands between fields: a comma, a line end, the end of the input. False: something else.
    Result<bool> readSeparator(const CsvField& field, bool& lastOfRecord);
    void skipMark();
    /// More bytes into `buffer_`, as many as are there; false at the end.
    bool refill();
    int take();
    [[nodiscard]] int peek();
    /// Appends what stands before the next of `stops`, or before the end of what is there.
    void takeRun(std::string& text, std::string_view stops);
    [[nodiscard]] Error endsWithin() const;
    [[nodiscard]] Error error(std::int64_t line, int column, std::string what, std::string fix) const;

    std::istream& input_;
    std::string fileName_;
    End end_;
    std::string buffer_;
    std::size_t at_ = 0;  ///< in `buffer_`
    bool utf16_ = false;
    std::size_t recordBytes_ = 0;
    std::int64_t recordLine_ = 1;
    std::int64_t line_ = 1;
    int column_ = 1;
};

}  // namespace tributary::app
