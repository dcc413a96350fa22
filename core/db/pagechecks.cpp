// Checksums of pages.
#include "core/db/pagechecks.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace tributary {
namespace {

constexpr int kHeaderBytes = 100;
constexpr int kReservedAt = 20;  // of the file's header: reserved bytes per page
constexpr int kPageBytesMin = 512;

bool isPage(int size, std::int64_t offset) {
    return size >= kPageBytesMin && (size & (size - 1)) == 0 && offset % size == 0;
}

}  // namespace

std::uint64_t PageChecks::checksum(const void* page, int size, std::int64_t offset) {
    const auto place = static_cast<std::uint64_t>(offset) + 1;
    return XXH3_64bits_withSeed(page, static_cast<std::size_t>(size - kBytes), place);
}

bool PageChecks::soundPage(const void* page, int size, std::int64_t offset) {
    const char* bytes = static_cast<const char*>(page);
    std::uint64_t stored = 0;
    std::memcpy(&stored, bytes + size - kBytes, sizeof(stored));
    if (stored == checksum(page, size, offset)) return true;
    return stored == 0 && std::all_of(bytes, bytes + size, [](char c) { return c == 0; });
}

void PageChecks::learn(const void* data, int size, std::int64_t offset) {
    if (offset != 0 || size < kHeaderBytes) return;
    const char* bytes = static_cast<const char*>(data);
    if (std::memcmp(bytes, "SQLite format 3", 16) == 0) on_ = bytes[kReservedAt] == kBytes;
}

bool PageChecks::sound(const void* data, int size, std::int64_t offset) {
    learn(data, size, offset);
    return !on_ || !isPage(size, offset) || soundPage(data, size, offset);
}

const void* PageChecks::sealed(const void* data, int size, std::int64_t offset) {
    learn(data, size, offset);
    if (!on_ || !isPage(size, offset)) return data;
    page_.assign(static_cast<const char*>(data), static_cast<std::size_t>(size));
    const std::uint64_t sum = checksum(data, size, offset);
    std::memcpy(page_.data() + size - kBytes, &sum, sizeof(sum));
    return page_.data();
}

}  // namespace tributary
