// The book of conversations, written and read.
#include "engine/systems/voltdb/replication/drbook.h"

#include <fmt/format.h>

#include <xxhash.h>

#include <nlohmann/json.hpp>

#include "engine/systems/voltdb/dr/drid.h"

namespace tributary::engine::voltdb {

namespace {

using Json = nlohmann::ordered_json;
constexpr int kBookVersion = 2;
constexpr int kVersionWithoutDigest = 1;
constexpr std::string_view kDigestKey = "digest";

std::string digestOf(const Json& withoutDigest) {
    const std::string text = withoutDigest.dump();
    return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

Error badBook(const std::string& what) {
    return {ErrorCode::Corrupt, "the book of DR conversations cannot be read: " + what, {}, {}};
}

Json jsonOf(const std::map<int, std::uint64_t>& next) {
    Json out = Json::object();
    for (const auto& [partition, sequence] : next) out[std::to_string(partition)] = sequence;
    return out;
}

Json jsonOf(const DrConversation& talk) {
    return {{"cluster", talk.remote.cluster}, {"created", talk.remote.creationMs}, {"address", talk.remote.address},
            {"begun", talk.hasBegun},         {"synced", talk.isSynced},           {"followed", talk.hasFollowed},
            {"acked", jsonOf(talk.acked)},    {"heldFrom", talk.heldFrom},         {"until", jsonOf(talk.until)}};
}

DrConversation conversationOf(const Json& json) {
    DrConversation out;
    out.remote.cluster = json.at("cluster").get<int>();
    out.remote.creationMs = json.at("created").get<std::int64_t>();
    out.remote.address = json.at("address").get<std::string>();
    out.hasBegun = json.at("begun").get<bool>();
    out.isSynced = json.at("synced").get<bool>();
    out.hasFollowed = json.at("followed").get<bool>();
    for (const auto& [partition, next] : json.at("acked").items()) {
        out.acked[std::stoi(partition)] = next.get<std::uint64_t>();
    }
    out.heldFrom = json.at("heldFrom").get<Lsn>();
    if (!json.contains("until")) return out;  // of version 1
    for (const auto& [partition, next] : json.at("until").items()) {
        out.until[std::stoi(partition)] = next.get<std::uint64_t>();
    }
    return out;
}

}  // namespace

std::string bookText(const DrBook& book) {
    Json talks = Json::array();
    for (const auto& [cluster, talk] : book.conversations) talks.push_back(jsonOf(talk));
    Json out{{"version", kBookVersion},  {"created", book.creationMs}, {"role", drRoleName(book.role)},
             {"joined", book.hasJoined}, {"syncing", book.isSyncing},  {"conversations", talks}};
    out[kDigestKey] = digestOf(out);
    return out.dump(2) + "\n";
}

Result<DrBook> parseBook(std::string_view text) {
    // What the library throws at a stranger's bytes is our error.
    try {
        Json json = Json::parse(text);
        const int version = json.at("version").get<int>();
        if (version != kBookVersion && version != kVersionWithoutDigest) return badBook("another version");
        if (version == kBookVersion) {
            const auto told = json.at(kDigestKey).get<std::string>();
            json.erase(std::string(kDigestKey));
            if (told != digestOf(json)) return badBook("it is not what was written: its digest is wrong");
        }
        DrBook out;
        out.creationMs = json.at("created").get<std::int64_t>();
        const auto role = json.at("role").get<std::string>();
        bool isRole = false;
        for (const DrRole each : {DrRole::None, DrRole::Master, DrRole::Replica, DrRole::Xdcr}) {
            if (role != drRoleName(each)) continue;
            out.role = each;
            isRole = true;
        }
        if (!isRole) return badBook("its role is none that there is");
        out.hasJoined = json.at("joined").get<bool>();
        out.isSyncing = json.at("syncing").get<bool>();
        for (const Json& each : json.at("conversations")) {
            DrConversation talk = conversationOf(each);
            const int cluster = talk.remote.cluster;
            if (cluster < 0 || cluster > static_cast<int>(kClusterMask)) return badBook("a cluster id out of range");
            out.conversations.insert_or_assign(cluster, std::move(talk));
        }
        return out;
    } catch (const std::exception& problem) {
        return badBook(problem.what());
    }
}

Result<DrBook> loadBook(FileOps& files, const std::string& path) {
    if (!files.exists(path)) return Error{ErrorCode::NotFound, "no book of DR conversations", path, {}};
    const auto text = files.readAll(path);
    if (!text) return text.error();
    auto book = parseBook(*text);
    if (book) return book;
    Error error = book.error();
    error.where = path;
    error.fix =
        "restore the workspace from a backup, or begin replication of this host from scratch: voltdb init --force";
    return error;
}

Status saveBook(FileOps& files, const std::string& path, const DrBook& book) {
    return files.replace(path, bookText(book));
}

}  // namespace tributary::engine::voltdb
