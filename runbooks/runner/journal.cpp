// The journal's file and its framing.
#include "runbooks/runner/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/crc32c.h"
#include "runbooks/runner/journalrecords.h"

namespace tributary::runbooks {
namespace {

constexpr std::size_t kTrailerSize = 18;  // ,"crc":"xxxxxxxx"}

Error systemError(const std::string& path, const char* doing) {
    const int code = errno;
    const ErrorCode kind = code == ENOSPC || code == EDQUOT ? ErrorCode::DiskFull
                           : code == EEXIST                 ? ErrorCode::AlreadyExists
                                                            : ErrorCode::Io;
    return Error{kind, fmt::format("cannot {} the run's journal: {}", doing, std::strerror(code)), path,
                 kind == ErrorCode::DiskFull ? "free some space, then resume the run" : ""};
}

Status syncFolderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return systemError(path, "create");
    const bool synced = ::fsync(descriptor) == 0;
    const Status status = synced ? okStatus() : Status(systemError(path, "create"));
    ::close(descriptor);
    return status;
}

/// The text of a record in front of its trailer, and its checksum.
std::string recordHead(std::int64_t seq, Millis atMs, const std::string& type, const nlohmann::json& data) {
    const nlohmann::ordered_json record{{"seq", seq}, {"at", atMs}, {"type", type}, {"data", data}};
    std::string text = record.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    text.pop_back();  // the closing brace comes with the trailer
    return text;
}

/// Takes one line apart and applies it. False when the line is damaged.
bool readLine(std::string_view line, JournalContents& contents) {
    if (line.size() <= kTrailerSize) return false;
    const std::string_view head = line.substr(0, line.size() - kTrailerSize);
    const std::uint32_t crc = crc32c(head, contents.lastCrc);
    if (line.substr(head.size()) != fmt::format(",\"crc\":\"{:08x}\"}}", crc)) return false;
    const nlohmann::json record = nlohmann::json::parse(line, nullptr, false);
    if (record.is_discarded() || record.value("seq", std::int64_t{0}) != contents.nextSeq) return false;
    detail::applyRecord(contents.state, record.at("type").get<std::string>(), record.at("at").get<Millis>(),
                        record.at("data"));
    contents.lastCrc = crc;
    ++contents.nextSeq;
    return true;
}

}  // namespace

FileSink::~FileSink() {
    ::close(descriptor_);
}

Result<std::unique_ptr<FileSink>> FileSink::create(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return systemError(path, "create");
    std::unique_ptr<FileSink> sink(new FileSink(descriptor, path));
    const Status synced = syncFolderOf(path);
    if (!synced.ok()) return synced.error();
    return sink;
}

Result<std::unique_ptr<FileSink>> FileSink::reopen(const std::string& path, std::int64_t goodBytes) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor < 0) return systemError(path, "open");
    std::unique_ptr<FileSink> sink(new FileSink(descriptor, path));
    if (::ftruncate(descriptor, goodBytes) != 0 || ::fsync(descriptor) != 0) return systemError(path, "repair");
    return sink;
}

Status FileSink::append(std::string_view line) {
    std::string bytes(line);
    bytes += '\n';
    std::string_view left = bytes;
    while (!left.empty()) {
        const ssize_t written = ::write(descriptor_, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return systemError(path_, "write");
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(descriptor_) != 0) return systemError(path_, "sync");
    return okStatus();
}

Result<JournalContents> readJournal(std::string_view text, const std::string& fileName) {
    JournalContents contents;
    std::size_t at = 0;
    for (int number = 1; at < text.size(); ++number) {
        const std::size_t end = text.find('\n', at);
        const bool last = end == std::string_view::npos || end + 1 == text.size();
        bool good = false;
        std::string problem = "is damaged";
        try {
            good = end != std::string_view::npos && readLine(text.substr(at, end - at), contents);
        } catch (const nlohmann::json::exception& exception) {
            problem = fmt::format("has members this version does not understand ({})", exception.what());
            return Error{ErrorCode::Unsupported, "record " + problem, fmt::format("{}:{}", fileName, number),
                         "resume the run with the version that began it"};
        }
        if (!good && !last) {
            return Error{ErrorCode::Corrupt, "record " + problem, fmt::format("{}:{}", fileName, number),
                         "restore the file from a copy, or look at the system and start a new run"};
        }
        if (!good) {
            contents.tornTail = true;
            break;
        }
        at = end + 1;
    }
    contents.goodBytes = static_cast<std::int64_t>(at);
    if (contents.state.runId.empty()) {
        return Error{ErrorCode::Corrupt, "the journal ends before its first record is whole: nothing was begun",
                     fileName, "start a new run"};
    }
    return contents;
}

RunJournal::RunJournal(std::unique_ptr<JournalSink> sink, RunnerClock& clock, std::string runId, std::int64_t number)
    : sink_(std::move(sink)), clock_(clock) {
    state_.runId = std::move(runId);
    state_.number = number;
}

RunJournal::RunJournal(std::unique_ptr<JournalSink> sink, RunnerClock& clock, JournalContents contents)
    : sink_(std::move(sink)),
      clock_(clock),
      state_(std::move(contents.state)),
      nextSeq_(contents.nextSeq),
      lastCrc_(contents.lastCrc) {}

RunJournal::~RunJournal() = default;

Status RunJournal::append(const char* type, const nlohmann::json& body) {
    const Millis atMs = clock_.nowMs();
    const std::string head = recordHead(nextSeq_, atMs, type, body);
    const std::uint32_t crc = crc32c(head, lastCrc_);
    const Status written = sink_->append(fmt::format("{},\"crc\":\"{:08x}\"}}", head, crc));
    if (!written.ok()) return written;
    lastCrc_ = crc;
    ++nextSeq_;
    detail::applyRecord(state_, type, atMs, body);
    return okStatus();
}

}  // namespace tributary::runbooks
