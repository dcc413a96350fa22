// Attributes and permissions of streams.
#include "engine/systems/maprdb/streams/streamchecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "core/base/escape.h"
#include "engine/systems/maprdb/streams/defaults.h"

namespace tributary::engine::maprdb {
namespace {

Error refused(std::string what, std::string fix) {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

Status checkNumber(const std::string& name, const std::string& value, std::int64_t least, std::int64_t most) {
    std::int64_t number = -1;
    const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
    if (end.ec == std::errc() && end.ptr == value.data() + value.size() && number >= least && number <= most) {
        return okStatus();
    }
    return refused(fmt::format("{} cannot be '{}'", name, shownLine(value)), fmt::format("{} to {}", least, most));
}

}  // namespace

Status checkStreamAttributes(const std::map<std::string, std::string>& attributes) {
    constexpr std::array<std::string_view, 4> kCompressions{"off", "lz4", "lzf", "zlib"};
    for (const auto& [name, value] : attributes) {
        if (name == "ttl") {
            if (Status good = checkNumber(name, value, 0, INT32_MAX); !good) return good;
        } else if (name == "defaultpartitions") {
            if (Status good = checkNumber(name, value, 1, kPartitionsMax); !good) return good;
        } else if (name == "autocreate") {
            if (value != "true" && value != "false") {
                return refused(fmt::format("{} cannot be '{}'", name, shownLine(value)), "true or false");
            }
        } else if (name == "compression") {
            if (std::find(kCompressions.begin(), kCompressions.end(), value) == kCompressions.end()) {
                return refused(fmt::format("there is no compression '{}'", shownLine(value)),
                               "one of: off, lz4, lzf, zlib");
            }
        } else {
            return refused(fmt::format("a stream has no attribute '{}'", shownLine(name)),
                           "one of: ttl, autocreate, defaultpartitions, compression");
        }
    }
    return okStatus();
}

Status requireAnyOf(Access& access, const DatasetRecord& stream, const std::vector<const char*>& any,
                    const std::string& user) {
    const StreamPermissions& perms = streamOf(stream).perms;
    for (const char* permission : any) {
        if (access.has(perms, permission, user)) return okStatus();
    }
    const auto at = perms.find(any.front());
    const std::string now = at == perms.end() ? "" : at->second;
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("user {} lacks {} on {} (it is \"{}\")", user, any.front(), stream.path, now),
                 {},
                 fmt::format("maprcli stream edit -path {} -{} \"{}u:{}\"", stream.path, any.front(),
                             now.empty() ? "" : now + " | ", user)};
}

Status requireParts(Access& access, const DatasetRecord& stream, const std::vector<PartView>& parts,
                    const std::string& user) {
    std::set<StreamPart> kinds;
    for (const PartView& part : parts) kinds.insert(part.part);
    for (const StreamPart part : kinds) {
        std::vector<const char*> any;
        switch (part) {
            case StreamPart::Produce: any = {"produceperm", "copyperm"}; break;
            case StreamPart::Placed: any = {"copyperm"}; break;
            case StreamPart::Topic: any = {"topicperm", "adminperm", "copyperm"}; break;
            case StreamPart::Cursor: any = {"consumeperm", "copyperm"}; break;
        }
        if (Status allowed = requireAnyOf(access, stream, any, user); !allowed) return allowed;
    }
    return okStatus();
}

}  // namespace tributary::engine::maprdb
