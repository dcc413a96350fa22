// Rules about spaces, their fields and primary indexes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/tarantool/rules/rulesets.h"
#include "core/systems/tarantool/vocabulary.h"

namespace tributary::tarantool {

namespace {

std::vector<const Dataset*> spaces(const RuleContext& context) {
    std::vector<const Dataset*> out;
    for (const Dataset& each : context.topology.datasets) {
        if (each.kind == DatasetKind::Space) out.push_back(&each);
    }
    return out;
}

void spaceName(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        const Endpoint end = endpointOf(space->path);
        if (!end.isDataset() || !formFits("tarantool", space->path)) {
            sink.add({space->path, space->pos, fmt::format("'{}' is not CLUSTER:SPACE", space->path),
                      "write the replica set's name, a colon and the space's"});
        } else if (end.dataset.starts_with('_')) {
            sink.add({space->path, space->pos,
                      fmt::format("{} begins with an underscore, as the system's own spaces do", end.dataset),
                      "give it another name"});
        }
    }
}

void fieldTwice(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        std::set<std::string> seen;
        for (const FieldFormat& field : space->format) {
            if (seen.insert(field.name).second) continue;
            sink.add(
                {space->path, field.pos.known() ? field.pos : space->pos,
                 fmt::format("the field {} is drawn twice (Space field '{}' is duplicate)", field.name, field.name),
                 "give each field a name of its own"});
        }
    }
}

void primaryMissing(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        if (!space->primary.empty()) continue;
        const auto first = std::find_if(space->format.begin(), space->format.end(),
                                        [](const FieldFormat& each) { return !each.nullable; });
        sink.add(
            {space->path, space->pos,
             fmt::format("{} has no primary index: no tuple can be inserted (No index #0 is defined)", space->path),
             "draw primary: [FIELD, ...]",
             first == space->format.end() ? nullptr : setAttribute(idOf(*space), "primary", first->name)});
    }
}

/// Fields of these types cannot stand in an index.
bool isIndexable(const FieldFormat& field) {
    constexpr std::array<std::string_view, 4> kNot{"any", "array", "map", "interval"};
    return std::find(kNot.begin(), kNot.end(), field.type) == kNot.end();
}

void primaryField(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        if (space->format.empty()) continue;  // then nothing is known of its fields
        std::vector<std::string> names;
        for (const FieldFormat& each : space->format) names.push_back(each.name);
        for (const std::string& part : space->primary) {
            const auto field = std::find_if(space->format.begin(), space->format.end(),
                                            [&](const FieldFormat& each) { return each.name == part; });
            if (field == space->format.end()) {
                const std::string near = nearest(part, names);
                sink.add({space->path, space->pos,
                          fmt::format("the primary index names the field {}, which the format does not have", part),
                          near.empty() ? "add the field to the format" : fmt::format("did you mean '{}'?", near)});
            } else if (field->nullable || !isIndexable(*field)) {
                sink.add(
                    {space->path, field->pos.known() ? field->pos : space->pos,
                     field->nullable
                         ? fmt::format("{} is part of the primary index and may be null, which it must not", part)
                         : fmt::format("{} is of type {}, which no index takes", part, field->type),
                     field->nullable ? "draw it without nullable" : "draw another type, or another primary field"});
            }
        }
    }
}

void synchronousWriters(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        const Cluster* cluster = context.clusterOf(space->path);
        if (!space->synchronous || cluster == nullptr || failoverOf(*cluster) != "off") continue;
        const auto writers = std::count_if(cluster->members.begin(), cluster->members.end(),
                                           [&](const Member& each) { return mayWrite(*cluster, each); });
        if (writers < 2) continue;
        sink.add({space->path, space->pos,
                  fmt::format("{} is synchronous and has {} writers: a synchronous space has one at a time",
                              space->path, writers),
                  "draw failover: election, or one instance with mode: rw",
                  setAttribute(idOf(*space), "synchronous", std::nullopt)});
    }
}

void notReplicated(const RuleContext& context, FindingSink& sink) {
    for (const Dataset* space : spaces(context)) {
        if (!space->local && !space->temporary) continue;
        const bool contradicts = space->synchronous || (space->temporary && space->engine == "vinyl");
        sink.add(
            contradicts ? Severity::Error : Severity::Info,
            {space->path, space->pos,
             contradicts ? fmt::format("{} is {} and {}: the two exclude each other", space->path,
                                       space->local ? "local" : "temporary",
                                       space->synchronous ? "synchronous" : "of the engine vinyl")
                         : fmt::format("the rows of {} are not replicated: each instance has its own", space->path),
             contradicts ? "remove one of the two" : "draw it without local and temporary to have it replicated",
             contradicts && space->synchronous ? setAttribute(idOf(*space), "synchronous", std::nullopt) : nullptr});
    }
}

}  // namespace

void addSpaceRules(std::vector<Rule>& rules) {
    rules.push_back({"tarantool.space-name", Severity::Error, "a name that is not CLUSTER:SPACE, or a system space's",
                     "tarantool.md 4.2", spaceName});
    rules.push_back(
        {"tarantool.field-twice", Severity::Error, "one field of a space twice", "tarantool.md 1 (T11)", fieldTwice});
    rules.push_back({"tarantool.primary-missing", Severity::Warning, "a space without a primary index",
                     "tarantool.md 1 (T12)", primaryMissing});
    rules.push_back({"tarantool.primary-field", Severity::Error,
                     "a primary index over a field that is not there, may be null or has no order",
                     "tarantool.md 1 (T12)", primaryField});
    rules.push_back({"tarantool.synchronous-writers", Severity::Error, "a synchronous space with several writers",
                     "tarantool.md 4.10", synchronousWriters});
    rules.push_back({"tarantool.not-replicated", Severity::Info, "a space whose rows stay where they were written",
                     "tarantool.md 4.1", notReplicated});
}

}  // namespace tributary::tarantool
