// Values that prove themselves, and the file of acknowledgements.
#include "app/rows/acklog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <limits>

#include "app/rows/customerrows.h"
#include "app/rows/inputstream.h"

namespace tributary::app {
namespace {

constexpr std::size_t kValueBytesMin = 24;

template <typename T>
bool parseNumber(std::string_view text, T& value, int base) {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() && !text.empty();
}

/// A device has no end, and nothing that is written to it can be read back.
Status refuseDevice(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || (!S_ISCHR(info.st_mode) && !S_ISBLK(info.st_mode))) return okStatus();
    return Error{ErrorCode::InvalidInput, "an acknowledgement log is a file, and this is a device", path, {}};
}

}  // namespace

Bytes workloadValue(std::string_view key, std::uint64_t sequence, std::size_t bytes) {
    bytes = std::max(bytes, kValueBytesMin);
    Bytes value = fmt::format("{}:", sequence);
    value.reserve(bytes);
    std::uint64_t word = XXH3_64bits_withSeed(key.data(), key.size(), sequence);
    unsigned left = 0;
    constexpr std::string_view kDigits = "0123456789abcdef";
    while (value.size() < bytes) {
        if (left == 0) {
            word = mixedWord(word);
            left = 16;
        }
        --left;
        value.push_back(kDigits[(word >> (left * 4U)) & 15U]);
    }
    return value;
}

std::optional<std::uint64_t> sequenceOfValue(std::string_view key, BytesView value) {
    const std::size_t colon = value.find(':');
    std::uint64_t sequence = 0;
    if (colon == BytesView::npos || !parseNumber(value.substr(0, colon), sequence, 10)) return {};
    if (workloadValue(key, sequence, value.size()) != value) return {};
    return sequence;
}

AckLogWriter::~AckLogWriter() {
    if (fd_ < 0) return;
    (void)flush();  // the owner flushes and looks at the result; this is for early returns
    ::close(fd_);
}

Status AckLogWriter::open(const std::string& path) {
    if (Status kept = refuseDevice(path); !kept) return kept;
    path_ = path;
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) {
        return openError(errno, "the acknowledgement log cannot be opened", path);
    }
    off_t end = ::lseek(fd_, 0, SEEK_END);
    const off_t size = end;
    char c = '\n';
    while (end > 0 && ::pread(fd_, &c, 1, end - 1) == 1 && c != '\n') --end;
    if ((end != size && ::ftruncate(fd_, end) != 0) || ::lseek(fd_, end, SEEK_SET) < 0) {
        return Error{ErrorCode::Io, "the torn end of the acknowledgement log cannot be cut off", path, {}};
    }
    return okStatus();
}

void AckLogWriter::add(std::string_view key, BytesView value, std::uint64_t sequence) {
    fmt::format_to(std::back_inserter(buffer_), "{}\t{:016x}\t{}\n", key, XXH3_64bits(value.data(), value.size()),
                   sequence);
}

Status AckLogWriter::flush() {
    std::size_t done = 0;
    while (done < buffer_.size()) {
        const ssize_t wrote = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) {
            return Error{errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io,
                         fmt::format("the acknowledgement log cannot be written: {}", std::strerror(errno)),
                         path_,
                         {}};
        }
        done += static_cast<std::size_t>(wrote);
    }
    buffer_.clear();
    return okStatus();
}

Result<AckLog> parseAckLog(std::string_view text, const std::string& fileName) {
    AckLog log;
    while (true) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return log;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        ++log.lines;
        const std::size_t last = line.rfind('\t');
        const std::size_t first = last == std::string_view::npos || last == 0 ? last : line.rfind('\t', last - 1);
        Acknowledged entry;
        const bool shaped = last != std::string_view::npos && first != std::string_view::npos && first > 0 &&
                            first < last &&
                            parseNumber(line.substr(first + 1, last - first - 1), entry.valueHash, 16) &&
                            parseNumber(line.substr(last + 1), entry.sequence, 10);
        if (!shaped) {
            return Error{ErrorCode::InvalidInput, "this is no line of an acknowledgement log",
                         fmt::format("{}:{}:1", fileName, log.lines), "give the file that --ack-log wrote"};
        }
        log.lastSequence = std::max(log.lastSequence, entry.sequence);
        auto [at, fresh] = log.keys.try_emplace(std::string(line.substr(0, first)), entry);
        if (!fresh && at->second.sequence < entry.sequence) at->second = entry;
    }
}

Result<AckLog> readAckLog(const std::string& path) {
    if (Status kept = refuseDevice(path); !kept) return kept.error();
    auto input = InputStream::open(path);
    if (!input) return input.error();
    const auto text = (*input)->readAll(std::numeric_limits<std::size_t>::max());
    if (!text) return text.error();
    return parseAckLog(text.value(), path);
}

}  // namespace tributary::app
