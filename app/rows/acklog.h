// The acknowledgement log of a workload: what a cluster promised to keep, and the proof that it did.
//
// Format: a line per acknowledged write, "key TAB hash TAB sequence": the key as it is (a workload makes printable
// ones), XXH3-64 of the value in 16 hexadecimal digits, and the decimal sequence of the write. Written after the
// acknowledgement; sequences ascend through the file, also over several workloads that append to it. A line without its
// end was being written when the machine stopped and counts for nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/node/controlclient.h"

namespace tributary::app {

/// The value that write number `sequence` gives `key`: "sequence:" and digits made from both, `bytes` long (at least
/// 24). It proves itself: nobody else writes it, and the sequence can be read from it.
[[nodiscard]] Bytes workloadValue(std::string_view key, std::uint64_t sequence, std::size_t bytes);
/// The sequence of a value of `key`; nullopt when workloadValue() did not make it.
[[nodiscard]] std::optional<std::uint64_t> sequenceOfValue(std::string_view key, BytesView value);

/// Appends acknowledgements to a file. One thread.
class AckLogWriter {
public:
    AckLogWriter() = default;
    ~AckLogWriter();
    AckLogWriter(const AckLogWriter&) = delete;
    AckLogWriter& operator=(const AckLogWriter&) = delete;

    /// Opens or creates the file; a line that was torn off is cut away. Errors: Io, PermissionDenied, InvalidInput (a
    /// device).
    Status open(const std::string& path);
    void add(std::string_view key, BytesView value, std::uint64_t sequence);
    /// Hands what was added to the operating system: it survives the end of this process. Errors: DiskFull, Io.
    Status flush();

private:
    int fd_ = -1;
    std::string path_;
    std::string buffer_;
};

/// The last acknowledged write of a key.
struct Acknowledged {
    std::uint64_t sequence = 0;
    std::uint64_t valueHash = 0;
};

struct AckLog {
    std::map<std::string, Acknowledged, std::less<>> keys;
    std::uint64_t lastSequence = 0;
    std::uint64_t lines = 0;
};

/// Reads a log. Errors: those of InputStream, Corrupt with file:line.
[[nodiscard]] Result<AckLog> readAckLog(const std::string& path);
[[nodiscard]] Result<AckLog> parseAckLog(std::string_view text, const std::string& fileName);

/// A key that does not show what was acknowledged.
struct LostWrite {
    std::string key;
    std::uint64_t acknowledged = 0;
    std::optional<std::uint64_t> shown;  ///< an older write of the key
    std::string reason;
};

struct AckVerdict {
    std::uint64_t keys = 0;
    std::uint64_t newer = 0;  ///< show a later write that was under way and not acknowledged
    std::uint64_t lost = 0;
    std::vector<LostWrite> samples;  ///< of the lost ones
    [[nodiscard]] bool holds() const { return lost == 0; }
};

/// Where the writes went.
struct AckTarget {
    std::string path;  ///< full
    std::string family;
};

/// Asks the table for every key, many at a time: each must show its last acknowledged value, or a later one of the same
/// key. Errors: those of the cluster: then nothing is proved.
[[nodiscard]] Result<AckVerdict> verifyAckLog(engine::ControlClient& client, const AckTarget& target, const AckLog& log,
                                              std::size_t samplesMax = 20);

}  // namespace tributary::app
