// The request that makes it.
#include "engine/systems/maprdb/tables/createlike.h"

namespace tributary::engine::maprdb {
namespace {

Json familyBody(const FamilyRecord& family, bool aces) {
    Json body{{"name", family.name},      {"maxversions", family.maxVersions}, {"minversions", family.minVersions},
              {"ttl", family.ttlSeconds}, {"inmemory", family.inMemory},       {"compression", family.compression},
              {"perms", Json::object()},  {"columns", Json::object()}};
    if (!family.jsonPath.empty()) body["jsonpath"] = family.jsonPath;
    if (!aces) return body;
    for (const auto& [name, ace] : family.perms) body["perms"][name] = ace;
    for (const auto& [column, perms] : family.columns) {
        for (const auto& [name, ace] : perms) body["columns"][column][name] = ace;
    }
    return body;
}

}  // namespace

Json createBodyLike(const TableRecord& model, const std::string& path, const CopyMeta& what) {
    Json body{{"path", path},
              {"kind", model.kind},
              {"attributes", Json::object()},
              {"perms", Json::object()},
              {"families", Json::array()}};
    if (what.attributes) {
        for (const auto& [name, value] : model.attributes) {
            if (name != "bulkload") body["attributes"][name] = value;
        }
    }
    if (what.aces) {
        for (const auto& [name, ace] : model.perms) body["perms"][name] = ace;
    }
    if (what.families) {
        for (const FamilyRecord& family : model.families) {
            if (family.live()) body["families"].push_back(familyBody(family, what.aces));
        }
    }
    return body;
}

}  // namespace tributary::engine::maprdb
