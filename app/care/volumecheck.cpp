// Comparing the checksums of a volume.
#include "app/care/volumecheck.h"

#include "engine/node/volumeidentity.h"
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

}  // namespace

Result<VolumeCheck> checkVolume(engine::FileOps& files, const std::string& volume) {
    VolumeCheck check;
    if (Status sound = checkSnapshot(files, volume + "/node.json"); !sound) return sound.error();
    ++check.files;
    const std::string tables = volume + "/tables";
    if (!files.exists(tables)) return check;
    const auto names = files.list(tables);
    if (!names) return names.error();
    for (const std::string& name : names.value()) {
        if (!name.ends_with(".db")) continue;
        const auto scan = engine::scanStatePages(files, tables + "/" + name);
        if (!scan) return scan.error();
        ++check.files;
        check.pages += scan->pages;
        if (!scan->checked) ++check.unchecked;
    }
    return check;
}

}  // namespace tributary::app
