// The relay of a copy.
#include "engine/admin/copytablepipe.h"

#include "core/base/limits.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kPutHeadBytes = 1024;  // path and flags before a put's body
constexpr std::uint8_t kPutIsCopy = 1;       // cells keep the timestamps and arrival stamps inside

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

Bytes encodeRangeRequest(const RangeRequest& request) {
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

CopyPipe::CopyPipe(ClusterCalls& calls, std::shared_ptr<ControlClient> src, std::shared_ptr<ControlClient> dst,
                   const CopyRequest& request, OnChunk onChunk)
    : calls_(calls),
      src_{std::move(src), {}},
      dstOwn_{std::move(dst), {}},
      dst_(src_.client == dstOwn_.client ? src_ : dstOwn_),
      request_(request),
      onChunk_(std::move(onChunk)),
      selects_(!request.columns.empty() || request.maxVersions > 0 || request.startMs > 0 || request.endMs > 0) {}

Status CopyPipe::run() {
    const Status status = loop();
    drain(src_);
    drain(dst_);
    return status;
}

Status CopyPipe::loop() {
    if (Status status = sendRead(request_.from); !status) return status;
    while (reading_ || !ready_.empty() || puts_ > 0) {
        if (!ready_.empty() && puts_ < request_.putsInFlightMax) {
            if (Status status = sendPut(); !status) return status;
            continue;
        }
        Lane& next = reading_ && ready_.empty() ? src_ : dst_;
        if (Status status = takeAnswer(next); !status) return status;
    }
    while (!src_.sent.empty()) {
        if (Status status = takeAnswer(src_); !status) return status;
    }
    return okStatus();
}

Status CopyPipe::send(Lane& lane, Method method, BytesView body, const Sent& sent) {
    if (Status status = lane.client->send(method, body); !status) return status;
    lane.sent.push_back(sent);
    return okStatus();
}

Status CopyPipe::sendRead(BytesView from) {
    from_ = Bytes(from);
    const RangeRequest range{.path = request_.src,
                             .from = from_,
                             .to = request_.to,
                             .rowsMax = request_.chunkRowsMax,
                             .bytesMax = request_.chunkBytesMax,
                             .columns = request_.columns,
                             .maxVersions = request_.maxVersions,
                             .startMs = request_.startMs,
                             .endMs = request_.endMs};
    if (Status status = send(src_, TableMethod::ReadRange, encodeRangeRequest(range), Sent{Kind::Read, 0, 0});
        !status) {
        return status;
    }
    reading_ = true;
    return okStatus();
}

Status CopyPipe::sendPut() {
    const Chunk chunk = std::move(ready_.front());
    ready_.pop_front();
    const BytesView body = BytesView(chunk.answer).substr(chunk.bodyAt);
    Bytes put;
    put.reserve(request_.dst.size() + 11 + body.size());
    appendBlob(put, request_.dst);
    appendFixed<std::uint8_t>(put, kPutIsCopy);
    put.append(body);
    ++puts_;
    return send(dst_, TableMethod::Put, put, Sent{Kind::Put, chunk.rows, body.size()});
}

Status CopyPipe::takeAnswer(Lane& lane) {
    const Sent sent = lane.sent.front();
    const Result<Millis> left = calls_.budget(kDataCallTimeoutMs);
    if (!left) return left.error();
    Result<Bytes> answer = lane.client->receive(*left);
    lane.sent.pop_front();
    switch (sent.kind) {
        case Kind::Read:
            if (!answer) return answer.error();
            return takeChunk(std::move(*answer));
        case Kind::Put:
            if (!answer) return answer.error();
            return takeAck(sent);
        case Kind::Note: break;  // progress is a courtesy: a copy does not fail for it
    }
    return okStatus();
}

Status CopyPipe::takeChunk(Bytes answer) {
    reading_ = false;
    const Result<RangeAnswer> parsed = parseRangeAnswer(answer, from_);
    if (!parsed) return parsed.error();
    if (!parsed->atEnd) {
        progress_.key = Bytes(parsed->next);
        if (Status status = sendRead(parsed->next); !status) return status;
    }
    if (parsed->rows == 0) return okStatus();
    if (documents_) return takeDocuments(parsed->body);
    const Result<TableBody> body = parseBody(parsed->body);
    if (!body) return body.error();
    if (body->mutations.empty()) return okStatus();
    std::uint32_t rows = parsed->rows;
    if (selects_) {
        const Result<std::uint32_t> counted = rowsIn(body->mutations);
        if (!counted) return counted.error();
        rows = *counted;
    }
    if (parsed->body.size() + kPutHeadBytes > limits::kRequestBytesMax) return takeWideChunk(*body, rows);
    const auto bodyAt = static_cast<std::size_t>(parsed->body.data() - answer.data());
    ready_.push_back(Chunk{std::move(answer), bodyAt, rows});
    return okStatus();
}

// Any number of documents, in bodies that fit a request: one document always does.
Status CopyPipe::takeDocuments(BytesView body) {
    const Result<BytesView> items = itemsOf(body);
    if (!items) return items.error();
    DocumentReader reader(*items);
    DocumentItem item;
    Chunk chunk{newBody(BodyKind::Documents), 0, 0};
    while (reader.next(item)) {
        const std::size_t more = item.key.size() + item.document.size();
        if (chunk.rows > 0 && chunk.answer.size() + more + kPutHeadBytes > limits::kRequestBytesMax) {
            ready_.push_back(std::move(chunk));
            chunk = Chunk{newBody(BodyKind::Documents), 0, 0};
        }
        appendDocument(chunk.answer, item.key, item.document);
        ++chunk.rows;
    }
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "a chunk of documents is damaged", {}, {}};
    if (chunk.rows > 0) ready_.push_back(std::move(chunk));
    return okStatus();
}

// A row that grew by several puts, or keeps several versions, may be larger than one put may be.
Status CopyPipe::takeWideChunk(const TableBody& body, std::uint32_t rows) {
    std::vector<std::string> families;
    for (const BytesView name : body.families) families.emplace_back(name);
    const std::size_t namesBytes = encodeBody(families, {}).size();
    Result<std::vector<Bytes>> pieces =
        MutationSplit(limits::kRequestBytesMax - kPutHeadBytes - namesBytes).of(body.mutations);
    if (!pieces) return pieces.error();
    for (const Bytes& piece : *pieces) ready_.push_back(Chunk{encodeBody(families, piece), 0, 0});
    if (!pieces->empty()) ready_.back().rows = rows;
    return okStatus();
}

Status CopyPipe::takeAck(const Sent& sent) {
    --puts_;
    progress_.rows += sent.rows;
    progress_.bytes += sent.bytes;
    if (!onChunk_) return okStatus();
    Result<std::optional<Bytes>> note = onChunk_(progress_);
    if (!note) return note.error();
    if (!note->has_value()) return okStatus();
    return send(src_, TableMethod::SetReplicaState, **note, Sent{Kind::Note, 0, 0});
}

// The clients live on after a failed copy: what was asked of them must not answer the next question. A client that
// does not answer any more is given up.
void CopyPipe::drain(Lane& lane) {
    while (!lane.sent.empty()) {
        const Sent sent = lane.sent.front();
        lane.sent.pop_front();
        const Result<Bytes> answer = lane.client->receive(kCallTimeoutMs);
        if (answer && sent.kind == Kind::Put) {
            progress_.rows += sent.rows;
            progress_.bytes += sent.bytes;
        }
        if (answer) continue;
        const ErrorCode code = answer.error().code;
        if (code == ErrorCode::Unavailable || code == ErrorCode::Timeout) lane.sent.clear();
    }
}

}  // namespace tributary::engine::maprdb
