// Requests that make, change and drop streams.
#include <fmt/format.h>

#include <array>

#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/streams/streamchecks.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamkind.h"
#include "engine/systems/maprdb/streams/streamrows.h"
#include "engine/systems/maprdb/tables/recordchecks.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::array<const char*, 5> kStreamPerms{"produceperm", "consumeperm", "topicperm", "copyperm", "adminperm"};
constexpr std::size_t kTopicsShownMax = 100'000;

StreamPermissions permsFrom(const Json& json) {
    return json.contains("perms") ? json.at("perms").get<StreamPermissions>() : StreamPermissions{};
}

/// What a request says of a stream, before anything is made.
Status checkRequest(const NodeConfig& config, const Json& body) {
    if (body.contains("attributes")) {
        const auto attributes = body.at("attributes").get<std::map<std::string, std::string>>();
        if (Status good = checkStreamAttributes(attributes); !good) return good;
    }
    const StreamPermissions perms = permsFrom(body);
    for (const auto& [name, expression] : perms) {
        if (std::find(kStreamPerms.begin(), kStreamPerms.end(), name) != kStreamPerms.end()) continue;
        return Error{ErrorCode::InvalidInput,
                     fmt::format("a stream has no permission '{}'", name),
                     {},
                     "one of: produceperm, consumeperm, topicperm, copyperm, adminperm"};
    }
    if (Status held = checkAdministrated("adminperm", perms, "stream"); !held) return held;
    return checkPermissions(config, perms);
}

void createStream(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string path = body.at("path");
    if (const auto parsed = parseDatasetPath(path); !parsed || path.find(':') != std::string::npos) {
        call.reply(parsed ? Error{ErrorCode::InvalidInput, "a stream's name may not contain ':'", "-path", {}}
                          : parsed.error());
        return;
    }
    if (clusterOfPath(path) != call.node.config().cluster) {
        call.reply(streamRecordOf(call.node, path).error());
        return;
    }
    if (Status good = checkRequest(call.node.config(), body); !good) {
        call.reply(good.error());
        return;
    }
    if (call.node.config().durability == Durability::Write) {
        // A power cut would take offsets back that readers and replicas have seen.
        call.reply(Error{ErrorCode::Unsupported,
                         fmt::format("cluster {} acknowledges what a power cut may take: its streams would give "
                                     "offsets twice",
                                     call.node.config().cluster),
                         {},
                         "start it with durability fsync"});
        return;
    }
    const auto uuid = uuidFor(call, body);
    if (!uuid) {
        call.reply(uuid.error());
        return;
    }
    DatasetRecord record;
    record.uuid = uuid.value();
    record.path = path;
    record.creator = call.user;
    record.createdMs = call.node.seams().clock.wallMs();
    StreamSchema schema;
    schema.uuid = record.uuid;
    if (body.contains("attributes"))
        schema.attributes = body.at("attributes").get<std::map<std::string, std::string>>();
    schema.perms = permsFrom(body);
    for (const char* perm : kStreamPerms) schema.perms.try_emplace(perm, "u:" + call.user);
    record.schema = makeStream(std::move(schema));
    call.node.change(
        [record, path](const Catalog& catalog) -> Result<CatalogChange> {
            if (const DatasetRecord* there = catalog.byPath(path)) {
                if (there->uuid == record.uuid) return CatalogChange::put(*there);  // a set-up asks again
                return Error{ErrorCode::AlreadyExists, fmt::format("{}: File exists", path), {}, "another path"};
            }
            DatasetRecord made = record;
            made.id = catalog.nextId();
            return CatalogChange::put(made);
        },
        [call](const Status& status) { call.replyStatus(status); });
}

void alterStream(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    Node* node = &call.node;
    call.node.change(
        [node, body, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = streamRecordOf(*node, body.at("path"));
            if (!record) return record.error();
            Access& access = streamsOf(*node).access();
            if (Status allowed = requireAnyOf(access, *record.value(), {"adminperm"}, user); !allowed) {
                return allowed.error();
            }
            if (Status good = checkRequest(node->config(), body); !good) return good.error();
            DatasetRecord changed = *record.value();
            StreamSchema schema = streamOf(changed);
            if (body.contains("attributes")) {
                for (const auto& [name, value] : body.at("attributes").items()) schema.attributes[name] = value;
            }
            for (const auto& [name, value] : permsFrom(body)) schema.perms[name] = value;
            changed.schema = makeStream(std::move(schema));
            return CatalogChange::put(std::move(changed));
        },
        [call](const Status& status) { call.replyStatus(status); });
}

void dropStream(const ControlCall& call) {
    const std::string path = Json::parse(call.body).at("path");
    Node* node = &call.node;
    call.node.change(
        [node, path, user = call.user](const Catalog&) -> Result<CatalogChange> {
            const auto record = streamRecordOf(*node, path);
            if (!record) return record.error();
            Access& access = streamsOf(*node).access();
            if (Status allowed = requireAnyOf(access, *record.value(), {"adminperm"}, user); !allowed) {
                return allowed.error();
            }
            return CatalogChange::drop(record.value()->id);
        },
        [call](const Status& status) { call.replyStatus(status); });
}

/// What a stream holds.
struct Held {
    Json topics = Json::array();  ///< names
    std::uint64_t messages = 0;   ///< at most: those whose time is over count until their topic goes
};

Status addMessages(StateView& view, const std::string& name, const TopicState& topic, Held& held) {
    const auto rows = view.scan(partitionKey({name, topic.epoch, 0}),
                                partitionKey({name, topic.epoch, topic.partitions}), topic.partitions, SIZE_MAX);
    if (!rows) return rows.error();
    for (const StoredRow& row : rows.value().rows) {
        const auto partition = partitionFrom(row.record);
        if (!partition) return partition.error();
        held.messages += partition.value().next;
        for (const OffsetClash& apart : partition.value().clashes) held.messages += apart.messages;
    }
    return okStatus();
}

Result<Held> heldBy(Node& node, const DatasetRecord& record) {
    const auto view = node.view(record.id, false);
    if (!view) return view.error();
    const auto chunk = view.value()->scan("t", "u", kTopicsShownMax, SIZE_MAX);
    if (!chunk) return chunk.error();
    Held held;
    for (const StoredRow& row : chunk.value().rows) {
        const auto topic = topicFrom(row.record);
        if (!topic) return topic.error();
        if (!topic.value().live) continue;
        const std::string name = topicOfKey(row.key);
        if (Status added = addMessages(*view.value(), name, topic.value(), held); !added) return added.error();
        held.topics.push_back(name);
    }
    return held;
}

void describeStream(const ControlCall& call) {
    const auto found = streamRecordOf(call.node, Json::parse(call.body).at("path"));
    if (!found) {
        call.reply(found.error());
        return;
    }
    const DatasetRecord& record = *found.value();
    Json json = toJson(record);
    json["volume"] = volumeOfPath(record.path);
    if (Status there = call.node.checkAvailable(record); !there) {
        json["unavailable"] = there.error().text();
        call.replyJson(json);
        return;
    }
    const auto held = heldBy(call.node, record);
    if (!held) {
        call.reply(held.error());
        return;
    }
    StateUnit& state = *call.node.dataset(record.id)->state;
    json["topics"] = held.value().topics.size();
    json["topicnames"] = held.value().topics;
    json["stats"] =
        Json{{"diskBytes", state.diskBytes()}, {"memoryBytes", state.memoryBytes()}, {"rows", held.value().messages}};
    call.replyJson(json);
}

void listStreams(const ControlCall& call) {
    Json json{{"streams", Json::array()}};
    for (const auto& [id, record] : call.node.catalog().datasets()) {
        if (&record.kind() != &streamKind()) continue;
        json["streams"].push_back(Json{{"path", record.path}, {"uuid", record.uuid.text()}});
    }
    call.replyJson(json);
}

}  // namespace

void addStreamRequests(ControlRequests& requests) {
    requests.add(StreamMethod::Describe, describeStream);
    requests.add(StreamMethod::List, listStreams);
    requests.add(StreamMethod::Create, createStream);
    requests.openToSetups({StreamMethod::Create});
    requests.add(StreamMethod::Alter, alterStream);
    requests.add(StreamMethod::Drop, dropStream);
}

}  // namespace tributary::engine::maprdb
