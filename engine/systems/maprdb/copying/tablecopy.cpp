// Chunks as they are asked for, cut and acknowledged.
#include "engine/systems/maprdb/copying/tablecopy.h"

#include "core/base/limits.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::engine::maprdb {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPutHeadBytes = 1024;  // path and flags before a put's body
constexpr std::uint8_t kPutIsCopy = 1;       // cells keep the timestamps and arrival stamps inside

std::uint16_t numberOfMethod(Method method) {
    return static_cast<std::uint16_t>(method);
}

// Rows of a body: a chunk's own count includes rows of which a selection showed nothing.
Result<std::uint32_t> rowsIn(BytesView mutations) {
    MutationReader reader(mutations, 0);
    OpView op;
    BytesView last;
    std::uint32_t rows = 0;
    while (reader.next(op)) {
        if (rows == 0 || op.key != last) ++rows;
        last = op.key;
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a chunk of rows is damaged", {}, {}};
    return rows;
}

// Cuts mutations into lists that fit a request: between row operations, and inside a put of more cells than fit.
class MutationSplit {
public:
    explicit MutationSplit(std::size_t bytesMax) : bytesMax_(bytesMax) {}

    Result<std::vector<Bytes>> of(BytesView mutations) {
        MutationReader reader(mutations, 0);
        OpView op;
        const char* begin = reader.position();
        while (reader.next(op)) {
            const BytesView whole(begin, static_cast<std::size_t>(reader.position() - begin));
            begin = reader.position();
            if (whole.size() <= bytesMax_) {
                makeRoom(whole.size());
                piece_.append(whole);
            } else if (!addCells(op)) {
                return damagedChunk();
            }
        }
        if (!reader.ok()) return damagedChunk();
        makeRoom(bytesMax_);
        return std::move(pieces_);
    }

private:
    static Error damagedChunk() { return {ErrorCode::Corrupt, "a chunk of rows is damaged", {}, {}}; }

    void makeRoom(std::size_t bytes) {
        if (piece_.empty() || piece_.size() + bytes <= bytesMax_) return;
        pieces_.push_back(std::move(piece_));
        piece_.clear();
    }
    bool addCells(const OpView& op) {
        CellReader cells = op.cells();
        CellView cell;
        std::vector<CellInput> group;
        std::size_t bytes = 0;
        while (cells.next(cell)) {
            const std::size_t more = cell.qualifier.size() + cell.value.size() + kCellHeadBytes;
            if (!group.empty() && bytes + more > bytesMax_ - op.key.size()) addPut(op.key, group, bytes);
            group.push_back(CellInput{cell.family, cell.qualifier, cell.value, cell.time()});
            bytes += more;
        }
        addPut(op.key, group, bytes);
        return cells.ok() && op.kind == OpKind::Put;
    }
    void addPut(BytesView key, std::vector<CellInput>& group, std::size_t& bytes) {
        if (group.empty()) return;
        makeRoom(bytes + key.size());
        MutationBuilder builder(piece_);
        builder.beginPut(key);
        for (const CellInput& cell : group) builder.addCell(cell);
        builder.endPut();
        group.clear();
        bytes = 0;
    }

    static constexpr std::size_t kCellHeadBytes = 48;
    std::size_t bytesMax_;
    Bytes piece_;
    std::vector<Bytes> pieces_;
};

}  // namespace

Bytes encodeRangeAsk(const RangeAsk& request) {
    Bytes out;
    appendBlob(out, request.path);
    appendBlob(out, request.from);
    appendBlob(out, request.to);
    appendFixed<std::uint32_t>(out, request.rowsMax);
    appendFixed<std::uint32_t>(out, request.bytesMax);
    appendBlob(out, request.columns);
    appendFixed<std::uint32_t>(out, request.maxVersions);
    appendFixed<std::int64_t>(out, request.startMs);
    appendFixed<std::int64_t>(out, request.endMs);
    return out;
}

Result<RangeAnswer> parseRangeAnswer(BytesView answer, BytesView from) {
    ByteReader reader(answer);
    RangeAnswer out;
    out.atEnd = reader.fixed<std::uint8_t>() != 0;
    out.rows = reader.fixed<std::uint32_t>();
    out.next = reader.blob();
    out.body = reader.raw(reader.remaining());
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a chunk of rows is damaged", {}, {}};
    if (!out.atEnd && out.next <= from) {
        return Error{ErrorCode::Corrupt, "a chunk of rows does not say where the next one begins", {}, {}};
    }
    return out;
}

TableCopyWork::TableCopyWork(TableCopyRequest request, Options options, const Json& token)
    : request_(std::move(request)),
      options_(options),
      selects_(!request_.columns.empty() || request_.maxVersions > 0 || request_.startMs > 0 || request_.endMs > 0),
      from_(request_.from) {
    figures_.itemsExpected = options_.rowsExpected;
    if (!token.is_object()) return;
    const auto key = bytesFromJson(token.value("key", std::string()));
    if (!key) return;  // from the beginning, then: nothing is doubled by it
    from_ = std::max(from_, key.value());
    copiedUpTo_ = from_;
    figures_.itemsBefore = token.value("rows", std::uint64_t{0});
}

Json TableCopyWork::token() const {
    return Json{{"key", bytesToJson(copiedUpTo_)}, {"rows", figures_.itemsBefore + copiedRows_}};
}

bool TableCopyWork::done() const {
    return atEnd_ && !reading_ && ready_.empty() && puts_ == 0;
}

std::optional<CopyCall> TableCopyWork::next() {
    if (options_.sessions && sessionsOpen_ < 2) return nextSession();
    if (!reading_ && !atEnd_ && ready_.size() < 2) return nextRead();
    if (!ready_.empty() && puts_ < request_.putsInFlightMax) return nextPut();
    return std::nullopt;
}

std::optional<CopyCall> TableCopyWork::nextSession() {
    if (sessionsAsked_ == 2) return std::nullopt;
    const bool atSource = ++sessionsAsked_ == 1;
    const std::uint64_t id = nextId_++;
    sent_[id].kind = Kind::Session;
    const Json body{{"path", atSource ? request_.src : request_.dst}, {"begin", true}};
    return CopyCall{id, atSource, numberOfMethod(TableMethod::CopySession), body.dump()};
}

CopyCall TableCopyWork::nextRead() {
    const RangeAsk range{.path = request_.src,
                         .from = from_,
                         .to = request_.to,
                         .rowsMax = request_.chunkRowsMax,
                         .bytesMax = request_.chunkBytesMax,
                         .columns = request_.columns,
                         .maxVersions = request_.maxVersions,
                         .startMs = request_.startMs,
                         .endMs = request_.endMs};
    reading_ = true;
    const std::uint64_t id = nextId_++;
    sent_[id].kind = Kind::Read;
    return CopyCall{id, true, numberOfMethod(TableMethod::ReadRange), encodeRangeAsk(range)};
}

CopyCall TableCopyWork::nextPut() {
    Chunk chunk = std::move(ready_.front());
    ready_.pop_front();
    const BytesView body = BytesView(chunk.answer).substr(chunk.bodyAt);
    Bytes put;
    put.reserve(request_.dst.size() + 11 + body.size());
    appendBlob(put, request_.dst);
    appendFixed<std::uint8_t>(put, kPutIsCopy);
    put.append(body);
    ++puts_;
    const std::uint64_t id = nextId_++;
    sent_[id] = Sent{Kind::Put, chunk.rows, body.size(), std::move(chunk.upTo), false};
    return CopyCall{id, false, numberOfMethod(TableMethod::Put), std::move(put)};
}

Status TableCopyWork::answered(std::uint64_t id, Result<Bytes> answer) {
    const auto at = sent_.find(id);
    if (at == sent_.end()) return Error{ErrorCode::Internal, "an answer to what was not asked", {}, {}};
    const Kind kind = at->second.kind;
    if (kind != Kind::Put) sent_.erase(at);
    if (kind == Kind::Read) reading_ = false;
    if (!answer) return answer.error();
    switch (kind) {
        case Kind::Session: ++sessionsOpen_; break;
        case Kind::Read: return takeChunk(std::move(answer).value());
        case Kind::Put: acknowledge(id); break;
    }
    return okStatus();
}

/// What is acknowledged without a gap before it need not be copied again.
void TableCopyWork::acknowledge(std::uint64_t id) {
    --puts_;
    Sent& put = sent_.at(id);
    put.acknowledged = true;
    figures_.items += put.rows;
    figures_.bytes += put.bytes;
    while (!sent_.empty()) {
        auto first = sent_.begin();
        while (first != sent_.end() && first->second.kind != Kind::Put) ++first;
        if (first == sent_.end() || !first->second.acknowledged) return;
        rowsBeyond_ += first->second.rows;
        if (!first->second.upTo.empty()) {
            copiedUpTo_ = std::move(first->second.upTo);
            copiedRows_ += std::exchange(rowsBeyond_, 0);
        }
        sent_.erase(first);
    }
}

Status TableCopyWork::takeChunk(Bytes answer) {
    const Result<RangeAnswer> parsed = parseRangeAnswer(answer, from_);
    if (!parsed) return parsed.error();
    atEnd_ = parsed->atEnd;
    if (!atEnd_) from_ = key_ = Bytes(parsed->next);
    const Bytes upTo = atEnd_ ? Bytes() : from_;
    if (parsed->rows == 0) return okStatus();
    const std::size_t before = ready_.size();
    if (options_.documents) {
        if (Status taken = takeDocuments(parsed->body); !taken) return taken;
        if (ready_.size() > before) ready_.back().upTo = upTo;
        return okStatus();
    }
    const Result<TableBody> body = parseBody(parsed->body);
    if (!body) return body.error();
    if (body->mutations.empty()) return okStatus();
    std::uint32_t rows = parsed->rows;
    if (selects_) {
        const Result<std::uint32_t> counted = rowsIn(body->mutations);
        if (!counted) return counted.error();
        rows = *counted;
    }
    if (parsed->body.size() + kPutHeadBytes > limits::kRequestBytesMax) {
        if (Status taken = takeWideChunk(*body, rows); !taken) return taken;
        if (ready_.size() > before) ready_.back().upTo = upTo;
        return okStatus();
    }
    const auto bodyAt = static_cast<std::size_t>(parsed->body.data() - answer.data());
    ready_.push_back(Chunk{std::move(answer), bodyAt, rows, upTo});
    return okStatus();
}

// Any number of documents, in bodies that fit a request: one document always does.
Status TableCopyWork::takeDocuments(BytesView body) {
    const Result<BytesView> items = itemsOf(body);
    if (!items) return items.error();
    DocumentReader reader(*items);
    DocumentItem item;
    Chunk chunk{newBody(BodyKind::Documents), 0, 0, {}};
    while (reader.next(item)) {
        const std::size_t more = item.key.size() + item.document.size();
        if (chunk.rows > 0 && chunk.answer.size() + more + kPutHeadBytes > limits::kRequestBytesMax) {
            ready_.push_back(std::move(chunk));
            chunk = Chunk{newBody(BodyKind::Documents), 0, 0, {}};
        }
        appendDocument(chunk.answer, item.key, item.document);
        ++chunk.rows;
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a chunk of documents is damaged", {}, {}};
    if (chunk.rows > 0) ready_.push_back(std::move(chunk));
    return okStatus();
}

// A row that grew by several puts, or keeps several versions, may be larger than one put may be.
Status TableCopyWork::takeWideChunk(const TableBody& body, std::uint32_t rows) {
    std::vector<std::string> families;
    for (const BytesView name : body.families) families.emplace_back(name);
    const std::size_t namesBytes = encodeBody(families, {}).size();
    Result<std::vector<Bytes>> pieces =
        MutationSplit(limits::kRequestBytesMax - kPutHeadBytes - namesBytes).of(body.mutations);
    if (!pieces) return pieces.error();
    for (const Bytes& piece : *pieces) ready_.push_back(Chunk{encodeBody(families, piece), 0, 0, {}});
    if (!pieces->empty()) ready_.back().rows = rows;
    return okStatus();
}

}  // namespace tributary::engine::maprdb
