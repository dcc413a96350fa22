// Metadata of one table for another.
#include "engine/admin/tableadmincopymeta.h"

#include <fmt/format.h>

#include <set>

#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/tables/defaults.h"

namespace tributary::engine::maprdb {
namespace {

std::string streamDefault(const std::string& name) {
    if (name == "ttl") return std::to_string(kStreamTtlSeconds);
    if (name == "defaultpartitions") return std::to_string(kDefaultPartitions);
    return name == "compression" ? "lz4" : "true";
}

class Comparison {
public:
    Comparison(const TableRecord& a, const TableRecord& b) : a_(a), b_(b) {}

    template <typename T>
    void value(const std::string& what, const T& atA, const T& atB) {
        if (atA == atB) return;
        lines_.push_back(fmt::format("{}: {} at {}, {} at {}", what, atA, a_.path, atB, b_.path));
    }
    void perms(const std::string& what, const Permissions& atA, const Permissions& atB) {
        std::set<std::string> names;
        for (const auto& [name, ace] : atA) names.insert(name);
        for (const auto& [name, ace] : atB) names.insert(name);
        for (const std::string& name : names) {
            const auto text = [&](const Permissions& perms) {
                const auto at = perms.find(name);
                return at == perms.end() ? std::string("not set") : "'" + at->second + "'";
            };
            value(what + name, text(atA), text(atB));
        }
    }
    void family(const FamilyRecord& atA, bool withPermissions) {
        const FamilyRecord* atB = b_.family(atA.name);
        if (atB == nullptr) {
            lines_.push_back(fmt::format("family {} is missing at {}", atA.name, b_.path));
            return;
        }
        const std::string of = "family " + atA.name + ", ";
        value(of + "maxversions", atA.maxVersions, atB->maxVersions);
        value(of + "minversions", atA.minVersions, atB->minVersions);
        value(of + "ttl", atA.ttlSeconds, atB->ttlSeconds);
        value(of + "inmemory", atA.inMemory, atB->inMemory);
        value(of + "compression", atA.compression, atB->compression);
        value(of + "path", "'" + atA.jsonPath + "'", "'" + atB->jsonPath + "'");
        if (withPermissions) perms(of, atA.perms, atB->perms);
    }
    void missingAtA(const FamilyRecord& atB) {
        if (a_.family(atB.name) == nullptr) {
            lines_.push_back(fmt::format("family {} is missing at {}", atB.name, a_.path));
        }
    }
    std::vector<std::string> take() { return std::move(lines_); }

private:
    const TableRecord& a_;
    const TableRecord& b_;
    std::vector<std::string> lines_;
};

}  // namespace

bool isStream(const TableRecord& record) {
    return record.kind == "stream";
}

std::string attributeOf(const TableRecord& table, const std::string& name) {
    const auto at = table.attributes.find(name);
    if (at != table.attributes.end()) return at->second;
    if (isStream(table)) return streamDefault(name);
    if (name == "regionsizemb") return std::to_string(kRegionSizeMb);
    if (name == "metricsinterval") return std::to_string(kMetricsIntervalSeconds);
    if (name == "deletettl") return std::to_string(kDeleteTtlSeconds);
    return name == "autosplit" ? "true" : "false";
}

std::vector<std::string> metadataDifferences(const TableRecord& a, const TableRecord& b, bool withPermissions) {
    Comparison comparison(a, b);
    comparison.value("kind", a.kind, b.kind);
    if (isStream(a) && isStream(b)) {
        for (const char* name : {"ttl", "autocreate", "defaultpartitions", "compression"}) {
            comparison.value(name, attributeOf(a, name), attributeOf(b, name));
        }
        if (withPermissions) comparison.perms({}, a.perms, b.perms);
        return comparison.take();
    }
    for (const char* name : {"regionsizemb", "autosplit", "audit", "metricsinterval", "deletettl"}) {
        comparison.value(name, attributeOf(a, name), attributeOf(b, name));
    }
    if (withPermissions) comparison.perms({}, a.perms, b.perms);
    for (const FamilyRecord& family : a.families) {
        if (family.live()) comparison.family(family, withPermissions);
    }
    for (const FamilyRecord& family : b.families) {
        if (family.live()) comparison.missingAtA(family);
    }
    return comparison.take();
}

}  // namespace tributary::engine::maprdb
