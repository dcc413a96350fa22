// Hashes of rows: in order for equality, as a set for what is missing.
#include "app/instanceruns/instancerows.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/text.h"

namespace tributary::app {
namespace {

using RowHash = std::pair<std::uint64_t, std::uint64_t>;

RowHash hashOf(std::string_view row) {
    const XXH128_hash_t hash = XXH3_128bits(row.data(), row.size());
    return {hash.high64, hash.low64};
}

struct FreeState {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

Result<std::map<std::string, SpacePrint>> printsOf(InstanceWorld& world, const InstancePlace& place) {
    const auto spaces = world.spaces(place);
    if (!spaces) return spaces.error();
    std::map<std::string, SpacePrint> prints;
    for (const SpaceSeen& space : *spaces) {
        const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
        XXH3_128bits_reset(state.get());
        SpacePrint print;
        const Status read = world.eachRow(place, space, [&](std::string_view row, const std::string&) {
            ++print.rows;
            XXH3_128bits_update(state.get(), row.data(), row.size());
        });
        if (!read) return read.error();
        const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
        print.hash = fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
        prints.emplace(space.name, std::move(print));
    }
    return prints;
}

std::vector<std::string> differencesOf(const std::map<std::string, SpacePrint>& one,
                                       const std::map<std::string, SpacePrint>& other) {
    std::vector<std::string> lines;
    for (const auto& [name, print] : one) {
        const auto same = other.find(name);
        if (same == other.end()) {
            lines.push_back(fmt::format("space {} is missing at the second", name));
        } else if (same->second.rows != print.rows) {
            lines.push_back(fmt::format("space {} has {} and {} rows", name, print.rows, same->second.rows));
        } else if (same->second != print) {
            lines.push_back(fmt::format("space {} has {} rows at both, and not the same", name, print.rows));
        }
    }
    for (const auto& [name, print] : other) {
        if (!one.contains(name)) lines.push_back(fmt::format("space {} is missing at the first", name));
    }
    return lines;
}

Result<RowsOnlyHere> rowsOnlyAt(InstanceWorld& world, const InstancePlace& here, const InstancePlace& there,
                                std::size_t kept) {
    const auto spaces = world.spaces(here);
    if (!spaces) return spaces.error();
    const auto known = world.spaces(there);
    if (!known) return known.error();
    RowsOnlyHere found;
    for (const SpaceSeen& space : *spaces) {
        std::vector<RowHash> hashes;
        const auto same =
            std::find_if(known->begin(), known->end(), [&](const SpaceSeen& each) { return each.name == space.name; });
        if (same != known->end()) {
            const Status read = world.eachRow(
                there, *same, [&](std::string_view row, const std::string&) { hashes.push_back(hashOf(row)); });
            if (!read) return read.error();
        }
        std::sort(hashes.begin(), hashes.end());
        const Status read = world.eachRow(here, space, [&](std::string_view row, const std::string& key) {
            if (std::binary_search(hashes.begin(), hashes.end(), hashOf(row))) return;
            ++found.count;
            if (found.rows.size() < kept) found.rows.push_back({space.name, key, std::string(row)});
        });
        if (!read) return read.error();
    }
    return found;
}

std::string keysText(const RowsOnlyHere& found) {
    std::vector<std::string> keys;
    keys.reserve(found.rows.size() + 1);
    for (const RowOnlyHere& row : found.rows) keys.push_back(fmt::format("{} {}", row.space, row.key));
    if (found.count > keys.size()) keys.push_back(fmt::format("and {} more", found.count - keys.size()));
    return join(keys, ", ");
}

}  // namespace tributary::app
