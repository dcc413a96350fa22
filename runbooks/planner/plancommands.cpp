// The spelling of commands.
#include "runbooks/planner/plancommands.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/maprdb/familylimits.h"
#include "core/topology/measures.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks::detail {
namespace {

/// "family.a.b.ttl" -> {"a.b", "ttl"}; "deletettl" -> {"", "deletettl"}.
std::pair<std::string, std::string> partsOf(const std::string& name) {
    if (!name.starts_with("family.")) return {{}, name};
    const std::string rest = name.substr(7);
    const std::size_t perms = rest.rfind(".perms.");
    const std::size_t dot = perms == std::string::npos ? rest.rfind('.') : perms;
    return {rest.substr(0, dot), rest.substr(dot + 1)};
}

std::string optionName(const std::string& attribute, bool ofTable) {
    if (attribute.starts_with("perms.")) {
        const std::string name = attribute.substr(6);
        return ofTable && name == "readperm" ? "defaultreadperm" : name;
    }
    if (attribute == "versions") return "maxversions";
    return attribute;
}

/// "7d" as the seconds that the command takes.
std::string optionValue(const std::string& option, const std::string& text) {
    if (option != "ttl" && option != "deletettl") return text;
    const Result<std::int64_t> seconds = parseSeconds(text);
    return seconds ? std::to_string(*seconds) : text;
}

bool loses(const OptionChange& change) {
    const auto number = [](const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); };
    if (change.option == "maxversions") return maprdb::keepsFewer(number(change.now), number(change.wanted));
    return change.option == "ttl" && maprdb::livesShorter(number(change.now), number(change.wanted));
}

}  // namespace

Line& Line::with(std::string_view option, std::string_view value) {
    text_ += " -" + std::string(option) + ' ' + quoteTemplateWord(value);
    return *this;
}

Line& Line::withFlag(std::string_view option, bool wanted) {
    return wanted ? with(option, "true") : *this;
}

std::string countedRows(std::uint64_t rows) {
    return groupedDigits(rows) + (rows == 1 ? " row" : " rows");
}

Check check(std::string name, std::vector<std::string> arguments) {
    return Check{std::move(name), std::move(arguments), {}};
}

VerifyClause becomes(Check what, Millis withinMs, Millis intervalMs) {
    return VerifyClause{VerifyClause::Kind::Becomes, std::move(what), withinMs, intervalMs};
}

Check OptionChange::has(const std::string& path, const std::string& value) const {
    if (family.empty()) return check("table-has", {path, option, value});
    return check("family-has", {path, family, option, value});
}

std::vector<OptionChange> optionChanges(const std::vector<AttributeRow>& rows) {
    std::vector<OptionChange> out;
    for (const AttributeRow& row : rows) {
        if (row.agreement != Agreement::Different || row.name == "kind") continue;
        if (row.name == "bulkload" && row.drawn == "true") continue;
        if (row.name.ends_with(".jsonpath")) continue;
        const auto [family, attribute] = partsOf(row.name);
        OptionChange change;
        change.attribute = row.name;
        change.family = family;
        change.option = optionName(attribute, family.empty());
        change.now = optionValue(change.option, *row.observed);
        change.wanted = optionValue(change.option, *row.drawn);
        change.losesCells = loses(change);
        out.push_back(std::move(change));
    }
    return out;
}

std::string editLine(const std::string& path, const std::vector<OptionChange>& changes, bool back,
                     std::string_view noun) {
    const std::string& family = changes.front().family;
    Line line(family.empty() ? fmt::format("maprcli {} edit", noun) : "maprcli table cf edit");
    line.with("path", path);
    if (!family.empty()) line.with("cfname", family);
    for (const OptionChange& change : changes) line.with(change.option, back ? change.now : change.wanted);
    return line;
}

ObservedFamily asCreated(const Dataset& dataset, const Family& drawn) {
    ObservedFamily out;
    out.name = drawn.name;
    out.maxVersions = drawn.maxVersions.value_or(1);
    out.minVersions = drawn.minVersions.value_or(0);
    out.ttlSeconds = drawn.ttlSeconds.value_or(0);
    out.inMemory = drawn.inMemory.value_or(false);
    out.compression = drawn.compression.empty() ? "lz4" : drawn.compression;
    if (dataset.kind == DatasetKind::JsonTable) out.jsonPath = drawn.jsonPath;
    out.perms.emplace();
    for (const auto& [name, permission] : drawnPermissions(dataset, drawn)) (*out.perms)[name] = permission.ace;
    return out;
}

ObservedDataset asCreated(const Dataset& drawn) {
    ObservedDataset out;
    out.path = drawn.path;
    out.kind = drawn.kind;
    out.bulkLoad = drawn.bulkLoad.value_or(false);
    out.deleteTtlSeconds = drawn.deleteTtlSeconds.value_or(kDeleteTtlDefaultSeconds);
    out.perms.emplace();
    for (const auto& [name, permission] : drawn.perms) (*out.perms)[optionName("perms." + name, true)] = permission.ace;
    for (const Family& family : drawn.families) out.families.push_back(asCreated(drawn, family));
    if (drawn.kind == DatasetKind::Stream) out.topics = drawn.topics;
    out.rows = 0;
    out.bytes = 0;
    out.replicas.emplace();
    out.upstreams.emplace();
    return out;
}

std::string familyLine(const std::string& path, const ObservedFamily& family) {
    // A JSON table comes with its default family.
    const bool isGiven = family.jsonPath == std::string();
    Line line(isGiven ? "maprcli table cf edit" : "maprcli table cf create");
    line.with("path", path).with("cfname", isGiven ? "default" : family.name);
    if (isGiven && family.name != "default") line.with("newcfname", family.name);
    if (family.jsonPath.has_value() && !isGiven) line.with("jsonpath", *family.jsonPath).with("force", "true");
    if (family.maxVersions.value_or(1) != 1) line.with("maxversions", std::to_string(*family.maxVersions));
    if (family.minVersions.value_or(0) != 0) line.with("minversions", std::to_string(*family.minVersions));
    if (family.ttlSeconds.value_or(0) != 0) line.with("ttl", std::to_string(*family.ttlSeconds));
    line.withFlag("inmemory", family.inMemory.value_or(false));
    if (family.compression.value_or("lz4") != "lz4") line.with("compression", *family.compression);
    if (family.perms) {
        for (const auto& [name, ace] : *family.perms) line.with(name, ace);
    }
    return line;
}

/// The default family of a JSON table, as the table comes with it.
bool isAsGiven(const ObservedFamily& family) {
    const bool changed = family.inMemory.value_or(false) || family.compression.value_or("lz4") != "lz4" ||
                         (family.perms && !family.perms->empty());
    return family.jsonPath == std::string() && family.name == "default" && !changed;
}

std::vector<CommandLine> topicLines(const std::string& path, const std::vector<std::string>& topics) {
    std::vector<CommandLine> out;
    out.reserve(topics.size());
    for (const std::string& topic : topics) {
        out.push_back({Line("maprcli stream topic create").with("path", path).with("topic", topic),
                       check("topic-exists", {path, topic}),
                       {}});
    }
    return out;
}

namespace {

std::vector<CommandLine> createStreamLines(const ObservedDataset& state) {
    Line create("maprcli stream create");
    create.with("path", state.path);
    if (state.perms) {
        for (const auto& [name, ace] : *state.perms) create.with(name, ace);
    }
    std::vector<CommandLine> out{{create, check("dataset-exists", {state.path}), {}}};
    for (CommandLine& line : topicLines(state.path, state.topics.value_or(std::vector<std::string>{}))) {
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace

std::vector<CommandLine> createLines(const ObservedDataset& state) {
    if (state.kind == DatasetKind::Stream) return createStreamLines(state);
    std::vector<CommandLine> out;
    Line create("maprcli table create");
    create.with("path", state.path).withFlag("bulkload", state.bulkLoad.value_or(false));
    if (state.kind == DatasetKind::JsonTable) create.with("tabletype", "json");
    out.push_back({create, check("dataset-exists", {state.path}), {}});
    for (const ObservedFamily& family : state.families) {
        if (isAsGiven(family)) continue;
        out.push_back({familyLine(state.path, family), check("family-exists", {state.path, family.name}), {}});
    }
    const std::int64_t ttl = state.deleteTtlSeconds.value_or(kDeleteTtlDefaultSeconds);
    const bool permissions = state.perms && !state.perms->empty();
    if (ttl == kDeleteTtlDefaultSeconds && !permissions) return out;
    Line edit("maprcli table edit");
    edit.with("path", state.path);
    std::optional<Check> done;
    if (ttl != kDeleteTtlDefaultSeconds) {
        edit.with("deletettl", std::to_string(ttl));
        done = check("table-has", {state.path, "deletettl", std::to_string(ttl)});
    }
    if (permissions) {
        for (const auto& [name, ace] : *state.perms) {
            edit.with(name, ace);
            done = check("table-has", {state.path, name, ace});
        }
    }
    out.push_back({edit, done, {}});
    return out;
}

ReplicaOptions optionsOf(const Replica& drawn) {
    ReplicaOptions out;
    if (!drawn.columns.empty()) out.columns = columnsText(drawn.columns);
    out.synchronous = drawn.synchronous;
    out.throttle = drawn.throttle;
    const bool usual = drawn.networkCompression.empty() || drawn.networkCompression == "on";
    out.networkCompression = usual ? std::string(kNetworkCompressionDefault) : drawn.networkCompression;
    return out;
}

ReplicaOptions optionsOf(const ObservedReplica& seen) {
    ReplicaOptions out;
    if (seen.columns && !seen.columns->empty()) out.columns = columnsText(*seen.columns);
    out.synchronous = seen.synchronous.value_or(false);
    out.throttle = seen.throttle.value_or(false);
    out.networkCompression = seen.networkCompression.value_or(std::string(kNetworkCompressionDefault));
    return out;
}

std::string replicaAddLine(const std::string& from, const std::string& to, const ReplicaOptions& options, bool paused,
                           std::string_view noun) {
    Line line(fmt::format("maprcli {} replica add", noun));
    line.with("path", from).with("replica", to).withFlag("paused", paused);
    if (!options.columns.empty()) line.with("columns", options.columns);
    line.withFlag("synchronous", options.synchronous).withFlag("throttle", options.throttle);
    if (options.networkCompression != kNetworkCompressionDefault) {
        line.with("networkcompression", options.networkCompression);
    }
    return line;
}

std::string copyStreamLine(const std::string& from, const std::string& to) {
    return Line("mapr copystream").with("src", from).with("dst", to).with("mapreduce", "false");
}

std::string copyLine(const std::string& from, const std::string& to, const std::string& columns, bool json) {
    Line line(json ? "mapr copytable" : "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable");
    line.with("src", from).with("dst", to);
    if (!columns.empty()) line.with("columns", columns);
    return line.with("bulkload", "false").with("mapreduce", "false");
}

}  // namespace tributary::runbooks::detail
