// Looking before the run, and writing in it.
#include "app/terminal/runfiles.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/rows/inputstream.h"

namespace tributary::app {
namespace {

Status checkFile(const char* option, const std::string& file) {
    namespace fs = std::filesystem;
    if (file.empty() || file == "-") return okStatus();
    const auto wrong = [&](const std::string& what, std::string fix) {
        return Error{ErrorCode::InvalidInput, what, fmt::format("{} {}", option, file), std::move(fix)};
    };
    std::error_code failure;
    if (fs::is_directory(file, failure)) return wrong("this is a folder, not a file", "name a file in it");
    const fs::path folder = fs::path(file).has_parent_path() ? fs::path(file).parent_path() : fs::path(".");
    if (!fs::is_directory(folder, failure)) {
        return wrong("there is no folder " + folder.string(), "make it, or name another file");
    }
    const bool there = fs::exists(file, failure);
    if (::access(there ? file.c_str() : folder.c_str(), W_OK) != 0) {
        return wrong(fmt::format("it cannot be written: {}", std::strerror(errno)), "name another file");
    }
    return okStatus();
}

}  // namespace

Status checkRunFiles(const RunWords& words) {
    if (Status good = checkFile("--events", words.events); !good) return good;
    if (Status good = checkFile("--junit", words.junit); !good) return good;
    return checkFile("--report", words.report);
}

EventsFile::~EventsFile() {
    if (owned_) std::fclose(file_);
}

Status EventsFile::open(const std::string& name) {
    if (name.empty()) return okStatus();
    if (name == "-") {
        file_ = stdout;
        return okStatus();
    }
    const int made = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (made >= 0) file_ = ::fdopen(made, "w");
    owned_ = file_ != nullptr;
    if (owned_) return okStatus();
    return openError(errno, "the events' file cannot be written", name);
}

Status EventsFile::close() {
    if (!owned_) return okStatus();
    owned_ = false;
    if (std::fclose(file_) == 0) return okStatus();
    return Error{ErrorCode::Io, std::strerror(errno), {}, {}};
}

}  // namespace tributary::app
