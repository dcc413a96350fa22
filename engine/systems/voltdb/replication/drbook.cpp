// The book of conversations, written and read.
#include "engine/systems/voltdb/replication/drbook.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/systems/voltdb/dr/drid.h"

namespace tributary::engine::voltdb {

namespace {

using Json = nlohmann::ordered_json;
constexpr int kBookVersion = 1;

Error badBook(const std::string& what) {
    return {ErrorCode::Corrupt, "the book of DR conversations cannot be read: " + what, {}, {}};
}

Json jsonOf(const DrConversation& talk) {
    Json acked = Json::object();
    for (const auto& [partition, next] : talk.acked) acked[std::to_string(partition)] = next;
    return {{"cluster", talk.remote.cluster},
            {"created", talk.remote.creationMs},
            {"address", talk.remote.address},
            {"begun", talk.hasBegun},
            {"synced", talk.isSynced},
            {"followed", talk.hasFollowed},
            {"acked", acked},
            {"heldFrom", talk.heldFrom}};
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
    return out;
}

}  // namespace

std::string bookText(const DrBook& book) {
    Json talks = Json::array();
    for (const auto& [cluster, talk] : book.conversations) talks.push_back(jsonOf(talk));
    const Json out{{"version", kBookVersion},  {"created", book.creationMs}, {"role", drRoleName(book.role)},
                   {"joined", book.hasJoined}, {"syncing", book.isSyncing},  {"conversations", talks}};
    return out.dump(2) + "\n";
}

Result<DrBook> parseBook(std::string_view text) {
    // What the library throws at a stranger's bytes is our error.
    try {
        const Json json = Json::parse(text);
        if (json.at("version").get<int>() != kBookVersion) return badBook("another version");
        DrBook out;
        out.creationMs = json.at("created").get<std::int64_t>();
        const auto role = json.at("role").get<std::string>();
        for (const DrRole each : {DrRole::None, DrRole::Master, DrRole::Replica, DrRole::Xdcr}) {
            if (role == drRoleName(each)) out.role = each;
        }
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
    error.fix = "put the file back from a backup, or begin DR from scratch: voltdb init --force";
    return error;
}

Status saveBook(FileOps& files, const std::string& path, const DrBook& book) {
    return files.replace(path, bookText(book));
}

}  // namespace tributary::engine::voltdb
