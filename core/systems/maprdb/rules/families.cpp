// Rules about kinds and families of the two ends of an edge.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/maprdb/familylimits.h"
#include "core/systems/maprdb/rules/columns.h"
#include "core/systems/maprdb/rules/rulesets.h"

namespace tributary::maprdb {

namespace {

std::int64_t ttlOf(const Family& family) {
    return timeToLive(family.ttlSeconds.value_or(0));
}

std::string ttlText(std::int64_t seconds) {
    return seconds == 0 ? "forever" : fmt::format("{} s", seconds);
}

/// A change of one family of a dataset, as an edit.
EditPtr familyEdit(const Dataset& dataset, const std::string& family, std::string_view attribute,
                   std::optional<std::string> value) {
    return setAttribute(idOf(dataset), fmt::format("family.{}.{}", family, attribute), std::move(value));
}

template <typename Visit>
void eachSharedFamily(const Context& context, Visit visit) {
    for (const Context::Edge& edge : context.edges()) {
        for (const std::string& name : carriedFamilies(*edge.source, *edge.replica)) {
            const Family* here = findFamily(*edge.source, name);
            const Family* there = findFamily(*edge.target, name);
            if (here != nullptr && there != nullptr) visit(edge, *here, *there);
        }
    }
}

void kindMismatch(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (edge.source->kind == edge.target->kind) continue;
        const std::string_view kind = datasetKindName(edge.source->kind);
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  fmt::format("the source is a {} and the replica a {}: only like replicates to like", kind,
                              datasetKindName(edge.target->kind)),
                  fmt::format("draw {} with kind: {}, or send to another dataset", edge.target->path, kind),
                  edge.target->exists ? nullptr : setAttribute(idOf(*edge.target), "kind", std::string(kind))});
    }
}

void familyMissing(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        // A replica without drawn families that is yet to be created gets them from its source.
        const bool comparable = edge.source->kind == edge.target->kind && edge.source->kind != DatasetKind::Stream;
        if (!comparable || (edge.target->families.empty() && !edge.target->exists)) continue;
        for (const std::string& name : carriedFamilies(*edge.source, *edge.replica)) {
            if (findFamily(*edge.target, name) != nullptr) continue;
            Dataset widened = *edge.target;
            widened.families.push_back(*findFamily(*edge.source, name));
            const std::string fix = edge.target->exists
                                        ? fmt::format(
                                              "maprcli table cf create -path {} -cfname {}, and add it to the "
                                              "drawing",
                                              edge.target->path, name)
                                        : fmt::format("add {} to the families of {}", name, edge.target->path);
            sink.add({edgeText(*edge.replica), edge.replica->pos,
                      fmt::format("family '{}' is replicated, but {} does not have it: the edge stalls with a "
                                  "replication error, families are never created by replication",
                                  name, edge.target->path),
                      fix, replaceDataset(edge.target->path, std::move(widened))});
        }
    }
}

void ttlDiffers(const Context& context, FindingSink& sink) {
    eachSharedFamily(context, [&](const Context::Edge& edge, const Family& here, const Family& there) {
        if (ttlOf(here) == ttlOf(there)) return;
        const std::string value = std::to_string(ttlOf(here));
        sink.add({edgeText(*edge.replica), there.pos.known() ? there.pos : edge.replica->pos,
                  fmt::format("family '{}' keeps cells {} at the source and {} at the replica: the two sides will "
                              "show different rows",
                              here.name, ttlText(ttlOf(here)), ttlText(ttlOf(there))),
                  fmt::format("maprcli table cf edit -path {} -cfname {} -ttl {}, and draw ttl: {}", edge.target->path,
                              there.name, value, value),
                  familyEdit(*edge.target, there.name, "ttl", value)});
    });
}

void familyDrift(const Context& context, FindingSink& sink) {
    eachSharedFamily(context, [&](const Context::Edge& edge, const Family& here, const Family& there) {
        struct Difference {
            std::string_view attribute;
            std::string option;
            std::string here;
            std::string there;
        };
        std::vector<Difference> all{{"versions", "maxversions", std::to_string(here.maxVersions.value_or(1)),
                                     std::to_string(there.maxVersions.value_or(1))},
                                    {"minversions", "minversions", std::to_string(here.minVersions.value_or(0)),
                                     std::to_string(there.minVersions.value_or(0))}};
        if (!here.compression.empty() && !there.compression.empty()) {
            all.push_back({"compression", "compression", here.compression, there.compression});
        }
        for (const Difference& each : all) {
            if (each.here == each.there) continue;
            sink.add({edgeText(*edge.replica), there.pos.known() ? there.pos : edge.replica->pos,
                      fmt::format("family '{}' has {} {} at the source and {} at the replica; schema changes are never "
                                  "replicated",
                                  here.name, each.attribute, each.here, each.there),
                      fmt::format("maprcli table cf edit -path {} -cfname {} -{} {}, and draw {}: {}",
                                  edge.target->path, there.name, each.option, each.here, each.attribute, each.here),
                      familyEdit(*edge.target, there.name, each.attribute, each.here)});
        }
    });
}

void jsonTtl(const Context& context, FindingSink& sink) {
    for (const Dataset& dataset : context.topology.datasets) {
        if (dataset.kind != DatasetKind::JsonTable || !context.isMaprDb(dataset.path)) continue;
        for (const Family& family : dataset.families) {
            if (ttlOf(family) == 0) continue;
            const bool isDefault = family.jsonPath.empty();
            if (isDefault && dataset.families.size() == 1) continue;
            sink.add({dataset.path, family.pos,
                      isDefault ? fmt::format("the default family '{}' has a ttl, which forbids further families",
                                              family.name)
                                : fmt::format("family '{}' has a ttl; of a JSON table's families only the default one "
                                              "may have one",
                                              family.name),
                      "remove the ttl, or the other families", familyEdit(dataset, family.name, "ttl", std::nullopt)});
        }
    }
}

void jsonVersions(const Context& context, FindingSink& sink) {
    for (const Dataset& dataset : context.topology.datasets) {
        if (dataset.kind != DatasetKind::JsonTable || !context.isMaprDb(dataset.path)) continue;
        for (const Family& family : dataset.families) {
            const bool several = family.maxVersions.value_or(1) != 1;
            if (!several && family.minVersions.value_or(0) == 0) continue;
            sink.add({dataset.path, family.pos,
                      fmt::format("family '{}' keeps versions; JSON tables have none", family.name),
                      "remove versions and minversions",
                      familyEdit(dataset, family.name, several ? "versions" : "minversions", std::nullopt)});
        }
    }
}

}  // namespace

void addFamilyRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.kind-mismatch", Severity::Error, "source and replica are of different kinds",
                     "maprdb.md 1.4", judged(kindMismatch)});
    rules.push_back({"maprdb.family-missing", Severity::Error, "the replica lacks a family that the edge carries",
                     "maprdb.md 1.9, 2.8; seed 000, last section", judged(familyMissing)});
    rules.push_back({"maprdb.family-ttl-differs", Severity::Warning,
                     "a family's ttl differs between source and replica", "maprdb.md 2.7", judged(ttlDiffers)});
    rules.push_back({"maprdb.family-drift", Severity::Warning, "a family's settings differ between source and replica",
                     "maprdb.md 2.7, 2.8; seed 000, last section", judged(familyDrift)});
    rules.push_back({"maprdb.json-ttl", Severity::Error, "a ttl on a JSON table with several families",
                     "maprdb.md 1.3, 2.12", judged(jsonTtl)});
    rules.push_back({"maprdb.json-versions", Severity::Error, "versions on a family of a JSON table", "maprdb.md 2.12",
                     judged(jsonVersions)});
}

}  // namespace tributary::maprdb
