// `mapr copystream`: topics, messages with their offsets, cursors (maprdb.md section 1.8).
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/copyrun.h"
#include "engine/admin/streamadmin.h"
#include "engine/systems/maprdb/copying/streamcopy.h"

namespace tributary::engine::maprdb::admin {
namespace {

constexpr std::size_t kCopyBytes = 4U << 20U;

Error ofCopy(Error error, const std::string& src, const std::string& dst) {
    return withFix(std::move(error), fmt::format("copy again, nothing is doubled: mapr copystream -src {} -dst {}",
                                                 shellWord(src), shellWord(dst)));
}

}  // namespace

Status copyWholeStream(const Command& command, const std::string& src, const std::string& dst, Outcome& outcome) {
    auto from = command.calls.client(clusterOf(src));
    if (!from) return from.error();
    auto to = command.calls.client(clusterOf(dst));
    if (!to) return to.error();
    StreamCopyRequest request{src, dst};
    request.chunkBytesMax = kCopyBytes;
    StreamCopyWork work(std::move(request));
    if (Status done = CopyRun(command.calls, *from, *to, work, Method{}, {}).run(); !done) return done;
    outcome.lines.push_back(
        fmt::format("Copied {} topics, {} messages", work.topics(), groupedDigits(work.figures().items)));
    return okStatus();
}

Result<Outcome> copyStream(const Command& command) {
    if (command.op.has("mapreduce") && command.op.flag("mapreduce")) {
        return Error{ErrorCode::Unsupported, "copies run here and not as jobs of the cluster", "-mapreduce",
                     "-mapreduce false"};
    }
    const Result<std::string> src = command.path("src");
    if (!src) return src.error();
    const Result<std::string> dst = command.path("dst");
    if (!dst) return dst.error();
    if (*src == *dst)
        return Error{ErrorCode::InvalidInput, "a stream is not copied into itself", "-dst", "name another"};
    const Result<Json> source = describeStreamAt(command.calls, *src, "-src");
    if (!source) return source.error();
    const auto destination = findStream(command.calls, *dst);
    if (!destination) return withWhere(destination.error(), "-dst");
    if (!destination->has_value()) {
        const auto made = command.calls.callAt(*dst, StreamMethod::Create, createStreamLike(*source, *dst));
        if (!made) return withWhere(made.error(), "-dst");
    }
    Outcome outcome;
    if (Status copied = copyWholeStream(command, *src, *dst, outcome); !copied) {
        return ofCopy(copied.error(), *src, *dst);
    }
    if (!command.op.has("mapreduce")) {
        outcome.warnings.push_back("the real tool would start a job of the cluster here: -mapreduce false avoids it");
    }
    return outcome;
}

}  // namespace tributary::engine::maprdb::admin
