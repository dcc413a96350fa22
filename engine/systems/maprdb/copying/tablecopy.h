// The copy of a table: reads chunks at one cluster and writes them at another, several requests under way.
//
// Decision: one ReadRange is under way at a time, since its start is the end of the one before, and the next is asked
// for before the chunk at hand is forwarded; writes go up to putsInFlightMax ahead of their answers. So the two
// clusters work at the same time and the copy never waits for a write to read on. Splitting the key range was rejected:
// its boundaries would cost a scan of the source.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "engine/dataset/copywork.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::engine::maprdb {

/// What to copy. Paths are full.
struct TableCopyRequest {
    std::string src;
    std::string dst;
    std::string columns;            ///< canonical "cf,cf:qual", or field paths; empty = all
    Bytes from;                     ///< rows from this key on
    Bytes to;                       ///< rows before this key; empty = no end
    std::uint32_t maxVersions = 0;  ///< 0 = all
    Millis startMs = 0;             ///< cells from this time on
    Millis endMs = 0;               ///< cells before this time; 0 = no end
    std::uint32_t chunkRowsMax = 100'000;
    std::uint32_t chunkBytesMax = 1'500'000;
    std::size_t putsInFlightMax = 4;
};

/// A ReadRange request and its answer (engine/systems/maprdb/tables/tableapi.h).
struct RangeAsk {
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
[[nodiscard]] Bytes encodeRangeAsk(const RangeAsk& request);
struct RangeAnswer {
    bool atEnd = false;
    std::uint32_t rows = 0;
    BytesView next;  ///< where to go on; both views borrow from the answer
    BytesView body;
};
/// Corrupt when the bytes are none, or when the answer does not advance beyond `from`.
Result<RangeAnswer> parseRangeAnswer(BytesView answer, BytesView from);

/// Tables of either kind. The token is the key up to which all is acknowledged.
class TableCopyWork final : public CopyWork {
public:
    struct Options {
        bool documents = false;  ///< the tables are JSON tables: chunks hold documents
        /// Both tables get a copy session, which keeps tombstones: those of the connections that ask.
        bool sessions = false;
        std::uint64_t rowsExpected = 0;  ///< 0 = not known
    };
    TableCopyWork(TableCopyRequest request, Options options, const nlohmann::ordered_json& token = {});

    std::optional<CopyCall> next() override;
    Status answered(std::uint64_t id, Result<Bytes> answer) override;
    [[nodiscard]] bool done() const override;
    [[nodiscard]] const CopyFigures& figures() const override { return figures_; }
    [[nodiscard]] nlohmann::ordered_json token() const override;
    /// Everything below it was read.
    [[nodiscard]] const Bytes& key() const { return key_; }

private:
    enum class Kind { Session, Read, Put };
    struct Chunk {
        Bytes answer;
        std::size_t bodyAt = 0;
        std::uint32_t rows = 0;
        Bytes upTo;  ///< all below it is copied once this is; empty: not yet, more pieces follow
    };
    struct Sent {
        Kind kind = Kind::Read;
        std::uint64_t rows = 0;
        std::uint64_t bytes = 0;
        Bytes upTo;
        bool acknowledged = false;
    };
    std::optional<CopyCall> nextSession();
    CopyCall nextRead();
    CopyCall nextPut();
    Status takeChunk(Bytes answer);
    Status takeDocuments(BytesView body);
    Status takeWideChunk(const TableBody& body, std::uint32_t rows);
    void acknowledge(std::uint64_t id);

    TableCopyRequest request_;
    Options options_;
    bool selects_;  // versions, times or columns are left out
    CopyFigures figures_;
    std::uint64_t nextId_ = 1;
    int sessionsAsked_ = 0;
    int sessionsOpen_ = 0;
    Bytes from_;  // of the read under way or to come
    bool reading_ = false;
    bool atEnd_ = false;
    Bytes key_;
    Bytes copiedUpTo_;
    std::uint64_t copiedRows_ = 0;  // up to there, by this work
    std::uint64_t rowsBeyond_ = 0;  // acknowledged without a gap, and not up to a key yet
    std::map<std::uint64_t, Sent> sent_;
    std::size_t puts_ = 0;
    std::deque<Chunk> ready_;
};

}  // namespace tributary::engine::maprdb
