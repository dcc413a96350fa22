// Checks of table records.
#include "engine/systems/maprdb/tables/recordchecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/topology/ace.h"
#include "engine/node/administrators.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::int64_t kNumberMax = std::numeric_limits<std::int32_t>::max();
constexpr std::array<std::string_view, 5> kCompressions{"off", "lz4", "lzf", "zlib", "zstd"};

Error refused(std::string what, std::string fix) {
    return {ErrorCode::InvalidInput, std::move(what), {}, std::move(fix)};
}

// Whom a cluster knows: present on every node of the real system, or drawn.
std::vector<std::string> withSystemNames(std::vector<std::string> names) {
    for (const char* always : {"mapr", "root"}) {
        if (std::find(names.begin(), names.end(), always) == names.end()) names.emplace_back(always);
    }
    return names;
}

Status checkKnown(const std::string& permission, std::string_view kind, const std::vector<std::string>& named,
                  const std::vector<std::string>& known) {
    for (const std::string& name : named) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string near = nearest(name, known);
        return refused(fmt::format("{} names the {} '{}', which this cluster does not know", permission, kind,
                                   shownLine(bounded(name, limits::kNameShownMax))),
                       near.empty() ? (known.empty() ? fmt::format("name users or groups: {}s are not drawn", kind)
                                                     : fmt::format("one of: {}", join(known, ", ")))
                                    : fmt::format("did you mean '{}'?", near));
    }
    return okStatus();
}

Status checkNumber(const Json& body, const char* name, std::int64_t least) {
    if (!body.contains(name)) return okStatus();
    const Json& value = body.at(name);
    const bool fits =
        value.is_number_integer() && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= kNumberMax;
    if (fits) return okStatus();
    return refused(fmt::format("{} cannot be {}", name, value.dump()), fmt::format("{} to {}", least, kNumberMax));
}

}  // namespace

Status checkPermissions(const NodeConfig& config, const Permissions& perms) {
    std::vector<std::string> groups;
    for (const auto& [group, members] : config.groups) groups.push_back(group);
    const bool tells = !config.users.empty() || !groups.empty();
    for (const auto& [name, expression] : perms) {
        const Result<Ace> ace = parseAce(expression);
        if (!ace) return refused(fmt::format("{}: {}", name, ace.error().what), ace.error().fix);
        // No role is known to any cluster, whoever is drawn; users and groups are open until the drawing names some.
        if (Status known = checkKnown(name, "role", ace->roles(), {}); !known) return known;
        if (!tells) continue;
        if (!config.users.empty()) {
            if (Status known = checkKnown(name, "user", ace->users(), withSystemNames(knownUsers(config))); !known) {
                return known;
            }
        }
        if (Status known = checkKnown(name, "group", ace->groups(), withSystemNames(groups)); !known) return known;
    }
    return okStatus();
}

Status checkAdministrated(const std::string& permission, const Permissions& perms, std::string_view noun) {
    const auto admin = perms.find(permission);
    if (admin == perms.end() || admin->second.find_first_not_of(" \t") != std::string::npos) return okStatus();
    return Error{
        ErrorCode::InvalidInput,
        fmt::format("an empty {} lets nobody in: the {} could never be changed or deleted again", permission, noun),
        '-' + permission, fmt::format("name who may: -{} \"u:NAME\"", permission)};
}

Status checkFamilyRequest(const NodeConfig& config, const Json& family, FamilyRequest what) {
    const char* key = what == FamilyRequest::Create ? "name" : "newname";  // an odd name of old may still be changed
    if (family.contains(key)) {
        if (Status named = checkName("a column family", family.at(key).get<std::string>()); !named) return named;
    }
    for (const auto& [name, least] : {std::pair{"maxversions", 1}, {"minversions", 0}, {"ttl", 0}}) {
        if (Status fits = checkNumber(family, name, least); !fits) return fits;
    }
    if (family.contains("compression")) {
        const std::string wanted = family.at("compression");
        if (std::find(kCompressions.begin(), kCompressions.end(), wanted) == kCompressions.end()) {
            return refused(fmt::format("there is no compression '{}'", shownLine(wanted)),
                           "one of: off, lz4, lzf, zlib, zstd");
        }
    }
    if (family.contains("perms")) {
        if (Status good = checkPermissions(config, family.at("perms").get<Permissions>()); !good) return good;
    }
    if (!family.contains("columns")) return okStatus();
    for (const auto& [column, perms] : family.at("columns").items()) {
        if (Status fits = limits::check("column", column.size(), "a column's name"); !fits) return fits;
        if (Status good = checkPermissions(config, perms.get<Permissions>()); !good) return good;
    }
    return okStatus();
}

Status checkAttributes(const std::map<std::string, std::string>& attributes) {
    constexpr std::array<std::string_view, 3> kFlags{"autosplit", "bulkload", "audit"};
    constexpr std::array<std::string_view, 3> kNumbers{"regionsizemb", "metricsinterval", "deletettl"};
    for (const auto& [name, value] : attributes) {
        if (std::find(kFlags.begin(), kFlags.end(), name) != kFlags.end()) {
            if (value == "true" || value == "false") continue;
            return refused(fmt::format("{} cannot be '{}'", name, shownLine(value)), "true or false");
        }
        if (std::find(kNumbers.begin(), kNumbers.end(), name) == kNumbers.end()) {
            return refused(fmt::format("a table has no attribute '{}'", shownLine(name)),
                           "one of: regionsizemb, autosplit, bulkload, audit, metricsinterval, deletettl");
        }
        std::int64_t number = -1;
        const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
        if (end.ec == std::errc() && end.ptr == value.data() + value.size() && number >= 0 && number <= kNumberMax) {
            continue;
        }
        return refused(fmt::format("{} cannot be '{}'", name, shownLine(value)), fmt::format("0 to {}", kNumberMax));
    }
    return okStatus();
}

}  // namespace tributary::engine::maprdb
