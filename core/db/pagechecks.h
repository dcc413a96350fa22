// A checksum at the end of every page of a database file, written and compared by the VFS below SQLite.
//
// Decision: SQLite reserves 8 bytes a page for whoever asks, and its own "checksum VFS" puts a digest there. Ours sums
// the page and its place with XXH3, so that a page of another place is found too. A digest per row was rejected: it
// does not cover what finds the rows. What lies in the write-ahead log has SQLite's own checksums, which are compared
// when it is recovered; pages get ours when a checkpoint brings them into the file.
#pragma once

#include <cstdint>
#include <string>

namespace tributary {

/// The checks of one open database file: whether it has any is read off its header as that passes by. One thread.
class PageChecks {
public:
    static constexpr int kBytes = 8;  ///< reserved at the end of each page

    /// After a read of `size` bytes at `offset`. False when it is a page whose checksum is wrong.
    [[nodiscard]] bool sound(const void* data, int size, std::int64_t offset);
    /// Before a write: the bytes to write in place of `data`; valid until the next call. Throws std::bad_alloc.
    [[nodiscard]] const void* sealed(const void* data, int size, std::int64_t offset);
    [[nodiscard]] bool on() const { return on_; }

    /// The checksum of a page without its last kBytes.
    [[nodiscard]] static std::uint64_t checksum(const void* page, int size, std::int64_t offset);
    /// True for a whole page with its checksum, and for one of zeros: a page that was set aside and never written.
    [[nodiscard]] static bool soundPage(const void* page, int size, std::int64_t offset);

private:
    void learn(const void* data, int size, std::int64_t offset);

    bool on_ = false;
    std::string page_;
};

}  // namespace tributary
