// The table of systems, put together from one row of each.
#include "core/systems/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/text.h"
#include "core/systems/maprdb/system.h"
#include "core/systems/tarantool/system.h"
#include "core/systems/voltdb/system.h"

namespace tributary {

const std::vector<System>& systems() {
    static const std::vector<System> kSystems{maprdb::system(), tarantool::system(), voltdb::system()};
    return kSystems;
}

const System* findSystem(std::string_view name) {
    const auto found =
        std::find_if(systems().begin(), systems().end(), [&](const System& each) { return each.name == name; });
    return found == systems().end() ? nullptr : &*found;
}

namespace {

struct KindRow {
    const System* system;
    const KindSpec* spec;
};

KindRow rowOfKind(DatasetKind kind) {
    for (const System& system : systems()) {
        for (const KindSpec& spec : system.kinds) {
            if (spec.kind == kind) return {&system, &spec};
        }
    }
    assert(false && "every kind is in the row of its system");
    return {&systems().front(), &systems().front().kinds.front()};
}

}  // namespace

const System& systemOfKind(DatasetKind kind) {
    return *rowOfKind(kind).system;
}

const KindSpec& specOfKind(DatasetKind kind) {
    return *rowOfKind(kind).spec;
}

std::string_view datasetKindName(DatasetKind kind) {
    return specOfKind(kind).name;
}

Result<DatasetKind> parseDatasetKind(std::string_view text) {
    for (const System& system : systems()) {
        for (const KindSpec& spec : system.kinds) {
            if (text == spec.name) return spec.kind;
        }
    }
    const std::string near = nearest(text, datasetKindNames());
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is not a kind of dataset", text),
                 {},
                 near.empty() ? fmt::format("one of: {}", join(datasetKindNames(), ", "))
                              : fmt::format("did you mean '{}'?", near)};
}

const std::vector<std::string>& systemNames() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> out;
        for (const System& each : systems()) out.emplace_back(each.name);
        return out;
    }();
    return kNames;
}

const std::vector<std::string>& datasetKindNames() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> out;
        for (const System& system : systems()) {
            for (const KindSpec& spec : system.kinds) out.emplace_back(spec.name);
        }
        return out;
    }();
    return kNames;
}

const std::vector<std::string>& builtSystemNames() {
    static const std::vector<std::string> kBuilt = [] {
        std::vector<std::string> out;
        for (const System& each : systems()) {
            if (each.built) out.emplace_back(each.name);
        }
        return out;
    }();
    return kBuilt;
}

bool isBuiltSystem(std::string_view system) {
    const System* known = findSystem(system);
    return known != nullptr && known->built;
}

bool hasOwnProcesses(std::string_view system) {
    const System* known = findSystem(system);
    return known != nullptr && known->ownProcesses;
}

Status requireBuiltKind(const Dataset& dataset) {
    if (!dataset.exists || specOfKind(dataset.kind).built) return okStatus();
    std::vector<std::string> built;
    for (const KindSpec& spec : systemOfKind(dataset.kind).kinds) {
        if (spec.built) built.push_back(fmt::format("{}s", spec.name));
    }
    return Error{ErrorCode::Unsupported,
                 fmt::format("{} is a {}: this version realises {}", dataset.path, datasetKindName(dataset.kind),
                             built.empty() ? std::string("none") : join(built, " and ")),
                 {},
                 "mark it exists: false"};
}

}  // namespace tributary
