// The operations of a comparison as files.
#include "engine/admin/difftablesfiles.h"

#include <fmt/format.h>

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kBufferBytes = 256U << 10U;

std::string lineOf(const CellChange& change) {
    Json line{{"op", change.remove ? "delete" : "put"},
              {"key", bytesToJson(change.key)},
              {"family", change.family},
              {"column", bytesToJson(change.qualifier)},
              {"timestamp", change.timestampMs}};
    if (!change.remove) line["value"] = bytesToJson(change.value);
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<std::unique_ptr<ChangeFiles>> ChangeFiles::create(FileOps& files, const std::string& dir, DiffMaster master) {
    if (files.exists(dir)) {
        return Error{ErrorCode::AlreadyExists, fmt::format("the directory {} exists already", dir), "-outdir",
                     "name a new directory, or remove this one"};
    }
    if (Status status = files.makeDirs(dir); !status) return withWhere(status.error(), "-outdir");
    std::unique_ptr<ChangeFiles> out(new ChangeFiles);
    const auto open = [&](Output& output, const char* name) -> Status {
        Result<std::unique_ptr<File>> file = files.open(dir + "/" + name, FileOps::Open::CreateNew);
        if (!file) return withWhere(file.error(), "-outdir");
        output.file = std::move(*file);
        return okStatus();
    };
    if (master != DiffMaster::B) {
        if (Status status = open(out->forDst_, "opsForDst"); !status) return status.error();
    }
    if (master != DiffMaster::A) {
        if (Status status = open(out->forSrc_, "opsForSrc"); !status) return status.error();
    }
    return out;
}

Status ChangeFiles::write(const CellChange& change) {
    Output& output = change.toB ? forDst_ : forSrc_;
    if (!output.file) return okStatus();  // the master needs no change
    output.buffer += lineOf(change);
    return output.buffer.size() < kBufferBytes ? okStatus() : flush(output);
}

Status ChangeFiles::flush(Output& output) {
    if (output.buffer.empty()) return okStatus();
    if (Status status = output.file->write(output.written, output.buffer); !status) return status;
    output.written += output.buffer.size();
    output.buffer.clear();
    return okStatus();
}

Status ChangeFiles::finish() {
    for (Output* output : {&forDst_, &forSrc_}) {
        if (!output->file) continue;
        if (Status status = flush(*output); !status) return status;
        if (Status status = output->file->sync(); !status) return status;
    }
    return okStatus();
}

}  // namespace tributary::engine::maprdb
