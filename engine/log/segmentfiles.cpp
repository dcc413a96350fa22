// Creating, filling ahead, closing and removing segment files.
#include "engine/log/segmentfiles.h"

namespace tributary::engine::segmentfiles {

using namespace logformat;

namespace {

Made failed(FileOps& files, const std::string& temporary, Error error, bool recoverable) {
    (void)files.remove(temporary);  // what stays is removed by the next open
    Made made;
    made.recoverable = recoverable;
    made.status = std::move(error);
    return made;
}

}  // namespace

Made createSegment(FileOps& files, const NewSegment& wanted) {
    const bool fromSpare = !wanted.sparePath.empty();
    const std::string path = wanted.dir + "/" + segmentName(wanted.header.firstLsn, wanted.names);
    const std::string temporary = fromSpare ? wanted.sparePath : path + std::string(kTemporarySuffix);
    {
        auto file = files.open(temporary, fromSpare ? FileOps::Open::Existing : FileOps::Open::Create);
        if (!file) return failed(files, temporary, file.error(), true);
        Status step = fromSpare ? okStatus() : (*file)->truncate(0);  // a former attempt may have left bytes
        if (step.ok()) step = (*file)->write(0, encodeSegmentHeader(wanted.header));
        if (step.ok()) step = (*file)->sync();
        if (!step) return failed(files, temporary, step.error(), true);
    }
    Made made;
    made.status = files.rename(temporary, path);
    if (!made.status) {
        // After any other error the name may be there, and a segment with a name ends the one before it.
        const Error error = made.status.error();
        return failed(files, temporary, error, error.code == ErrorCode::DiskFull);
    }
    made.status = files.syncDir(wanted.dir);
    if (!made.status) return made;  // the name may or may not be there: not to be tried again
    auto file = files.open(path, FileOps::Open::Existing);
    if (!file) {
        made.status = file.error();
        return made;
    }
    made.file = std::move(file).value();
    return made;
}

Status prepareSpare(FileOps& files, const std::string& path, std::uint64_t bytes, const std::atomic<bool>& stop) {
    // Each piece is synced by itself: a log sync that comes meanwhile waits for one piece, not for the whole file.
    constexpr std::uint64_t kChunkBytes = 256ULL << 10U;
    const std::size_t slash = path.rfind('/');
    const auto free = files.freeBytes(path.substr(0, slash));
    if (!free) return free.error();
    if (*free / 2 < bytes) return Error{ErrorCode::DiskFull, "too little space to fill a segment ahead", path, {}};
    auto file = files.open(path, FileOps::Open::CreateNew);
    if (!file) return file.error();
    const Bytes zeros(static_cast<std::size_t>(std::min(kChunkBytes, bytes)), '\0');
    Status step;
    for (std::uint64_t at = 0; at < bytes && step.ok(); at += zeros.size()) {
        if (stop.load()) {
            step = Error{ErrorCode::Cancelled, "the log was closed", path, {}};
            break;
        }
        step = (*file)->write(at, BytesView(zeros).substr(0, static_cast<std::size_t>(bytes - at)));
        if (step.ok()) step = (*file)->sync();
    }
    if (!step) (void)files.remove(path);
    return step;
}

Status sealSegment(FileOps& files, const std::string& path, std::uint64_t segmentId, const Footer& footer) {
    auto file = files.open(path, FileOps::Open::Existing);
    if (!file) return file.error();
    const Bytes raw = encodeFooter(segmentSeed(segmentId), footer);
    if (Status step = (*file)->write(footer.endOffset, raw); !step) return step;
    if (Status step = (*file)->truncate(footer.endOffset + raw.size()); !step) return step;
    return (*file)->sync();
}

Result<std::optional<Footer>> readFooter(File& file, std::uint64_t segmentId) {
    const std::optional<Footer> none;
    const auto size = file.size();
    if (!size) return size.error();
    if (*size < kSegmentHeaderBytes + kTrailerBytes) return none;
    const auto trailer = file.read(*size - kTrailerBytes, kTrailerBytes);
    if (!trailer) return trailer.error();
    const auto bytes = footerBytesOfTrailer(segmentSeed(segmentId), *trailer);
    if (!bytes || *bytes + kTrailerBytes > *size) return none;
    const std::uint64_t at = *size - kTrailerBytes - *bytes;
    const auto raw = file.read(at, *bytes);
    if (!raw) return raw.error();
    auto footer = decodeFooter(segmentSeed(segmentId), *raw);
    if (!footer || footer->endOffset != at) return none;
    return footer;
}

std::size_t removeSegments(FileOps& files, const std::string& dir, const std::vector<std::string>& paths) {
    std::size_t removed = 0;
    for (const std::string& path : paths) {
        // What somebody else has removed is gone.
        if (files.exists(path) && !files.remove(path).ok()) break;
        if (!files.syncDir(dir).ok()) break;
        ++removed;
    }
    return removed;
}

}  // namespace tributary::engine::segmentfiles
