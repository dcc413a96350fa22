// Compares the checksums of a state file's pages.
#include "engine/storage/pagescan.h"

#include <fmt/format.h>

#include <set>

#include "core/db/pagechecks.h"

namespace tributary::engine {
namespace {

// SQLite's file format: the header of a database and of its write-ahead log, big-endian.
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kPageBytesAt = 16;
constexpr std::size_t kReservedAt = 20;
constexpr std::size_t kPagesAt = 28;
constexpr std::size_t kFormatAt = 60;   // PRAGMA user_version
constexpr std::uint32_t kVersion1 = 1;  // statefile.h
constexpr std::size_t kWalHeaderBytes = 32;
constexpr std::size_t kWalSaltAt = 16;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::size_t kFrameSaltAt = 8;
constexpr const char* kFix =
    "put the file back from a backup, or fill the dataset from a peer: tributary run rebuild-replica";

std::uint32_t bigEndian(BytesView raw, std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | static_cast<unsigned char>(raw[at + i]);
    return value;
}

/// Pages of which the write-ahead log has a newer one: a crash may have left them torn, and recovery replaces them.
Result<std::set<std::uint64_t>> pagesInLog(FileOps& files, const std::string& path, std::size_t pageBytes) {
    std::set<std::uint64_t> found;
    if (!files.exists(path)) return found;
    auto file = files.open(path, FileOps::Open::Existing);
    if (!file) return file.error();
    const auto head = (*file)->read(0, kWalHeaderBytes);
    if (!head) return head.error();
    if (head->size() < kWalHeaderBytes) return found;
    for (std::uint64_t at = kWalHeaderBytes;; at += kFrameHeaderBytes + pageBytes) {
        const auto frame = (*file)->read(at, kFrameHeaderBytes);
        if (!frame) return frame.error();
        if (frame->size() < kFrameHeaderBytes) return found;
        if (BytesView(*frame).substr(kFrameSaltAt, 8) != BytesView(*head).substr(kWalSaltAt, 8)) return found;
        found.insert(bigEndian(*frame, 0, 4));
    }
}

}  // namespace

Result<PageScan> scanStatePages(FileOps& files, const std::string& path) {
    auto file = files.open(path, FileOps::Open::Existing);
    if (!file) return file.error();
    const auto head = (*file)->read(0, kHeaderBytes);
    if (!head) return head.error();
    PageScan scan;
    const std::string magic = std::string("SQLite format 3") + '\0';
    const auto damaged = [&](std::uint64_t offset, const char* what) {
        return Error{ErrorCode::Corrupt, what, fmt::format("{}:offset {}", path, offset), kFix};
    };
    if (head->size() < kHeaderBytes || head->substr(0, magic.size()) != magic) {
        return damaged(0, "the file has lost its header");
    }
    if (bigEndian(*head, kReservedAt, 1) != PageChecks::kBytes) {
        if (bigEndian(*head, kFormatAt, 4) <= kVersion1) return scan;
        return damaged(kReservedAt, "the file lost the mark of its checksums");
    }
    scan.checked = true;
    std::uint32_t pageBytes = bigEndian(*head, kPageBytesAt, 2);
    if (pageBytes == 1) pageBytes = 65'536;
    if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) != 0) return damaged(0, "the file's header is damaged");
    const auto newer = pagesInLog(files, path + "-wal", pageBytes);
    if (!newer) return newer.error();
    const std::uint64_t pages = bigEndian(*head, kPagesAt, 4);
    for (std::uint64_t number = 1;; ++number) {
        const std::uint64_t offset = (number - 1) * pageBytes;
        const auto page = (*file)->read(offset, pageBytes);
        if (!page) return page.error();
        const bool waits = newer->count(number) != 0;
        if (page->empty() && (number > pages || waits || newer->count(1) != 0)) return scan;
        if (waits) {
            ++scan.waiting;
            continue;
        }
        if (page->size() < pageBytes) return damaged(offset, "the file is cut short");
        if (!PageChecks::soundPage(page->data(), static_cast<int>(pageBytes), static_cast<std::int64_t>(offset))) {
            return damaged(offset, "a page of the file is not as it was written: its checksum is wrong");
        }
        ++scan.pages;
    }
}

}  // namespace tributary::engine
