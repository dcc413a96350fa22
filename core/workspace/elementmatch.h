// Which element of one drawing is which of another.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/topology/edit.h"

namespace tributary {

/// Two names in one text; the length keeps "a b" and "c" apart from "a" and "b c".
inline std::string matchKey(const std::string& first, const std::string& second = {}) {
    return std::to_string(first.size()) + ':' + first + second;
}
inline std::string matchKey(const Cluster& cluster) {
    return matchKey(cluster.name);
}
inline std::string matchKey(const Dataset& dataset) {
    return matchKey(dataset.path);
}
inline std::string matchKey(const Replica& replica) {
    return matchKey(replica.from, replica.to);
}
inline std::string matchKey(const Upstream& upstream) {
    return matchKey(upstream.at, upstream.from);
}
inline std::string matchKey(const Peer& peer) {
    return matchKey(peer.at, peer.from);
}
inline std::string matchKey(const Connection& connection) {
    return matchKey(connection.at, connection.from);
}
inline std::string matchKey(const Wan& wan) {
    return matchKey(wan.a, wan.b);
}
inline std::string matchKey(const Region& region) {
    return matchKey(region.name);
}

/// For each wanted element the place of the current one with its id, the first that no other took; nullopt: it is new.
template <typename T>
std::vector<std::optional<std::size_t>> matchedElements(const std::vector<T>& current, const std::vector<T>& wanted) {
    std::vector<std::optional<std::size_t>> out(wanted.size());
    std::size_t same = 0;  // most edits leave most of the drawing where it is
    while (same < current.size() && same < wanted.size() && idOf(current[same]) == idOf(wanted[same])) {
        out[same] = same;
        ++same;
    }
    std::unordered_map<std::string, std::deque<std::size_t>> free;  // nobody walks it
    for (std::size_t i = same; i < current.size(); ++i) free[matchKey(current[i])].push_back(i);
    for (std::size_t i = same; i < wanted.size(); ++i) {
        const auto found = free.find(matchKey(wanted[i]));
        if (found == free.end() || found->second.empty()) continue;
        out[i] = found->second.front();
        found->second.pop_front();
    }
    return out;
}

}  // namespace tributary
