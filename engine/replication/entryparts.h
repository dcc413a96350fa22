// What an entry of the log holds for a dataset: the payload, and with it what was decided about it.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/log/commitlog.h"

namespace tributary::engine {

/// Views borrow from the entry. An entry of kind Data is its payload; one of kind Decided is: effect blob | payload to
/// the end.
struct EntryParts {
    BytesView effect;
    BytesView payload;
};

[[nodiscard]] constexpr bool holdsPayload(EntryKind kind) {
    return kind == EntryKind::Data || kind == EntryKind::Decided;
}
/// The parts of an entry that holds a payload. A damaged one has an empty payload, which nothing parses.
[[nodiscard]] inline EntryParts partsOf(EntryKind kind, BytesView stored) {
    if (kind != EntryKind::Decided) return {{}, stored};
    ByteReader reader(stored);
    const BytesView effect = reader.blob();
    if (!reader.ok()) return {};
    return {effect, BytesView(reader.position(), reader.remaining())};
}
[[nodiscard]] inline EntryParts partsOf(const LogEntry& entry) {
    return partsOf(entry.envelope.kind, *entry.payload);
}
/// The bytes of an entry of kind Decided.
[[nodiscard]] inline Bytes encodeDecided(BytesView effect, BytesView payload) {
    Bytes out;
    out.reserve(10 + effect.size() + payload.size());
    appendBlob(out, effect);
    out.append(payload);
    return out;
}

}  // namespace tributary::engine
