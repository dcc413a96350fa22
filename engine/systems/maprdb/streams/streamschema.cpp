// Attributes as text, as a catalog record keeps them.
#include "engine/systems/maprdb/streams/streamschema.h"

#include <algorithm>
#include <cstdlib>

#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamkind.h"
#include "engine/systems/maprdb/streams/streamrows.h"

namespace tributary::engine::maprdb {
namespace {

class StoredStream final : public DatasetSchema {
public:
    explicit StoredStream(StreamSchema schema)
        : DatasetSchema(streamKind()),
          schema_(std::move(schema)),
          rules_(std::make_shared<const StreamRules>(schema_.ttlMs())) {}
    [[nodiscard]] const StreamSchema& schema() const { return schema_; }
    [[nodiscard]] const std::shared_ptr<const FoldRules>& rules() const { return rules_; }

private:
    StreamSchema schema_;
    std::shared_ptr<const FoldRules> rules_;
};

std::int64_t numberOr(const std::map<std::string, std::string>& attributes, const char* name, std::int64_t otherwise) {
    const auto at = attributes.find(name);
    return at == attributes.end() ? otherwise : std::strtoll(at->second.c_str(), nullptr, 10);
}

}  // namespace

Millis StreamSchema::ttlMs() const {
    return numberOr(attributes, "ttl", kStreamTtlSeconds) * 1000;
}

bool StreamSchema::autoCreate() const {
    const auto at = attributes.find("autocreate");
    return at == attributes.end() || at->second == "true";
}

std::uint32_t StreamSchema::defaultPartitions() const {
    const std::int64_t wanted = numberOr(attributes, "defaultpartitions", kDefaultPartitions);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(wanted, 1, kPartitionsMax));
}

const StreamSchema& streamOf(const DatasetSchema& schema) {
    return static_cast<const StoredStream&>(schema).schema();
}

const StreamSchema& streamOf(const DatasetRecord& record) {
    return streamOf(*record.schema);
}

std::shared_ptr<const FoldRules> streamRulesOf(const DatasetSchema& schema) {
    return static_cast<const StoredStream&>(schema).rules();
}

SchemaPtr makeStream(StreamSchema schema) {
    return std::make_shared<const StoredStream>(std::move(schema));
}

void writeJson(const StreamSchema& schema, Json& json) {
    json["attributes"] = schema.attributes;
    json["perms"] = schema.perms;
}

StreamSchema streamFromJson(const Json& json) {
    StreamSchema schema;
    schema.attributes = json.at("attributes").get<std::map<std::string, std::string>>();
    schema.perms = json.at("perms").get<StreamPermissions>();
    schema.uuid = Uuid::parse(json.at("uuid").get<std::string>()).valueOr(Uuid{});
    return schema;
}

}  // namespace tributary::engine::maprdb
