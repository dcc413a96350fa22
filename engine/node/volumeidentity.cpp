// Starts, what is remembered of them outside the volume, and digests.
#include "engine/node/volumeidentity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tributary::engine {
namespace {

constexpr int kIdentityFormat = 2;
constexpr unsigned kRandomBits = 22;
constexpr Millis kLastMs = (Millis{1} << 41U) - 1;  ///< in 2039; behind it they are counted
constexpr std::string_view kDigestKey = ",\"digest\":\"";
constexpr std::size_t kDigestTail = kDigestKey.size() + 16 + 2;  // 16 digits, quote and brace

std::string hex(std::uint64_t value) {
    return fmt::format("{:016x}", value);
}

std::uint64_t ofHex(const nlohmann::json& json, const char* key) {
    return std::stoull(json.at(key).get<std::string>(), nullptr, 16);
}

}  // namespace

Bytes encodeStart(const VolumeStart& start) {
    Bytes out(start.volume.bytes());
    appendFixed<std::uint64_t>(out, start.startId);
    appendFixed<std::uint64_t>(out, start.incarnation);
    appendFixed<std::uint8_t>(out, start.apart ? 1 : 0);
    return out;
}

Result<VolumeStart> decodeStart(BytesView payload) {
    ByteReader reader(payload);
    VolumeStart start;
    start.volume = Uuid::fromBytes(reader.raw(Uuid::kSize));
    start.startId = reader.fixed<std::uint64_t>();
    start.incarnation = reader.fixed<std::uint64_t>();
    if (!reader.ok()) return Error{ErrorCode::Corrupt, "the entry of a start is damaged", {}, {}};
    start.apart = reader.remaining() > 0 && reader.fixed<std::uint8_t>() != 0;
    return start;
}

Bytes withDigest(Bytes json) {
    json.pop_back();  // the closing brace
    const std::uint64_t digest = XXH3_64bits(json.data(), json.size());
    return json.append(kDigestKey).append(hex(digest)).append("\"}");
}

bool digestHolds(BytesView text) {
    if (text.size() < kDigestTail) return false;
    const BytesView covered = text.substr(0, text.size() - kDigestTail);
    const std::uint64_t digest = XXH3_64bits(covered.data(), covered.size());
    return text.substr(covered.size()) == std::string(kDigestKey) + hex(digest) + "\"}";
}

Result<std::optional<RememberedVolume>> loadRemembered(FileOps& files, const std::string& path) try {
    if (!files.exists(path)) return std::optional<RememberedVolume>{};
    auto text = files.readAll(path);
    if (!text) return text.error();
    if (!digestHolds(text.value())) {
        return Error{ErrorCode::Corrupt, "what is remembered of the volume is damaged: its digest is wrong", path, {}};
    }
    const auto json = nlohmann::json::parse(text.value());
    if (json.at("format").get<int>() > kIdentityFormat) {
        return Error{ErrorCode::Unsupported, "what is remembered of the volume is of a newer version", path,
                     "use the version that wrote it, or a newer one"};
    }
    RememberedVolume out;
    const auto volume = Uuid::parse(json.at("volume").get<std::string>());
    if (!volume) return volume.error();
    out.volume = volume.value();
    out.startId = ofHex(json, "start");
    out.beginning = ofHex(json, "beginning");
    out.incarnation = ofHex(json, "incarnation");
    out.lsn = json.at("lsn");
    return std::optional<RememberedVolume>(out);
} catch (const std::exception& problem) {
    return Error{ErrorCode::Corrupt,
                 std::string("what is remembered of the volume does not parse: ") + problem.what(),
                 path,
                 {}};
}

Status storeRemembered(FileOps& files, const std::string& path, const RememberedVolume& volume) {
    const nlohmann::ordered_json json{
        {"format", kIdentityFormat},          {"volume", volume.volume.text()},         {"start", hex(volume.startId)},
        {"beginning", hex(volume.beginning)}, {"incarnation", hex(volume.incarnation)}, {"lsn", volume.lsn}};
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos && slash != 0) {
        if (Status made = files.makeDirs(path.substr(0, slash)); !made) return made;
    }
    return files.replace(path, withDigest(json.dump()), true);
}

std::uint64_t nextIncarnation(std::uint64_t known, std::uint64_t remembered, Millis wallMs, Random& random) {
    const auto nowMs = static_cast<std::uint64_t>(std::clamp<Millis>(wallMs, 0, kLastMs));
    const std::uint64_t timeMs = std::max(nowMs, (std::max(known, remembered) >> kRandomBits) + 1);
    return timeMs << kRandomBits | (random.next() & ((1U << kRandomBits) - 1));
}

std::string whyPutBack(const std::optional<RememberedVolume>& remembered, const VolumeStart& found, Lsn head) {
    if (!remembered) {
        if (found.volume.isNil()) return {};  // new, or of version 1
        return fmt::format("volume {} was restored from a backup, or comes from another workspace",
                           found.volume.text());
    }
    const RememberedVolume& last = *remembered;
    if (found.volume.isNil() && last.startId == 0) return {};  // its first start never got into its log
    if (found.volume.isNil() && head == 0) {
        return fmt::format("volume {}, which was used last, is gone: this one is new and empty", last.volume.text());
    }
    if (found.volume != last.volume) {
        return fmt::format("volume {} is not the one that was used last ({})",
                           found.volume.isNil() ? std::string("without a name (version 1)") : found.volume.text(),
                           last.volume.text());
    }
    if (found.startId != last.startId && (last.beginning == 0 || found.startId != last.beginning)) {
        return fmt::format("volume {} was put back: it knows nothing of its last start ({:016x})", last.volume.text(),
                           last.startId);
    }
    if (head < last.lsn) {
        return fmt::format("volume {} was put back: its log ends with entry {}, and had reached {}", last.volume.text(),
                           head, last.lsn);
    }
    return {};
}

}  // namespace tributary::engine
