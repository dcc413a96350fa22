// What a cluster knows about a stream beyond what it knows of any dataset: attributes and permissions. Topics are rows
// (streamrows.h), because they replicate with the messages.
#pragma once

#include <map>
#include <string>

#include "engine/catalog/datasetrecord.h"

namespace tributary::engine::maprdb {

using StreamPermissions = std::map<std::string, std::string>;  ///< permission name ("produceperm") -> ACE text

/// What only streams have.
struct StreamSchema {
    std::map<std::string, std::string> attributes;  ///< ttl (s), autocreate, defaultpartitions, compression
    StreamPermissions perms;                        ///< produceperm, consumeperm, topicperm, copyperm, adminperm
    Uuid uuid;                                      ///< of its record: whose offsets those given here are

    [[nodiscard]] Millis ttlMs() const;
    [[nodiscard]] bool autoCreate() const;
    [[nodiscard]] std::uint32_t defaultPartitions() const;
};

[[nodiscard]] const StreamSchema& streamOf(const DatasetSchema& schema);
[[nodiscard]] const StreamSchema& streamOf(const DatasetRecord& record);
[[nodiscard]] std::shared_ptr<const FoldRules> streamRulesOf(const DatasetSchema& schema);
[[nodiscard]] SchemaPtr makeStream(StreamSchema schema);

/// A stream's own members of a record's JSON. Reading throws what the JSON library throws.
void writeJson(const StreamSchema& schema, Json& json);
[[nodiscard]] StreamSchema streamFromJson(const Json& json);

}  // namespace tributary::engine::maprdb
