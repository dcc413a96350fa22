// Encodes and decodes what README.md "Format 2" describes.
#include "engine/log/logformat.h"

#include <charconv>

#include "core/base/crc32c.h"

namespace tributary::engine::logformat {

namespace {

constexpr BytesView kSegmentMagic("TRIBLOG\x1a", 8);
constexpr BytesView kGroupMagic("TgRp", 4);
constexpr std::uint32_t kSeedStart = 1;
constexpr std::uint32_t kFooterMagic = 0x72744654;   // "TFtr"
constexpr std::uint32_t kTrailerMagic = 0x646e4554;  // "TEnd"

template <typename T>
T fixedAt(BytesView raw, std::size_t at) {
    T value{};
    std::memcpy(&value, raw.data() + at, sizeof(T));
    return value;
}

Bytes withoutChecksum(std::uint32_t payloadBytes, const EntryEnvelope& envelope) {
    Bytes out;
    out.reserve(kEntryHeadBytes);
    appendFixed(out, payloadBytes);
    appendFixed(out, static_cast<std::uint8_t>(envelope.kind));
    appendFixed(out, envelope.verdict);
    appendFixed(out, std::uint16_t{0});
    appendFixed(out, envelope.datasetId);
    appendFixed(out, envelope.upstreamIdx);
    appendFixed(out, envelope.operations);
    appendFixed(out, envelope.receivedMs);
    return out;
}

}  // namespace

void addToTotals(TotalsByDataset& totals, const EntryEnvelope& envelope, std::uint64_t payloadBytes) {
    DatasetTotals& sum = totals[envelope.datasetId];
    sum.oldestMs = sum.entries == 0 ? envelope.receivedMs : std::min(sum.oldestMs, envelope.receivedMs);
    sum.newestMs = sum.entries == 0 ? envelope.receivedMs : std::max(sum.newestMs, envelope.receivedMs);
    ++sum.entries;
    sum.bytes += payloadBytes;
    sum.operations += envelope.operations;
}

std::string segmentName(Lsn firstLsn, const SegmentNames& names) {
    return names.decimal ? fmt::format("{:020}{}", firstLsn, names.suffix)
                         : fmt::format("{:016x}{}", firstLsn, names.suffix);
}

std::optional<Lsn> firstLsnOfName(std::string_view name, const SegmentNames& names) {
    const std::size_t digits = names.decimal ? 20 : 16;
    if (name.size() != digits + names.suffix.size() || name.substr(digits) != names.suffix) return std::nullopt;
    Lsn lsn = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + digits, lsn, names.decimal ? 10 : 16);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == name.data() + digits;
    if (!whole || segmentName(lsn, names) != name) return std::nullopt;
    return lsn;
}

std::uint32_t segmentSeed(std::uint64_t segmentId) {
    Bytes raw;
    appendFixed(raw, segmentId);
    return crc32c(raw, kSeedStart);
}

Bytes encodeSegmentHeader(const SegmentHeader& header) {
    Bytes out(kSegmentMagic);
    appendFixed(out, kFormat);
    appendFixed(out, std::uint32_t{0});
    appendFixed(out, header.id);
    appendFixed(out, header.firstLsn);
    appendFixed(out, header.previousId);
    out.resize(kSegmentHeaderBytes - sizeof(std::uint32_t), '\0');
    appendFixed(out, crc32c(out));
    return out;
}

Result<SegmentHeader> decodeSegmentHeader(BytesView raw) {
    if (raw.size() < kSegmentHeaderBytes) return Error{ErrorCode::Corrupt, "the segment header is cut short", {}, {}};
    raw = raw.substr(0, kSegmentHeaderBytes);
    const std::size_t crcAt = kSegmentHeaderBytes - sizeof(std::uint32_t);
    if (raw.substr(0, kSegmentMagic.size()) != kSegmentMagic ||
        fixedAt<std::uint32_t>(raw, crcAt) != crc32c(raw.substr(0, crcAt))) {
        return Error{ErrorCode::Corrupt, "the segment header is damaged", {}, {}};
    }
    const auto format = fixedAt<std::uint32_t>(raw, 8);
    if (format == 0 || format > kFormat) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("the segment has format {}, this version reads format {}", format, kFormat),
                     {},
                     "open it with the version of tributary that wrote it, or a newer one"};
    }
    return SegmentHeader{fixedAt<std::uint64_t>(raw, 16), fixedAt<std::uint64_t>(raw, 24),
                         fixedAt<std::uint64_t>(raw, 32)};
}

void appendEntryHead(Bytes& out, std::uint32_t seed, const EntryEnvelope& envelope, BytesView payload) {
    const Bytes head = withoutChecksum(static_cast<std::uint32_t>(payload.size()), envelope);
    out.append(head);
    appendFixed(out, crc32c(payload, crc32c(head, seed)));
}

std::optional<EntryHead> decodeEntryHead(BytesView raw) {
    if (raw.size() < kEntryHeadBytes) return std::nullopt;
    EntryHead head;
    head.payloadBytes = fixedAt<std::uint32_t>(raw, 0);
    const auto kind = fixedAt<std::uint8_t>(raw, 4);
    switch (static_cast<EntryKind>(kind)) {
        case EntryKind::Data:
        case EntryKind::Catalog:
        case EntryKind::Skip:
        case EntryKind::Start:
        case EntryKind::Decided:
        case EntryKind::LifeEnd:
        case EntryKind::Cut:
        case EntryKind::CutPart: break;
        default: return std::nullopt;
    }
    head.envelope.kind = static_cast<EntryKind>(kind);
    head.envelope.verdict = fixedAt<std::uint8_t>(raw, 5);
    head.envelope.datasetId = fixedAt<std::uint32_t>(raw, 8);
    head.envelope.upstreamIdx = fixedAt<std::uint32_t>(raw, 12);
    head.envelope.operations = fixedAt<std::uint32_t>(raw, 16);
    head.envelope.receivedMs = fixedAt<Millis>(raw, 20);
    return head;
}

bool checkEntry(std::uint32_t seed, BytesView head, BytesView payload) {
    const std::size_t crcAt = kEntryHeadBytes - sizeof(std::uint32_t);
    return fixedAt<std::uint32_t>(head, crcAt) == crc32c(payload, crc32c(head.substr(0, crcAt), seed));
}

std::uint32_t headsChecksum(BytesView head, std::uint32_t soFar) {
    return crc32c(head, soFar);
}

BytesView groupMagic() {
    return kGroupMagic;
}

Bytes encodeGroupHeader(std::uint32_t seed, const GroupHeader& header, std::uint32_t headsCrc) {
    Bytes out(kGroupMagic);
    appendFixed(out, header.bytes);
    appendFixed(out, header.entries);
    appendFixed(out, static_cast<std::uint32_t>(header.kind));
    appendFixed(out, header.firstLsn);
    appendFixed(out, header.claimedSegment);
    appendFixed(out, header.claimedOffset);
    appendFixed(out, headsCrc);
    appendFixed(out, crc32c(out, seed));
    return out;
}

std::optional<DecodedGroup> decodeGroupHeader(std::uint32_t seed, BytesView raw) {
    if (raw.size() < kGroupHeaderBytes || raw.substr(0, kGroupMagic.size()) != kGroupMagic) return std::nullopt;
    const std::size_t crcAt = kGroupHeaderBytes - sizeof(std::uint32_t);
    if (fixedAt<std::uint32_t>(raw, crcAt) != crc32c(raw.substr(0, crcAt), seed)) return std::nullopt;
    DecodedGroup group;
    group.header.bytes = fixedAt<std::uint32_t>(raw, 4);
    group.header.entries = fixedAt<std::uint32_t>(raw, 8);
    const auto kind = fixedAt<std::uint32_t>(raw, 12);
    group.header.kind = static_cast<GroupKind>(kind);
    group.header.firstLsn = fixedAt<std::uint64_t>(raw, 16);
    group.header.claimedSegment = fixedAt<std::uint64_t>(raw, 24);
    group.header.claimedOffset = fixedAt<std::uint64_t>(raw, 32);
    group.headsCrc = fixedAt<std::uint32_t>(raw, 40);
    const std::uint64_t least = kGroupHeaderBytes + std::uint64_t{group.header.entries} * kEntryHeadBytes;
    const bool empty = group.header.entries == 0;
    if (kind > static_cast<std::uint32_t>(GroupKind::CleanEnd)) return std::nullopt;
    if (group.header.bytes < least || group.header.bytes > kGroupBytesMax) return std::nullopt;
    if (empty != (group.header.kind != GroupKind::Entries)) return std::nullopt;
    return group;
}

Bytes encodeFooter(std::uint32_t seed, const Footer& footer) {
    Bytes out;
    appendFixed(out, kFooterMagic);
    appendFixed(out, static_cast<std::uint32_t>(footer.index.size()));
    appendFixed(out, static_cast<std::uint32_t>(footer.totals.size()));
    appendFixed(out, footer.lastLsn);
    appendFixed(out, footer.endOffset);
    for (const IndexPoint& point : footer.index) {
        appendFixed(out, point.lsn);
        appendFixed(out, point.offset);
    }
    for (const auto& [datasetId, sum] : footer.totals) {
        appendFixed(out, datasetId);
        appendFixed(out, sum.entries);
        appendFixed(out, sum.bytes);
        appendFixed(out, sum.operations);
        appendFixed(out, sum.oldestMs);
        appendFixed(out, sum.newestMs);
    }
    appendFixed(out, crc32c(out, seed));
    Bytes trailer;
    appendFixed(trailer, kTrailerMagic);
    appendFixed(trailer, static_cast<std::uint32_t>(out.size()));
    appendFixed(trailer, std::uint32_t{0});
    appendFixed(trailer, crc32c(trailer, seed));
    return out + trailer;
}

std::optional<std::uint32_t> footerBytesOfTrailer(std::uint32_t seed, BytesView raw) {
    if (raw.size() != kTrailerBytes) return std::nullopt;
    const std::size_t crcAt = kTrailerBytes - sizeof(std::uint32_t);
    if (fixedAt<std::uint32_t>(raw, 0) != kTrailerMagic) return std::nullopt;
    if (fixedAt<std::uint32_t>(raw, crcAt) != crc32c(raw.substr(0, crcAt), seed)) return std::nullopt;
    return fixedAt<std::uint32_t>(raw, 4);
}

std::optional<Footer> decodeFooter(std::uint32_t seed, BytesView raw) {
    if (raw.size() < sizeof(std::uint32_t)) return std::nullopt;
    const std::size_t crcAt = raw.size() - sizeof(std::uint32_t);
    if (fixedAt<std::uint32_t>(raw, crcAt) != crc32c(raw.substr(0, crcAt), seed)) return std::nullopt;
    ByteReader in(raw.substr(0, crcAt));
    if (in.fixed<std::uint32_t>() != kFooterMagic) return std::nullopt;
    const auto points = in.fixed<std::uint32_t>();
    const auto datasets = in.fixed<std::uint32_t>();
    Footer footer;
    footer.lastLsn = in.fixed<Lsn>();
    footer.endOffset = in.fixed<std::uint64_t>();
    for (std::uint32_t i = 0; i < points && in.ok(); ++i) {
        const auto lsn = in.fixed<Lsn>();
        footer.index.push_back({lsn, in.fixed<std::uint64_t>()});
    }
    for (std::uint32_t i = 0; i < datasets && in.ok(); ++i) {
        DatasetTotals& sum = footer.totals[in.fixed<std::uint32_t>()];
        sum.entries = in.fixed<std::uint64_t>();
        sum.bytes = in.fixed<std::uint64_t>();
        sum.operations = in.fixed<std::uint64_t>();
        sum.oldestMs = in.fixed<Millis>();
        sum.newestMs = in.fixed<Millis>();
    }
    if (!in.ok() || !in.atEnd()) return std::nullopt;
    return footer;
}

}  // namespace tributary::engine::logformat
