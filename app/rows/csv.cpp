// RFC 4180, character by character.
#include "app/rows/csv.h"

#include <fmt/format.h>

namespace tributary::app {
namespace {

constexpr int kEnd = std::char_traits<char>::eof();

}  // namespace

CsvReader::CsvReader(std::istream& input, std::string fileName) : input_(input), fileName_(std::move(fileName)) {
    if (peek() != 0xef) return;
    for (int i = 0; i < 3; ++i) take();  // a byte order mark: spreadsheets write one
    column_ = 1;
}

int CsvReader::peek() {
    return input_.rdbuf()->sgetc();
}

int CsvReader::take() {
    const int c = input_.rdbuf()->sbumpc();
    if (c == '\n') {
        ++line_;
        column_ = 1;
    } else if (c != kEnd && (c & 0xc0) != 0x80) {  // the later bytes of a UTF-8 character are no columns
        ++column_;
    }
    return c;
}

Error CsvReader::error(std::int64_t line, int column, std::string what, std::string fix) const {
    return Error{ErrorCode::InvalidInput, std::move(what), fmt::format("{}:{}:{}", fileName_, line, column),
                 std::move(fix)};
}

std::string CsvReader::where(const CsvField& field) const {
    return fmt::format("{}:{}:{}", fileName_, field.line, field.column);
}

Status CsvReader::readQuoted(CsvField& field) {
    field.quoted = true;
    take();
    while (true) {
        const int c = take();
        if (c == kEnd) {
            return error(field.line, field.column, "a quoted field is never closed", "add the closing quote");
        }
        if (c == '"') {
            if (peek() != '"') break;
            take();
        }
        field.text.push_back(static_cast<char>(c));
    }
    const int next = peek();
    if (next == ',' || next == '\n' || next == '\r' || next == kEnd) return okStatus();
    return error(line_, column_, "text stands behind the closing quote of a field",
                 "double the quotes inside a quoted field: \"\"");
}

Result<bool> CsvReader::readField(CsvField& field, bool& lastOfRecord) {
    field.text.clear();
    field.line = line_;
    field.column = column_;
    field.quoted = false;
    if (peek() == '"') {
        if (Status read = readQuoted(field); !read) return read.error();
    }
    while (true) {
        const int c = peek();
        if (c == '"' && !field.quoted) {
            return error(line_, column_, "a quote stands inside a field that does not begin with one",
                         "put the whole field into quotes, and double those inside");
        }
        lastOfRecord = c != ',';
        if (c == kEnd) return true;
        take();
        if (c == ',' || c == '\n') return true;
        if (c == '\r' && peek() == '\n') {
            take();
            return true;
        }
        field.text.push_back(static_cast<char>(c));
    }
}

Result<bool> CsvReader::next(std::vector<CsvField>& fields) {
    while (peek() == '\n' || peek() == '\r') take();
    if (peek() == kEnd) {
        if (input_.bad()) return Error{ErrorCode::Io, "the file cannot be read", fileName_, {}};
        fields.clear();
        return false;
    }
    std::size_t count = 0;
    bool last = false;
    while (!last) {
        if (count == fields.size()) fields.emplace_back();
        if (auto read = readField(fields[count], last); !read) return read;
        ++count;
    }
    fields.resize(count);
    return true;
}

}  // namespace tributary::app
