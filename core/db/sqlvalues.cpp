// Values and images of rows as bytes.
#include <bit>

#include "core/db/sqlbytes.h"
#include "core/db/sqlsession.h"

namespace tributary {
namespace {

enum class Tag : std::uint8_t { Null = 0, Integer = 1, Real = 2, Text = 3, Blob = 4 };

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

void appendTag(Bytes& out, Tag tag) {
    out.push_back(static_cast<char>(tag));
}

}  // namespace

void appendSqlInteger(Bytes& out, std::int64_t value) {
    appendTag(out, Tag::Integer);
    appendVarint(out, zigzag(value));
}

void appendSqlReal(Bytes& out, double value) {
    appendTag(out, Tag::Real);
    appendFixed(out, std::bit_cast<std::uint64_t>(value));
}

void appendSqlBytes(Bytes& out, BytesView value, bool isText) {
    appendTag(out, isText ? Tag::Text : Tag::Blob);
    appendBlob(out, value);
}

void appendSqlNull(Bytes& out) {
    appendTag(out, Tag::Null);
}

void appendSqlRowid(Bytes& out, std::int64_t rowid) {
    appendVarint(out, zigzag(rowid));
}

void appendSqlValue(Bytes& out, const SqlValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        appendSqlInteger(out, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        appendSqlReal(out, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        appendSqlBytes(out, *text, true);
    } else if (const auto* blob = std::get_if<SqlBlob>(&value)) {
        appendSqlBytes(out, blob->bytes, false);
    } else {
        appendSqlNull(out);
    }
}

SqlValue readSqlValue(ByteReader& in) {
    switch (static_cast<Tag>(in.fixed<std::uint8_t>())) {
        case Tag::Null: return {};
        case Tag::Integer: return unzigzag(in.varint());
        case Tag::Real: return std::bit_cast<double>(in.fixed<std::uint64_t>());
        case Tag::Text: return std::string(in.blob());
        case Tag::Blob: return SqlBlob{Bytes(in.blob())};
    }
    (void)in.raw(UINT64_MAX);  // no such value: the reader is not ok from here on
    return {};
}

Result<SqlRow> readSqlRow(BytesView values, std::size_t columns) {
    ByteReader in(values);
    SqlRow row;
    row.reserve(columns);
    for (std::size_t i = 0; i < columns && in.ok(); ++i) row.push_back(readSqlValue(in));
    if (in.ok() && in.atEnd()) return row;
    return Error{ErrorCode::Corrupt, "the image of a row does not have the columns of its table", {}, {}};
}

void appendSqlChange(Bytes& out, const SqlChangeView& change) {
    out.push_back(static_cast<char>(change.what));
    appendVarint(out, change.table);
    if (change.what != SqlChange::Insert) {
        appendSqlRowid(out, change.rowidBefore);
        appendBlob(out, change.before);
    }
    if (change.what != SqlChange::Delete) {
        appendSqlRowid(out, change.rowidAfter);
        appendBlob(out, change.after);
    }
}

void appendSqlMark(Bytes& out, BytesView mark) {
    out.push_back(static_cast<char>(SqlChange::Mark));
    appendBlob(out, mark);
}

void appendSqlTruncate(Bytes& out, std::uint32_t table) {
    out.push_back(static_cast<char>(SqlChange::Truncate));
    appendVarint(out, table);
}

void appendSqlCounter(Bytes& out, std::uint32_t counter, std::uint64_t before, std::uint64_t after) {
    out.push_back(static_cast<char>(SqlChange::Counter));
    appendVarint(out, counter);
    appendVarint(out, before);
    appendVarint(out, after);
}

bool nextSqlChange(ByteReader& in, SqlChangeView& out) {
    if (!in.ok() || in.atEnd()) return false;
    out = {};
    out.what = static_cast<SqlChange>(in.fixed<std::uint8_t>());
    switch (out.what) {
        case SqlChange::Mark: out.mark = in.blob(); return in.ok();
        case SqlChange::Counter:
            out.counter = static_cast<std::uint32_t>(in.varint());
            out.counterBefore = in.varint();
            out.counterAfter = in.varint();
            return in.ok();
        case SqlChange::Truncate: out.table = static_cast<std::uint32_t>(in.varint()); return in.ok();
        case SqlChange::Insert:
        case SqlChange::Delete:
        case SqlChange::Update: break;
        default: (void)in.raw(UINT64_MAX); return false;
    }
    out.table = static_cast<std::uint32_t>(in.varint());
    if (out.what != SqlChange::Insert) {
        out.rowidBefore = unzigzag(in.varint());
        out.before = in.blob();
    }
    if (out.what != SqlChange::Delete) {
        out.rowidAfter = unzigzag(in.varint());
        out.after = in.blob();
    }
    return in.ok();
}

}  // namespace tributary
