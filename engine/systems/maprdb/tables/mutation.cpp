// Writing, checking and projecting mutation lists.
#include "engine/systems/maprdb/tables/mutation.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::maprdb {
namespace {

std::size_t varintBytes(std::uint64_t value) {
    std::size_t size = 1;
    for (; value >= 0x80; value >>= 7U) ++size;
    return size;
}

std::uint64_t headOf(std::uint32_t family, const CellTime& time) {
    return static_cast<std::uint64_t>(family) << 2U | (time.stamp ? 2U : 0U) | (time.timestampMs ? 1U : 0U);
}

void appendTime(Bytes& out, const CellTime& time) {
    if (time.timestampMs) appendFixed<Millis>(out, *time.timestampMs);
    if (time.stamp) appendFixed<Stamp>(out, *time.stamp);
}

void appendCell(Bytes& out, const CellInput& cell) {
    appendVarint(out, headOf(cell.family, cell.time));
    appendBlob(out, cell.qualifier);
    appendTime(out, cell.time);
    appendBlob(out, cell.value);
}

std::size_t timeBytes(const CellTime& time) {
    return (time.timestampMs ? 8U : 0U) + (time.stamp ? 8U : 0U);
}

std::size_t cellBytes(const CellInput& cell) {
    return varintBytes(headOf(cell.family, cell.time)) + varintBytes(cell.qualifier.size()) + cell.qualifier.size() +
           timeBytes(cell.time) + varintBytes(cell.value.size()) + cell.value.size();
}

Error damaged(std::string what, const char* at, BytesView list) {
    return Error{ErrorCode::Corrupt, std::move(what), fmt::format("mutation list, byte {}", at - list.data()),
                 "run the command again; if it stays, copy the table anew from its source"};
}

}  // namespace

void MutationBuilder::head(OpKind kind, BytesView key, std::size_t bodyBytes) {
    out_.push_back(static_cast<char>(kind));
    appendBlob(out_, key);
    appendVarint(out_, bodyBytes);
    ++count_;
}

void MutationBuilder::put(BytesView key, const CellInput& cell) {
    head(OpKind::Put, key, cellBytes(cell));
    appendCell(out_, cell);
}

void MutationBuilder::beginPut(BytesView key) {
    body_.clear();
    key_.assign(key);
}

void MutationBuilder::addCell(const CellInput& cell) {
    appendCell(body_, cell);
}

void MutationBuilder::endPut() {
    assert(!body_.empty());
    head(OpKind::Put, key_, body_.size());
    out_.append(body_);
}

void MutationBuilder::deleteRow(BytesView key, const CellTime& time) {
    head(OpKind::DeleteRow, key, 1 + timeBytes(time));
    appendVarint(out_, headOf(0, time));
    appendTime(out_, time);
}

void MutationBuilder::deleteFamily(BytesView key, std::uint32_t family, const CellTime& time) {
    head(OpKind::DeleteFamily, key, varintBytes(headOf(family, time)) + timeBytes(time));
    appendVarint(out_, headOf(family, time));
    appendTime(out_, time);
}

void MutationBuilder::deleteColumn(BytesView key, std::uint32_t family, BytesView qualifier, const CellTime& time) {
    head(OpKind::DeleteColumn, key,
         varintBytes(headOf(family, time)) + varintBytes(qualifier.size()) + qualifier.size() + timeBytes(time));
    appendVarint(out_, headOf(family, time));
    appendBlob(out_, qualifier);
    appendTime(out_, time);
}

Result<std::uint32_t> countAndCheck(BytesView list, std::size_t familyCount) {
    std::uint32_t count = 0;
    MutationReader reader(list, 0);
    OpView op;
    CellView cell;
    while (reader.next(op)) {
        if (op.key.empty()) return damaged("a row without a key", op.body.data(), list);
        if (Status fits = limits::check("key", op.key.size(), "a row key"); !fits) return fits.error();
        CellReader cells = op.cells();
        std::uint32_t cellCount = 0;
        while (cells.next(cell)) {
            ++cellCount;
            if (cell.value.size() > limits::kValueBytesMax) {
                return limits::check("value", cell.value.size(), "a value").error();
            }
            if (cell.qualifier.size() > limits::kQualifierBytesMax) {
                return limits::check("column", cell.qualifier.size(), "a column's name").error();
            }
            if (cell.family >= familyCount && op.kind != OpKind::DeleteRow) {
                return damaged(fmt::format("column family {} of {}", cell.family, familyCount), op.body.data(), list);
            }
        }
        if (!cells.ok()) return damaged("a cell ends early", op.body.data(), list);
        if (cellCount == 0 || (cellCount > 1 && op.kind != OpKind::Put)) {
            return damaged(fmt::format("a row operation with {} cells", cellCount), op.body.data(), list);
        }
        ++count;
    }
    if (!reader.ok()) return damaged("a row operation ends early or is of an unknown kind", reader.position(), list);
    return count;
}

namespace {

const KeptFamily* find(const std::vector<KeptFamily>& kept, std::uint32_t family) {
    for (const KeptFamily& k : kept) {
        if (k.family == family) return &k;
    }
    return nullptr;
}

bool keeps(const KeptFamily& kept, BytesView qualifier) {
    return kept.qualifiers.empty() ||
           std::find(kept.qualifiers.begin(), kept.qualifiers.end(), qualifier) != kept.qualifiers.end();
}

void narrowFamilyDelete(MutationBuilder& out, BytesView key, const KeptFamily& kept, const CellTime& time) {
    if (kept.qualifiers.empty()) {
        out.deleteFamily(key, kept.family, time);
        return;
    }
    for (const std::string& qualifier : kept.qualifiers) out.deleteColumn(key, kept.family, qualifier, time);
}

void projectPut(MutationBuilder& out, const OpView& op, CellReader& cells, const std::vector<KeptFamily>& kept) {
    CellView cell;
    bool any = false;
    while (cells.next(cell)) {
        const KeptFamily* family = find(kept, cell.family);
        if (family == nullptr || !keeps(*family, cell.qualifier)) continue;
        if (!any) out.beginPut(op.key);
        any = true;
        out.addCell({cell.family, cell.qualifier, cell.value, cell.time()});
    }
    if (any) out.endPut();
}

void projectDelete(MutationBuilder& out, const OpView& op, const CellView& cell, const std::vector<KeptFamily>& kept) {
    if (op.kind == OpKind::DeleteRow) {
        for (const KeptFamily& k : kept) narrowFamilyDelete(out, op.key, k, cell.time());
        return;
    }
    const KeptFamily* family = find(kept, cell.family);
    if (family == nullptr) return;
    if (op.kind == OpKind::DeleteFamily) {
        narrowFamilyDelete(out, op.key, *family, cell.time());
    } else if (keeps(*family, cell.qualifier)) {
        out.deleteColumn(op.key, cell.family, cell.qualifier, cell.time());
    }
}

}  // namespace

Result<Bytes> project(BytesView list, const std::vector<KeptFamily>& kept) {
    Bytes result;
    MutationBuilder out(result);
    MutationReader reader(list, 0);
    OpView op;
    while (reader.next(op)) {
        CellReader cells = op.cells();
        CellView cell;
        if (op.kind == OpKind::Put) {
            projectPut(out, op, cells, kept);
        } else if (cells.next(cell)) {
            projectDelete(out, op, cell, kept);
        }
        if (!cells.ok()) return damaged("a cell ends early", op.body.data(), list);
    }
    if (!reader.ok()) return damaged("a row operation ends early or is of an unknown kind", reader.position(), list);
    return result;
}

}  // namespace tributary::engine::maprdb
