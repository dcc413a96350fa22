// Reads the groups of one segment in sequence, in large chunks, and checks every checksum.
#pragma once

#include <vector>

#include "engine/log/logformat.h"
#include "engine/seams/fileops.h"

namespace tributary::engine {

/// A checked group. Payloads borrow from the reader until its next call.
struct ReadGroup {
    logformat::GroupHeader header;
    std::uint64_t offset = 0;
    struct Entry {
        logformat::EntryHead head;
        BytesView payload;
    };
    std::vector<Entry> entries;
};

/// Forward reader over one file; one thread at a time.
class GroupReader {
public:
    static constexpr std::size_t kChunkBytes = 1U << 20U;  ///< one read; a larger group is read in one piece

    /// Reads from `offset` (where a group starts) up to `end`.
    GroupReader(File& file, std::uint64_t segmentId, std::uint64_t offset, std::uint64_t end)
        : file_(file), seed_(logformat::segmentSeed(segmentId)), offset_(offset), end_(end) {}

    /// The next group; false when no whole, sound group lies at offset(). Errors: Io.
    Result<bool> next(ReadGroup& group);
    /// Where the next group is expected.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] std::uint32_t seed() const { return seed_; }

    /// Bytes of the file at `offset`, fewer at the end; borrowed until the next call. Errors: Io.
    Result<BytesView> view(std::uint64_t offset, std::size_t size);

private:
    bool parse(BytesView raw, const logformat::DecodedGroup& decoded, ReadGroup& group) const;

    File& file_;
    std::uint32_t seed_;
    std::uint64_t offset_;
    std::uint64_t end_;
    Bytes buffer_;
    std::uint64_t bufferAt_ = 0;
};

}  // namespace tributary::engine
