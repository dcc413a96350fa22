// Comparing the checksums of a volume.
#include "app/care/volumecheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/bytes.h"
#include "core/base/crc32c.h"
#include "engine/log/recovery.h"
#include "engine/node/volumeidentity.h"
#include "engine/replication/payload.h"
#include "engine/storage/pagescan.h"

namespace tributary::app {
namespace {

Status checkSnapshot(engine::FileOps& files, const std::string& path) {
    if (!files.exists(path)) return okStatus();
    const auto text = files.readAll(path);
    if (!text) return text.error();
    const bool version1 = text.value().starts_with("{\"format\":1,");
    if (version1 || engine::digestHolds(text.value())) return okStatus();
    return Error{ErrorCode::Corrupt, "the snapshot is not what was written: its digest is wrong", path,
                 "put it back from a backup; tributary up says what else is possible"};
}

/// Checksums, numbers and the payloads' own checksums; and does it hold what the snapshot was made of?
Status checkLog(engine::FileOps& files, const std::string& volume, const engine::VolumeShape& shape,
                VolumeCheck& check) {
    const std::string dir = volume + shape.logDir;
    const std::string snapshot = volume + shape.snapshot;
    const auto payloadSound = [&](engine::LogEntry&& entry) -> Status {
        if (entry.envelope.kind != engine::EntryKind::Data) return okStatus();
        const auto payload = engine::parsePayload(*entry.payload, true);
        if (payload) return okStatus();
        Error error = payload.error();
        error.what = fmt::format("entry {} of the commit log is not what was written: {}", entry.lsn, error.what);
        error.where = dir;
        return error;
    };
    const auto scan = files.exists(dir) ? engine::scanLog(files, dir, payloadSound, shape.segments)
                                        : Result<engine::LogScan>(engine::LogScan{});
    if (!scan) return scan.error();
    check.files += scan->segments;
    check.entries = scan->entries;
    if (!files.exists(snapshot)) return okStatus();
    const auto text = files.readAll(snapshot);
    if (!text) return text.error();
    const auto json = nlohmann::json::parse(text.value(), nullptr, false);
    const std::uint64_t lsn = json.is_object() ? json.value("lsn", std::uint64_t{0}) : 0;
    if (lsn <= scan->headLsn) return okStatus();
    return Error{
        ErrorCode::Corrupt,
        fmt::format("the commit log is older than {0}: it ends with entry {1}, and {0} was written at entry {2}",
                    shape.snapshot.substr(1), scan->headLsn, lsn),
        dir, "put the files of one moment back together"};
}

/// A picture of rows in one piece (engine/storage/treepicture.h); nothing when the file is none.
Result<bool> checkPicture(engine::FileOps& files, const std::string& path) {
    constexpr BytesView kMagic("TRIBTREE", 8);
    const auto bytes = files.readAll(path);
    if (!bytes) return bytes.error();
    if (!bytes->starts_with(kMagic)) return false;
    const std::size_t covered = bytes->size() - std::min(bytes->size(), sizeof(std::uint32_t));
    ByteReader tail(BytesView(*bytes).substr(covered));
    if (crc32c(BytesView(*bytes).substr(0, covered)) == tail.fixed<std::uint32_t>() && tail.ok()) return true;
    return Error{ErrorCode::Corrupt, "the state file is not what was written: its checksum is wrong", path,
                 "put it back from a backup, or move it away: it is made again of the commit log"};
}

}  // namespace

Result<VolumeCheck> checkVolume(engine::FileOps& files, const std::string& volume, const engine::VolumeShape& shape) {
    VolumeCheck check;
    if (Status sound = checkSnapshot(files, volume + shape.snapshot); !sound) return sound.error();
    ++check.files;
    if (Status sound = checkLog(files, volume, shape, check); !sound) return sound.error();
    const std::string tables = volume + "/tables";
    if (!files.exists(tables)) return check;
    const auto names = files.list(tables);
    if (!names) return names.error();
    for (const std::string& name : names.value()) {
        if (!name.ends_with(".db")) continue;
        const auto picture = checkPicture(files, tables + "/" + name);
        if (!picture) return picture.error();
        if (*picture) {
            ++check.files;
            continue;
        }
        const auto scan = engine::scanStatePages(files, tables + "/" + name);
        if (!scan) return scan.error();
        ++check.files;
        check.pages += scan->pages;
        if (!scan->checked) ++check.unchecked;
    }
    return check;
}

}  // namespace tributary::app
