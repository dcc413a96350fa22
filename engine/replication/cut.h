// A cut: the state of a dataset as of one entry of its log, for replicas that the log cannot bring there.
//
// Decision: what a cut brings replaces what is there, range by range, in the entries that bring it. So nothing has to
// be wiped before, a cut that is lost half-way is begun again over its own remains, and replay comes to the same as the
// first time. Until the last part is durable the dataset can be neither read nor written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/log/lsn.h"
#include "engine/replication/positions.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

/// What a dataset was at an entry of the log: that entry, and none behind it, is in positions and view.
struct Cut {
    std::uint64_t id = 0;  ///< random, never 0
    Lsn lsn = 0;           ///< of the entry; what lies behind it follows the cut
    Stamp stamp = 0;       ///< nothing in it is stamped later
    Positions positions;
    std::shared_ptr<StateView> view;  ///< on any one thread at a time
};

/// A part of a cut on its way, and as an entry of the receiver's log. Layout in the log: what u8 | cut u64 | number u64
/// | from blob | to blob | body to the end; in a session the sequence u64 lies before it.
struct CutPart {
    enum class What : std::uint8_t {
        Begin = 1,  ///< body: CutPlace. Never logged: who is not fit for the cut says so before anything has changed
        Chunk = 2,  ///< body: the kind's
        End = 3     ///< body: CutPlace; nothing lies behind `from`
    };
    std::uint64_t sequence = 0;  ///< of the session
    What what = What::Chunk;
    std::uint64_t cut = 0;
    std::uint64_t number = 0;  ///< of chunks and the end: 1, 2, 3 ...; Begin: 0
    Bytes from;                ///< behind it the part begins, in the kind's order; empty = at the front
    Bytes to;                  ///< with it the part ends
    Bytes body;
};
[[nodiscard]] Bytes encodeCutEntry(const CutPart& part);
/// Errors: Corrupt.
Result<CutPart> decodeCutEntry(BytesView entry);
[[nodiscard]] Bytes encodeCutPart(const CutPart& part);
/// Errors: Corrupt.
Result<CutPart> decodeCutPart(BytesView body);

/// Where the source stood at the cut. Layout: stamp u64 | positions.
struct CutPlace {
    Stamp stamp = 0;
    Positions positions;
};
[[nodiscard]] Bytes encodeCutPlace(Stamp stamp, const Positions& positions);
/// Errors: Corrupt.
Result<CutPlace> decodeCutPlace(BytesView body);

/// A replica says, before its positions, that it holds a part of a cut and can use nothing but the rest of it, or
/// another. Layout: cut u64 | number u64 | token to the end.
struct CutWant {
    std::uint64_t cut = 0;     ///< != 0
    std::uint64_t number = 0;  ///< the last part that is durable there; >= 1
    Bytes token;               ///< CutPart::to of that part
};
[[nodiscard]] Bytes encodeCutWant(const CutWant& want);
/// Errors: Corrupt.
Result<CutWant> decodeCutWant(BytesView body);

/// A chunk as its kind read it.
struct CutChunk {
    Bytes body;
    Bytes to;           ///< a later chunk begins behind it; not empty
    bool last = false;  ///< nothing is left behind it
};

/// How a kind cuts. Stateless, any thread; lives as long as the process.
class CutKind {
public:
    virtual ~CutKind() = default;
    /// A cut that was interrupted may go on where it was. False: it is begun again, as a new one.
    [[nodiscard]] virtual bool resumes() const = 0;
    /// What of the view lies behind `from`, about `bytesMax` of it and at least one row. On a worker. Errors: Io,
    /// Corrupt.
    [[nodiscard]] virtual Result<CutChunk> read(StateView& view, BytesView from, std::size_t bytesMax) const = 0;
    /// A chunk from elsewhere, before it is logged: it is whole, and lies where it says. Errors: Corrupt.
    [[nodiscard]] virtual Status check(const CutPart& part) const = 0;
    /// The mutations (RowFormat) that make of what lies behind `from` up to `to` here what the body says, with no row
    /// left that it does not have; what is to stay where it was written stays. An empty `to` is the end, then the body
    /// is empty, too. Equal states give equal mutations. Errors: Io, Corrupt.
    [[nodiscard]] virtual Result<Bytes> install(StateView& here, const CutPart& part) const = 0;
};

}  // namespace tributary::engine
