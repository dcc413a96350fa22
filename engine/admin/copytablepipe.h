// The relay of a copy: reads chunks at one cluster and writes them at another, several requests under way.
//
// Decision: one ReadRange is under way at a time, since its start is the end of the one before, and the next is sent
// before the chunk at hand is forwarded; writes go up to putsInFlightMax ahead of their answers. So the two clusters
// work at the same time and the relay never waits for a write to read on. Splitting the key range was rejected: its
// boundaries would cost a scan of the source.
#pragma once

#include <deque>
#include <functional>

#include "engine/admin/copytable.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::engine::maprdb {

/// A ReadRange request and its answer (engine/node/controlapi.h).
struct RangeRequest {
    std::string path;
    Bytes from;
    Bytes to;
    std::uint32_t rowsMax = 0;
    std::uint32_t bytesMax = 0;
    std::string columns;
    std::uint32_t maxVersions = 0;
    Millis startMs = 0;
    Millis endMs = 0;
};
[[nodiscard]] Bytes encodeRangeRequest(const RangeRequest& request);
struct RangeAnswer {
    bool atEnd = false;
    std::uint32_t rows = 0;
    BytesView next;  ///< where to go on; both views borrow from the answer
    BytesView body;
};
/// Corrupt when the bytes are none, or when the answer does not advance beyond `from`.
Result<RangeAnswer> parseRangeAnswer(BytesView answer, BytesView from);

/// One run. Single use; blocks; whatever happens, no answer is left unread on the clients.
class CopyPipe {
public:
    /// After each acknowledged write; a Bytes value is a body for SetReplicaState, sent along at the source.
    using OnChunk = std::function<Result<std::optional<Bytes>>(const CopyProgress&)>;

    CopyPipe(ClusterCalls& calls, std::shared_ptr<ControlClient> src, std::shared_ptr<ControlClient> dst,
             const CopyRequest& request, OnChunk onChunk);

    /// The tables are JSON tables: chunks hold documents.
    void setDocuments(bool documents) { documents_ = documents; }
    Status run();
    [[nodiscard]] const CopyProgress& progress() const { return progress_; }

private:
    enum class Kind { Read, Put, Note };
    struct Sent {
        Kind kind = Kind::Read;
        std::uint64_t rows = 0;
        std::uint64_t bytes = 0;
    };
    struct Lane {
        std::shared_ptr<ControlClient> client;
        std::deque<Sent> sent;  // in the order in which the answers come
    };

    Status loop();
    Status send(Lane& lane, Method method, BytesView body, const Sent& sent);
    Status sendRead(BytesView from);
    Status sendPut();
    Status takeAnswer(Lane& lane);
    Status takeChunk(Bytes answer);
    Status takeDocuments(BytesView body);
    Status takeWideChunk(const TableBody& body, std::uint32_t rows);
    Status takeAck(const Sent& sent);
    void drain(Lane& lane);

    ClusterCalls& calls_;
    Lane src_;
    Lane dstOwn_;  // unused when both tables lie behind one client: answers of one connection come in one order
    Lane& dst_;
    const CopyRequest& request_;
    OnChunk onChunk_;
    bool documents_ = false;
    bool selects_;  // versions, times or columns are left out
    CopyProgress progress_;
    Bytes from_;  // of the read under way
    bool reading_ = false;
    std::size_t puts_ = 0;
    struct Chunk {
        Bytes answer;
        std::size_t bodyAt = 0;
        std::uint32_t rows = 0;
    };
    std::deque<Chunk> ready_;
};

}  // namespace tributary::engine::maprdb
