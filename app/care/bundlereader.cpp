// Reading a support bundle. It comes from somebody else: names and sizes are taken for what they are.
#include "app/care/bundlereader.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "core/base/naming.h"
#include "core/workspace/atomicfile.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoot = "tributary-support/";
constexpr std::string_view kRuns = "runs/";
constexpr std::string_view kJournal = ".jsonl";

struct Closer {
    void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, Closer>;

Error broken(const std::string& file, archive* reader) {
    const char* why = archive_error_string(reader);
    return {ErrorCode::Corrupt, fmt::format("the bundle cannot be read: {}", why == nullptr ? "it is damaged" : why),
            file, "ask for it again: tributary support"};
}

Error tooLarge(const std::string& file, std::string_view what) {
    return {ErrorCode::InvalidInput, fmt::format("the bundle holds {} than is read", what), file,
            "unpack it by hand, and look at its parts"};
}

/// Where an entry goes in the folder; nothing for what is not unpacked.
std::optional<std::string> placeOf(std::string_view name) {
    if (!name.starts_with(kRoot)) return std::nullopt;
    name.remove_prefix(kRoot.size());
    if (name == "topology.yaml") return "topology.yaml";
    if (!name.starts_with(kRuns) || !name.ends_with(kJournal)) return std::nullopt;
    const std::string_view run = name.substr(kRuns.size(), name.size() - kRuns.size() - kJournal.size());
    if (!checkName("a run", run)) return std::nullopt;  // no slash, no "..": it becomes a folder
    return fmt::format(".tributary/runs/{}/journal.jsonl", run);
}

class Unpacking {
public:
    Unpacking(const std::string& file, const BundleLimits& limits) : file_(file), limits_(limits) {}

    Status read() {
        const Reader reader(archive_read_new());
        archive_read_support_filter_gzip(reader.get());
        archive_read_support_format_tar(reader.get());
        constexpr std::size_t kBlock = 64 * 1024;
        if (archive_read_open_filename(reader.get(), file_.c_str(), kBlock) != ARCHIVE_OK)
            return broken(file_, reader.get());
        std::size_t entries = 0;
        archive_entry* entry = nullptr;
        for (;;) {
            const int next = archive_read_next_header(reader.get(), &entry);
            if (next == ARCHIVE_EOF) break;
            if (next != ARCHIVE_OK) return broken(file_, reader.get());
            if (++entries > limits_.entriesMax) return tooLarge(file_, "more entries");
            const char* name = archive_entry_pathname(entry);
            const auto place =
                name == nullptr || archive_entry_filetype(entry) != AE_IFREG ? std::nullopt : placeOf(name);
            if (!place) continue;
            if (Status taken = take(reader.get(), *place); !taken) return taken;
        }
        if (!texts_.contains("topology.yaml")) {
            return Error{ErrorCode::InvalidInput, "this is no support bundle: it holds no drawing", file_,
                         "choose a file that tributary support has written"};
        }
        return okStatus();
    }

    [[nodiscard]] const std::map<std::string, std::string>& texts() const { return texts_; }

private:
    Status take(archive* reader, const std::string& place) {
        if (texts_.size() > limits_.runsMax) return tooLarge(file_, "more runs");
        std::string text;
        std::array<char, 64 * 1024> block{};
        for (;;) {
            const auto got = archive_read_data(reader, block.data(), block.size());
            if (got < 0) return broken(file_, reader);
            if (got == 0) break;
            text.append(block.data(), static_cast<std::size_t>(got));
            whole_ += static_cast<std::size_t>(got);
            if (text.size() > limits_.fileBytesMax || whole_ > limits_.wholeBytesMax) return tooLarge(file_, "more");
        }
        texts_[place] = std::move(text);
        return okStatus();
    }

    const std::string& file_;
    const BundleLimits& limits_;
    std::map<std::string, std::string> texts_;
    std::size_t whole_ = 0;
};

Status writeAll(const std::map<std::string, std::string>& texts, const fs::path& folder) {
    for (const auto& [place, text] : texts) {
        std::error_code problem;
        fs::create_directories((folder / place).parent_path(), problem);
        if (problem)
            return Error{ErrorCode::Io, problem.message(), (folder / place).string(),
                         "free space, or choose another folder"};
        if (Status saved = saveFileAtomically((folder / place).string(), text); !saved) return saved;
    }
    return okStatus();
}

}  // namespace

Result<UnpackedBundle> unpackBundle(const std::string& file, const std::string& folder, const BundleLimits& limits) {
    std::error_code problem;
    if (fs::exists(folder, problem)) {
        return Error{ErrorCode::AlreadyExists, "the folder is there already", folder, "choose another one"};
    }
    Unpacking unpacking(file, limits);
    if (Status read = unpacking.read(); !read) return read.error();
    if (Status written = writeAll(unpacking.texts(), folder); !written) {
        fs::remove_all(folder, problem);
        return written.error();
    }
    return UnpackedBundle{unpacking.texts().size() - 1};
}

}  // namespace tributary::app
