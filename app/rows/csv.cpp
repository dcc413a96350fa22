// RFC 4180, character by character.
#include "app/rows/csv.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::app {
namespace {

constexpr int kEnd = std::char_traits<char>::eof();
constexpr std::size_t kBufferBytes = 64U << 10U;
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

}  // namespace

CsvReader::CsvReader(std::istream& input, std::string fileName, End end)
    : input_(input), fileName_(std::move(fileName)), end_(end) {
    skipMark();
}

void CsvReader::skipMark() {
    // A mark is three bytes; what only begins like one belongs to the first field.
    while (buffer_.size() < kUtf8Mark.size()) {
        const int c = input_.rdbuf()->sgetc();
        if (c == kEnd) break;
        const bool like = c == static_cast<unsigned char>(kUtf8Mark[buffer_.size()]);
        const bool wide = buffer_.size() < 2 && (c == 0xff || c == 0xfe);
        if (!like && !wide) break;
        buffer_ += static_cast<char>(input_.rdbuf()->sbumpc());
    }
    utf16_ = buffer_.starts_with("\xff\xfe") || buffer_.starts_with("\xfe\xff");
    if (buffer_ == kUtf8Mark) buffer_.clear();  // spreadsheets write one
}

bool CsvReader::refill() {
    // Never more than is there: whoever types, or writes into a pipe, is not waited for.
    if (input_.rdbuf()->sgetc() == kEnd) return false;
    const auto there = static_cast<std::size_t>(std::max<std::streamsize>(1, input_.rdbuf()->in_avail()));
    buffer_.resize(std::min(there, kBufferBytes));
    buffer_.resize(
        static_cast<std::size_t>(input_.rdbuf()->sgetn(buffer_.data(), static_cast<std::streamsize>(buffer_.size()))));
    at_ = 0;
    return !buffer_.empty();
}

int CsvReader::peek() {
    if (at_ == buffer_.size() && !refill()) return kEnd;
    return static_cast<unsigned char>(buffer_[at_]);
}

void CsvReader::takeRun(std::string& text, std::string_view stops) {
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    const std::string_view run = rest.substr(0, rest.find_first_of(stops));
    for (const char c : run) column_ += static_cast<int>((static_cast<unsigned char>(c) & 0xc0) != 0x80);
    text.append(run);
    at_ += run.size();
    recordBytes_ += run.size();
}

int CsvReader::take() {
    const int c = peek();
    if (c != kEnd) ++at_;
    ++recordBytes_;
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

Error CsvReader::endsWithin() const {
    const std::string place = fmt::format("{}:{}:{}", fileName_, line_, column_);
    if (input_.bad()) {
        return Error{ErrorCode::Io,
                     fmt::format("reading failed in the middle of the record that begins in line {}", recordLine_),
                     place,
                     {}};
    }
    return error(line_, column_, "the input ends in the middle of a record",
                 "whatever wrote it may have been stopped; end the last record with a line end");
}

Status CsvReader::readQuoted(CsvField& field) {
    field.quoted = true;
    take();
    while (true) {
        takeRun(field.text, "\"\n");
        if (recordBytes_ > kRecordBytesMax) {
            return error(field.line, field.column, "a record is longer than any that can be stored",
                         "look for a quote that is never closed");
        }
        const int c = take();
        if (c == kEnd) {
            if (input_.bad()) return endsWithin();
            return error(field.line, field.column, "a quoted field is never closed", "add the closing quote");
        }
        if (c == '"') {
            if (peek() != '"') return okStatus();
            take();
        }
        field.text.push_back(static_cast<char>(c));
    }
}

Result<bool> CsvReader::readSeparator(const CsvField& field, bool& lastOfRecord) {
    const int c = peek();
    lastOfRecord = c != ',';
    if (c == kEnd) {
        // The place of the end is where reading stopped; a file may well end here.
        if (input_.bad() || end_ == End::AtLineEnd) return endsWithin();
        return true;
    }
    if (c == ',' || c == '\n') {
        take();
        return true;
    }
    if (c == '\r') {
        const int column = column_;
        take();
        if (peek() == '\n') {
            take();
            return true;
        }
        if (peek() == kEnd && (input_.bad() || end_ == End::AtLineEnd)) return endsWithin();
        return error(
            line_, column, "a carriage return stands by itself",
            field.quoted ? "end lines with LF or CR LF" : "end lines with LF or CR LF, or put the field into quotes");
    }
    if (!field.quoted) return false;
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
        if (recordBytes_ > kRecordBytesMax) {
            return error(field.line, field.column, "a record is longer than any that can be stored",
                         "give a file of comma-separated values");
        }
        const auto ended = readSeparator(field, lastOfRecord);
        if (!ended || ended.value()) return ended;
        if (peek() == '"') {
            return error(line_, column_, "a quote stands inside a field that does not begin with one",
                         "put the whole field into quotes, and double those inside");
        }
        field.text.push_back(static_cast<char>(take()));
        takeRun(field.text, ",\"\r\n");
    }
}

Result<bool> CsvReader::next(std::vector<CsvField>& fields) {
    if (utf16_) {
        return Error{ErrorCode::InvalidInput, "the file is UTF-16", fileName_,
                     fmt::format("iconv -f UTF-16 -t UTF-8 {} > utf8.csv", fileName_)};
    }
    while (peek() == '\n' || peek() == '\r') {
        const int column = column_;
        if (take() == '\n') continue;
        if (peek() != '\n')
            return error(line_, column, "a carriage return stands by itself", "end lines with LF or CR LF");
    }
    recordBytes_ = 0;
    recordLine_ = line_;
    if (peek() == kEnd) {
        if (input_.bad()) {
            return Error{ErrorCode::Io, "reading failed", fmt::format("{}:{}:{}", fileName_, line_, column_), {}};
        }
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
