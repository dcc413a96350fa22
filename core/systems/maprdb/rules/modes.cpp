// Rules about the options of edges and tables.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/systems/maprdb/rules/rulesets.h"
#include "core/systems/naming.h"
#include "core/topology/measures.h"

namespace tributary::maprdb {

namespace {

EditPtr turnedOff(const Replica& edge, std::string name) {
    return setAttribute(idOf(edge), std::move(name), std::nullopt);
}

void bulkLoadOn(const Context& context, FindingSink& sink) {
    std::set<const Dataset*> seen;
    for (const Context::Edge& edge : context.edges()) {
        for (const Dataset* dataset : {edge.source, edge.target}) {
            if (!dataset->bulkLoad.value_or(false) || !seen.insert(dataset).second) continue;
            sink.add(
                {dataset->path, dataset->pos,
                 fmt::format("{} is in bulk load: it takes no normal operations and cannot be replicated",
                             dataset->path),
                 fmt::format("maprcli table edit -path {} -bulkload false, and draw bulkload: false", dataset->path),
                 setAttribute(idOf(*dataset), "bulkload", std::nullopt)});
        }
    }
}

void syncOverSlowWan(const Context& context, FindingSink& sink) {
    const Micros most = context.options.thresholds.syncLatencyMaxUs;
    for (const Context::Edge& edge : context.edges()) {
        if (!edge.replica->synchronous) continue;
        const Wan* wan = context.index.wanBetween(clusterOf(edge.source->path), clusterOf(edge.target->path));
        if (wan == nullptr || wan->latencyUs <= most) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  fmt::format("every write waits for a gateway {} away; too slow a network drops the edge to "
                              "asynchronous and raises VOLUME_ALARM_TABLE_REPL_ASYNC",
                              formatDuration(wan->latencyUs)),
                  "draw synchronous: false, or send synchronously to a nearer replica",
                  turnedOff(*edge.replica, "synchronous")});
    }
}

void encryptionNeedsSecure(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        const Cluster* from = context.clusterOfPath(edge.source->path);
        const Cluster* to = context.clusterOfPath(edge.target->path);
        if (!edge.replica->networkEncryption || from == nullptr || to == nullptr) continue;
        std::vector<std::string> open;
        if (!from->secure) open.push_back(from->name);
        if (!to->secure && to != from) open.push_back(to->name);
        if (open.empty()) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  fmt::format("network encryption needs both clusters secure; not secure: {}", join(open, ", ")),
                  "draw secure: true on both clusters, or remove networkencryption",
                  turnedOff(*edge.replica, "networkencryption")});
    }
}

/// Where the drawing is right, and nothing of this version can make it.
void encryptionNotBuilt(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        const Cluster* from = context.clusterOfPath(edge.source->path);
        const Cluster* to = context.clusterOfPath(edge.target->path);
        if (!edge.replica->networkEncryption || from == nullptr || to == nullptr) continue;
        if (!from->secure || !to->secure) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  "a plan leaves networkencryption out, since certificates are no part of a drawing: the link is made "
                  "without",
                  "tributary cert init, then set it by command: maprcli table replica edit -networkencryption true",
                  turnedOff(*edge.replica, "networkencryption")});
    }
}

void compressionUnknown(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        std::vector<std::string> known{"off", "lzf", "lz4", "zlib"};
        const bool stream = edge.source->kind == DatasetKind::Stream;
        if (!stream) known.emplace_back("on");
        const std::string& drawn = edge.replica->networkCompression;
        if (drawn.empty() || std::find(known.begin(), known.end(), drawn) != known.end()) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  fmt::format("networkcompression cannot be '{}' on an edge between {}", drawn,
                              stream ? "streams" : "tables"),
                  fmt::format("one of: {}", join(known, ", ")), turnedOff(*edge.replica, "networkcompression")});
    }
}

void throttleSynchronous(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (!edge.replica->throttle || !edge.replica->synchronous) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  "the edge is synchronous and throttled: clients wait for a sender that is held back",
                  "remove throttle, or draw synchronous: false", turnedOff(*edge.replica, "throttle")});
    }
}

void throttleSteady(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (!edge.replica->throttle || edge.replica->synchronous) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  "the edge is throttled in its steady state: lag grows under load",
                  "remove throttle once the first copy is done", turnedOff(*edge.replica, "throttle")});
    }
}

/// How long delete markers of the edge's source live, and from when on a link that waits raises the alarm; 0 = the
/// dataset has no such horizon.
struct EdgeHorizon {
    std::int64_t passedSeconds = 0;
    std::int64_t nearSeconds = 0;
    std::string text;  ///< "delete markers of /mapr/sf/t live 1d (not drawn: our default)"
};

EdgeHorizon horizonOf(const Context& context, const Context::Edge& edge) {
    EdgeHorizon out;
    if (edge.source->kind == DatasetKind::Stream) return out;
    const auto& drawn = edge.source->deleteTtlSeconds;
    out.passedSeconds = drawn.value_or(context.options.thresholds.deleteTtlDefaultSeconds);
    out.nearSeconds = out.passedSeconds - out.passedSeconds / 5;
    out.text = fmt::format("delete markers of {} live {}{}", edge.source->path,
                           formatDuration(out.passedSeconds * 1'000'000), drawn ? "" : " (not drawn: our default)");
    return out;
}

/// "5d 14h": the two largest units, as people say it.
std::string spoken(std::int64_t seconds) {
    constexpr std::pair<std::int64_t, char> kUnits[] = {{86'400, 'd'}, {3'600, 'h'}, {60, 'm'}, {1, 's'}};
    std::string text;
    int shown = 0;
    for (const auto& [size, unit] : kUnits) {
        if (shown == 2 || (seconds < size && !(size == 1 && shown == 0))) continue;
        if (shown++ > 0) text += ' ';
        text += fmt::format("{}{}", seconds / size, unit);
        seconds %= size;
    }
    return text;
}

std::string horizonFigures(const EdgeHorizon& horizon, const Dataset& target) {
    return fmt::format(
        "{}: VOLUME_ALARM_TABLE_REPL_ERROR tells from {} on, and after {} deleted rows may come back at "
        "{} for good",
        horizon.text, spoken(horizon.nearSeconds), spoken(horizon.passedSeconds), target.path);
}

void horizonNear(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        const Wan* wan = context.index.wanBetween(clusterOf(edge.source->path), clusterOf(edge.target->path));
        const EdgeHorizon horizon = horizonOf(context, edge);
        if (wan == nullptr || horizon.passedSeconds == 0 || wan->outageSeconds < horizon.nearSeconds) continue;
        // Masters that draw less than their outage have a finding of their own.
        const bool passed = wan->outageSeconds >= horizon.passedSeconds;
        if (passed && edge.source->deleteTtlSeconds && context.isMaster(edge.source->path)) continue;
        const std::int64_t wanted = 2 * wan->outageSeconds;
        // The system's own default is unpublished: against ours it is said, and no more.
        const Severity severity = !edge.source->deleteTtlSeconds ? Severity::Info
                                  : passed                       ? Severity::Error
                                                                 : Severity::Warning;
        sink.add(severity,
                 {edgeText(*edge.replica), edge.replica->pos,
                  fmt::format("the network may be cut for {}, and {}", formatDuration(wan->outageSeconds * 1'000'000),
                              horizonFigures(horizon, *edge.target)),
                  fmt::format("maprcli table edit -path {} -deletettl {}, and draw deletettl: {}", edge.source->path,
                              wanted, formatDuration(wanted * 1'000'000)),
                  setAttribute(idOf(*edge.source), "deletettl", std::to_string(wanted))});
    }
}

void pausedDrawn(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (!edge.replica->paused) continue;
        const EdgeHorizon horizon = horizonOf(context, edge);
        std::string reason =
            "the edge is drawn paused: changes pile up at the source, and a pause counts as lag for the alarm";
        if (horizon.passedSeconds > 0) reason += ". " + horizonFigures(horizon, *edge.target);
        sink.add({edgeText(*edge.replica), edge.replica->pos, std::move(reason),
                  fmt::format("maprcli table replica resume -path {} -replica {}, and remove paused", edge.source->path,
                              edge.target->path),
                  turnedOff(*edge.replica, "paused")});
    }
}

}  // namespace

void addModeRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.bulkload-on", Severity::Error, "a replicated table left in bulk load",
                     "maprdb.md 1.2, 1.8, 3", judged(bulkLoadOn)});
    rules.push_back({"maprdb.sync-over-slow-wan", Severity::Warning,
                     fmt::format("a synchronous edge over a network of more than {} one way",
                                 formatDuration(Thresholds{}.syncLatencyMaxUs)),
                     "maprdb.md 2.4; seed 000, last line", judged(syncOverSlowWan)});
    rules.push_back({"maprdb.encryption-needs-secure", Severity::Error, "encryption between clusters not both secure",
                     "maprdb.md 2.5", judged(encryptionNeedsSecure)});
    rules.push_back({"engine.encryption-not-built", Severity::Warning,
                     "an encrypted edge between secure clusters, which a plan leaves out", "maprdb.md 2.5",
                     judged(encryptionNotBuilt)});
    rules.push_back({"maprdb.networkcompression-unknown", Severity::Error,
                     "a compression the edge's kind does not know", "maprdb.md 1.4, 1.6, 2.5",
                     judged(compressionUnknown)});
    rules.push_back({"maprdb.throttle-synchronous", Severity::Warning, "an edge both throttled and synchronous",
                     "maprdb.md 2.4, 2.5", judged(throttleSynchronous)});
    rules.push_back({"maprdb.throttle-steady", Severity::Info, "an edge throttled in its steady state", "maprdb.md 2.5",
                     judged(throttleSteady)});
    rules.push_back({"maprdb.horizon-near", Severity::Warning,
                     "a cut to be expected that comes near deletettl, or beyond", "maprdb.md 1.2, 2.6",
                     judged(horizonNear)});
    rules.push_back(
        {"maprdb.paused-drawn", Severity::Info, "an edge drawn paused", "maprdb.md 1.4, 1.9, 3", judged(pausedDrawn)});
}

}  // namespace tributary::maprdb
