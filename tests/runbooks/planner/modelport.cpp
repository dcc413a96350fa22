// The model: commands, checks, flow of rows.
#include "modelport.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "spokenrunbooks.h"

namespace tributary::runbooks::test {
namespace {

Error refusal(ErrorCode code, std::string what) {
    return Error{code, std::move(what), {}, {}};
}

std::string flagText(bool value) {
    return value ? "true" : "false";
}

void takeFamily(ObservedFamily& family, const Operation& op) {
    if (op.has("maxversions")) family.maxVersions = op.integer("maxversions");
    if (op.has("minversions")) family.minVersions = op.integer("minversions");
    if (op.has("ttl")) family.ttlSeconds = op.integer("ttl");
    if (op.has("inmemory")) family.inMemory = op.flag("inmemory");
    if (op.has("compression")) family.compression = op.text("compression");
    for (const auto& [name, value] : op.params) {
        if (name.ends_with("perm")) (*family.perms)[name] = value;
    }
}

/// As a system makes it: the creator's, and families inherit.
std::map<std::string, std::string> creatorsPerms() {
    std::map<std::string, std::string> out;
    for (const char* name : {"replperm", "adminaccessperm", "defaultreadperm", "defaultwriteperm"})
        out[name] = "u:root";
    return out;
}

ObservedFamily freshFamily(const std::string& name, const ModelTable& table) {
    ObservedFamily family;
    family.name = name;
    family.maxVersions = 1;
    family.minVersions = 0;
    family.ttlSeconds = 0;
    family.inMemory = false;
    family.compression = "lz4";
    family.perms = std::map<std::string, std::string>{{"readperm", table.perms.at("defaultreadperm")},
                                                      {"writeperm", table.perms.at("defaultwriteperm")}};
    return family;
}

std::string familyOption(const ObservedFamily& family, const std::string& option) {
    if (option == "maxversions") return std::to_string(*family.maxVersions);
    if (option == "minversions") return std::to_string(*family.minVersions);
    if (option == "ttl") return std::to_string(*family.ttlSeconds);
    if (option == "inmemory") return flagText(*family.inMemory);
    if (option == "compression") return *family.compression;
    const auto at = family.perms->find(option);
    return at == family.perms->end() ? "" : at->second;
}

std::string linkOption(const ModelLink& link, const std::string& option) {
    if (option == "columns") return link.columns;
    if (option == "paused") return flagText(link.paused);
    if (option == "synchronous") return flagText(link.synchronous);
    if (option == "throttle") return flagText(link.throttle);
    return option == "networkcompression" ? link.compression : "false";
}

std::set<std::string> familiesOf(const ModelTable& table) {
    std::set<std::string> out;
    for (const auto& [name, family] : table.families) out.insert(name);
    return out;
}

}  // namespace

Status ModelPort::validate(const std::string& line) {
    const auto parsed = parseLine(line);
    return parsed ? okStatus() : Status(parsed.error());
}

CommandOutcome ModelPort::execute(const std::string& line, Millis /*timeoutMs*/) {
    CommandOutcome out;
    const auto parsed = parseLine(line);
    const Status done = parsed ? apply(parsed->op) : Status(parsed.error());
    if (!done) {
        out.error = line + ": " + done.error().what;
        out.errorKind = std::string(errorCodeName(done.error().code));
        return out;
    }
    executed.push_back(line);
    flow();
    out.ok = true;
    return out;
}

Status ModelPort::apply(const Operation& op) {
    if (op.verb == Verb::CopyTable) {
        const std::string from = op.text("src");
        const std::string to = op.text("dst");
        if (tables.count(from) == 0 || tables.count(to) == 0) return refusal(ErrorCode::NotFound, "no such table");
        ++copies[from + ' ' + to];
        for (const std::string& row : tables[from].rows) insert(to, row);
        return okStatus();
    }
    const std::string path = op.text("path");
    if (op.verb == Verb::TableCreate) return create(op, path);
    if (tables.count(path) == 0) return refusal(ErrorCode::NotFound, "no table " + path);
    switch (op.verb) {
        case Verb::ReplicaAdd:
        case Verb::ReplicaEdit:
        case Verb::ReplicaPause:
        case Verb::ReplicaResume:
        case Verb::ReplicaRemove:
        case Verb::UpstreamAdd:
        case Verb::UpstreamRemove: return applyReplica(op, path);
        default: return applyTable(op, path);
    }
}

Status ModelPort::create(const Operation& op, const std::string& path) {
    if (tables.count(path) > 0) return refusal(ErrorCode::AlreadyExists, path + ": File exists");
    ModelTable table;
    table.perms = creatorsPerms();
    if (op.has("copymetafrom")) {
        const auto model = tables.find(op.text("copymetafrom"));
        if (model == tables.end()) return refusal(ErrorCode::NotFound, "no model");
        table = model->second;
        table.rows.clear();
        table.replicas.clear();
        table.upstreams.clear();
        table.bulkLoad = false;
    }
    table.uuid = fmt::format("uuid-{}", ++made_);
    if (op.flag("bulkload")) table.bulkLoad = true;
    tables[path] = std::move(table);
    return okStatus();
}

Status ModelPort::applyTable(const Operation& op, const std::string& path) {
    ModelTable& table = tables[path];
    const std::string name = op.text("cfname");
    if (op.verb == Verb::TableDelete) {
        if (keep.count(path) > 0) violations.push_back("deleted " + path);
        tables.erase(path);
        return okStatus();
    }
    if (op.verb == Verb::TableEdit) {
        if (op.flag("bulkload")) return refusal(ErrorCode::InvalidInput, "only at its creation");
        if (op.has("bulkload")) table.bulkLoad = false;
        if (op.has("deletettl")) table.deleteTtl = op.text("deletettl");
        for (const auto& [option, value] : op.params) {
            if (option.ends_with("perm")) table.perms[option] = value;
        }
        return okStatus();
    }
    const bool there = table.families.count(name) > 0;
    if (op.verb == Verb::CfCreate) {
        if (there) return refusal(ErrorCode::AlreadyExists, "family exists");
        table.families.emplace(name, freshFamily(name, table));
        takeFamily(table.families[name], op);
        return okStatus();
    }
    if (!there) return refusal(ErrorCode::NotFound, "no family " + name);
    if (op.verb == Verb::CfDelete) {
        table.families.erase(name);
    } else {
        takeFamily(table.families[name], op);
    }
    return okStatus();
}

Status ModelPort::applyReplica(const Operation& op, const std::string& path) {
    ModelTable& table = tables[path];
    if (op.verb == Verb::UpstreamAdd || op.verb == Verb::UpstreamRemove) {
        const std::string from = op.text("upstream");
        const bool listed = table.upstreams.count(from) > 0;
        if (op.verb == Verb::UpstreamRemove) {
            if (!listed) return refusal(ErrorCode::NotFound, "no upstream " + from);
            table.upstreams.erase(from);
            return okStatus();
        }
        if (listed) return refusal(ErrorCode::AlreadyExists, "an upstream already");
        if (tables.count(from) == 0) return refusal(ErrorCode::NotFound, "no table " + from);
        table.upstreams[from] = tables[from].uuid;
        return okStatus();
    }
    const std::string to = op.text("replica");
    const bool listed = table.replicas.count(to) > 0;
    if (op.verb == Verb::ReplicaAdd) {
        if (listed) return refusal(ErrorCode::AlreadyExists, "a replica already");
        if (tables.count(to) == 0) return refusal(ErrorCode::NotFound, "no table " + to);
        if (table.bulkLoad || tables[to].bulkLoad) return refusal(ErrorCode::Conflict, "bulk load");
        for (const std::string& column : split(op.text("columns"), ',')) {
            if (!column.empty() && table.families.count(column.substr(0, column.find(':'))) == 0) {
                return refusal(ErrorCode::InvalidInput, "no family of " + column);
            }
        }
        table.replicas[to].uuid = tables[to].uuid;
        table.replicas[to].paused = op.flag("paused");
    } else if (!listed) {
        return refusal(ErrorCode::NotFound, "no replica " + to);
    }
    if (op.verb == Verb::ReplicaRemove) {
        table.replicas.erase(to);
        return okStatus();
    }
    ModelLink& link = table.replicas[to];
    if (op.verb == Verb::ReplicaPause) link.paused = true;
    if (op.verb == Verb::ReplicaResume) link.paused = false;
    if (op.has("columns")) link.columns = op.text("columns");
    if (op.has("synchronous")) link.synchronous = op.flag("synchronous");
    if (op.has("throttle")) link.throttle = op.flag("throttle");
    if (op.has("networkcompression")) link.compression = op.text("networkcompression");
    return okStatus();
}

void ModelPort::put(const std::string& path, const std::string& row) {
    insert(path, row);
    flow();
}

void ModelPort::insert(const std::string& path, const std::string& row) {
    ModelTable& table = tables[path];
    if (!table.rows.insert(row).second) return;
    for (auto& [to, link] : table.replicas) link.pending.insert(row);
}

bool ModelPort::healthy(const std::string& from, const std::string& to) const {
    const auto source = tables.find(from);
    const auto replica = tables.find(to);
    if (source == tables.end() || replica == tables.end()) return false;
    const auto link = source->second.replicas.find(to);
    if (link == source->second.replicas.end() || link->second.paused) return false;
    const auto other = replica->second.upstreams.find(from);
    return link->second.uuid == replica->second.uuid && other != replica->second.upstreams.end() &&
           other->second == source->second.uuid;
}

void ModelPort::flow() {
    bool moved = true;
    while (moved) {
        moved = false;
        for (auto& [from, table] : tables) {
            for (auto& [to, link] : table.replicas) {
                if (link.pending.empty() || !healthy(from, to)) continue;
                const std::set<std::string> rows = std::move(link.pending);
                link.pending.clear();
                for (const std::string& row : rows) insert(to, row);
                moved = true;
            }
        }
    }
}

std::int64_t ModelPort::onlyHere(const std::string& path, const std::set<std::string>& gone) const {
    std::int64_t count = 0;
    for (const std::string& row : tables.at(path).rows) {
        const bool elsewhere = std::any_of(tables.begin(), tables.end(), [&](const auto& other) {
            return other.first != path && gone.count(other.first) == 0 && other.second.rows.count(row) > 0;
        });
        count += elsewhere ? 0 : 1;
    }
    return count;
}

LineEffect ModelPort::effectOf(const std::string& line, const LookAround& around) {
    LineEffect effect;
    const auto parsed = parseLine(line);
    if (!parsed) return effect;
    const std::string path = parsed->op.text("path");
    std::set<std::string> gone;
    for (const std::string& each : around.before) {
        const auto before = parseLine(each);
        if (before && before->op.verb == Verb::TableDelete) gone.insert(before->op.text("path"));
    }
    const bool whole = parsed->op.verb == Verb::TableDelete;
    if (!whole && parsed->op.verb != Verb::CfDelete) return effect;
    effect.text = line;
    effect.destroysData = true;
    effect.target = whole ? path : parsed->op.text("cfname");
    effect.present = tables.count(path) > 0;
    effect.rows = effect.onlyHere = 0;
    if (!whole || !effect.present) return effect;
    effect.rows = static_cast<std::int64_t>(tables[path].rows.size());
    effect.onlyHere = onlyHere(path, gone);
    for (const std::string& row : tables[path].rows) {
        if (effect.keys.size() < 3) effect.keys.push_back(row);
    }
    return effect;
}

CheckOutcome ModelPort::check(const std::string& name, const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
        const std::string cluster = argument.starts_with('/') ? clusterOf(argument) : argument;
        if (silent.count(cluster) > 0) return {CheckVerdict::Unknown, cluster + " does not answer"};
    }
    const bool yes = holds(name, arguments);
    return {yes ? CheckVerdict::True : CheckVerdict::False, "model"};
}

bool ModelPort::holds(const std::string& name, const std::vector<std::string>& given) const {
    const auto table = tables.find(given[0]);
    const bool there = table != tables.end();
    if (name == "dataset-exists") return there;
    if (name == "dataset-absent") return !there;
    if (name == "gateways-reachable") return true;
    if (!there) return name == "replica-absent" || name == "upstream-absent";
    const ModelTable& at = table->second;
    const std::string second = given.size() > 1 ? given[1] : std::string();
    if (name == "readable" || name == "has-permission") return true;
    if (name == "not-in-bulkload") return !at.bulkLoad;
    if (name == "dataset-is") return at.uuid == second;
    if (name == "family-exists") return at.families.count(second) > 0;
    if (name == "family-absent") return at.families.count(second) == 0;
    if (name == "upstream-listed") return at.upstreams.count(second) > 0;
    if (name == "upstream-absent") return at.upstreams.count(second) == 0;
    if (name == "only-here" && second != "*") return true;  // rows know no families
    if (name == "only-here") return onlyHere(given[0], {}) <= std::stoll(given[2]);
    if (name == "rows-at-most" && second != "*") return true;
    if (name == "rows-at-most") return static_cast<std::int64_t>(at.rows.size()) <= std::stoll(given[2]);
    if (name == "same-metadata") return tables.count(second) > 0 && familiesOf(at) == familiesOf(tables.at(second));
    if (name == "table-has") {
        if (second == "bulkload") return flagText(at.bulkLoad) == given[2];
        if (second == "deletettl") return at.deleteTtl == given[2];
        const auto perm = at.perms.find(second);
        return (perm == at.perms.end() ? "" : perm->second) == given[2];
    }
    if (name == "family-has") {
        const auto family = at.families.find(second);
        return family != at.families.end() && familyOption(family->second, given[2]) == given[3];
    }
    const auto link = at.replicas.find(second);
    const bool listed = link != at.replicas.end();
    if (name == "replica-absent") return !listed;
    if (name == "link-healthy") return healthy(given[0], second);
    if (name == "caught-up") return healthy(given[0], second) && link->second.pending.empty();
    if (!listed) return false;
    if (name == "replica-listed") return true;
    if (name == "replica-paused") return link->second.paused;
    if (name == "whole-table") return link->second.columns.empty();
    if (name == "replica-has") return linkOption(link->second, given[2]) == given[3];
    if (name == "upstream-and-replica") {
        return tables.count(second) > 0 && tables.at(second).upstreams.count(given[0]) > 0;
    }
    return false;
}

Observation ModelPort::observe() const {
    Observation out;
    out.atMs = clock_.nowMs();
    for (const std::string& name : clusters) {
        ObservedCluster& cluster = out.clusters.emplace_back();
        cluster.name = name;
        cluster.answered = silent.count(name) == 0;
        cluster.state = cluster.answered ? "up" : "?";
        if (!cluster.answered) continue;
        cluster.gateways.emplace();
        for (const auto& [path, table] : tables) {
            if (clusterOf(path) != name) continue;
            ObservedDataset& dataset = cluster.datasets.emplace_back();
            dataset.path = path;
            dataset.kind = DatasetKind::BinaryTable;
            dataset.uuid = table.uuid;
            dataset.creator = "root";
            dataset.bulkLoad = table.bulkLoad;
            dataset.deleteTtlSeconds = std::stoll(table.deleteTtl);
            dataset.perms = table.perms;
            dataset.rows = table.rows.size();
            dataset.bytes = table.rows.size() * 1'000;
            for (const auto& [family, state] : table.families) dataset.families.push_back(state);
            dataset.replicas.emplace();
            for (const auto& [to, link] : table.replicas) {
                ObservedReplica& replica = dataset.replicas->emplace_back();
                replica.to = to;
                replica.uuid = link.uuid;
                replica.paused = link.paused;
                replica.synchronous = link.synchronous;
                replica.throttle = link.throttle;
                replica.networkEncryption = false;
                replica.networkCompression = link.compression;
                replica.columns = link.columns.empty() ? std::vector<std::string>() : split(link.columns, ',');
                replica.state = link.paused ? "paused" : healthy(path, to) ? "replicating" : "agreement-missing";
                replica.operationsPending = static_cast<std::int64_t>(link.pending.size());
                replica.bytesPending = *replica.operationsPending * 100;
            }
            dataset.upstreams.emplace();
            for (const auto& [from, uuid] : table.upstreams) dataset.upstreams->push_back({from, uuid});
        }
    }
    return out;
}

std::string ModelPort::stateText() const {
    std::string out;
    for (const auto& [path, table] : tables) {
        out += fmt::format("table {} {} {}\n", path, table.bulkLoad, table.deleteTtl);
        for (const auto& [name, ace] : table.perms) out += fmt::format("  perm {} {}\n", name, ace);
        for (const auto& [name, family] : table.families) {
            out += fmt::format("  family {} {} {} {} {} {}\n", name, *family.maxVersions, *family.minVersions,
                               *family.ttlSeconds, *family.inMemory, *family.compression);
            for (const auto& [perm, ace] : *family.perms) out += fmt::format("    perm {} {}\n", perm, ace);
        }
        for (const auto& [to, link] : table.replicas) {
            out += fmt::format("  replica {} '{}' {} {} {} {}\n", to, link.columns, link.paused, link.synchronous,
                               link.throttle, link.compression);
        }
        for (const auto& [from, uuid] : table.upstreams) out += fmt::format("  upstream {}\n", from);
    }
    return out;
}

}  // namespace tributary::runbooks::test
