// Writing and reading pictures.
#include "engine/storage/treepicture.h"

#include <fmt/format.h>

#include "core/base/crc32c.h"

namespace tributary::engine {
namespace {

constexpr BytesView kMagic("TRIBTREE", 8);
constexpr std::uint32_t kPictureFormat = 1;

Error foreign(std::string what, const std::string& path) {
    return Error{ErrorCode::InvalidInput, std::move(what), path,
                 "put its own file back, or move the file away and fill the dataset from a peer: tributary run "
                 "rebuild-replica"};
}

Status checkOwner(const StateOwner& is, const StateOwner& due, const std::string& path) {
    if (!due.cluster.empty() && is.cluster != due.cluster) {
        return foreign(fmt::format("the state file is one of cluster {}, not of {}", is.cluster, due.cluster), path);
    }
    if (!due.dataset.isNil() && is.dataset != due.dataset) {
        return foreign(fmt::format("the state file is another dataset's: it holds {}, not {}", is.dataset.text(),
                                   due.dataset.text()),
                       path);
    }
    if (!due.volume.isNil() && is.volume != due.volume) {
        return foreign(fmt::format("the state file is of another volume: it belongs to {}, this one is {}",
                                   is.volume.text(), due.volume.text()),
                       path);
    }
    return okStatus();
}

}  // namespace

Bytes encodePicture(const TreePicture& picture, const StateOwner& owner) {
    Bytes out(kMagic);
    appendFixed<std::uint32_t>(out, kPictureFormat);
    appendFixed<std::uint32_t>(out, 0);
    appendFixed<std::uint64_t>(out, picture.position);
    out.append(owner.volume.bytes());
    out.append(owner.dataset.bytes());
    appendBlob(out, owner.cluster);
    appendFixed<std::uint64_t>(out, owner.startId);
    appendFixed<std::uint64_t>(out, picture.tree.size());
    picture.tree.walk([](const TreeRow&) { return false; },
                      [&](const RowTree::ItemPtr& row) {
                          appendBlob(out, row->key);
                          appendBlob(out, row->record);
                          return true;
                      });
    appendFixed<std::uint32_t>(out, crc32c(out));
    return out;
}

Result<TreePicture> decodePicture(BytesView bytes, const StateOwner& owner, const std::string& path) {
    const Error damaged{ErrorCode::Corrupt, "the state file is damaged", path,
                        "put the newest file back, or move it away: it is made again of the commit log, or filled from "
                        "a peer (tributary run rebuild-replica)"};
    if (bytes.size() < kMagic.size() + sizeof(std::uint32_t) || !bytes.starts_with(kMagic)) return damaged;
    const BytesView checked = bytes.substr(0, bytes.size() - sizeof(std::uint32_t));
    ByteReader reader(checked.substr(kMagic.size()));
    const auto format = reader.fixed<std::uint32_t>();
    if (reader.ok() && format > kPictureFormat) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("state file format {} is newer than this version's {}", format, kPictureFormat), path,
                     "upgrade this node"};
    }
    ByteReader tail(bytes.substr(checked.size()));
    if (crc32c(checked) != tail.fixed<std::uint32_t>() || format != kPictureFormat) return damaged;
    (void)reader.fixed<std::uint32_t>();
    TreePicture picture;
    picture.position = reader.fixed<std::uint64_t>();
    StateOwner is;
    is.volume = Uuid::fromBytes(reader.raw(Uuid::kSize));
    is.dataset = Uuid::fromBytes(reader.raw(Uuid::kSize));
    is.cluster = std::string(reader.blob());
    is.startId = reader.fixed<std::uint64_t>();
    const auto rows = reader.fixed<std::uint64_t>();
    if (!reader.ok()) return damaged;
    if (Status its = checkOwner(is, owner, path); !its) return its.error();
    for (std::uint64_t i = 0; i < rows && reader.ok(); ++i) {
        auto row = std::make_shared<TreeRow>();
        row->key = Bytes(reader.blob());
        row->record = Bytes(reader.blob());
        if (!reader.ok() || picture.tree.insert(std::move(row)) != nullptr) return damaged;
    }
    if (!reader.ok() || !reader.atEnd()) return damaged;
    return picture;
}

}  // namespace tributary::engine
