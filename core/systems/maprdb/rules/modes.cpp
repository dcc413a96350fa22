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

void pausedDrawn(const Context& context, FindingSink& sink) {
    for (const Context::Edge& edge : context.edges()) {
        if (!edge.replica->paused) continue;
        sink.add({edgeText(*edge.replica), edge.replica->pos,
                  "the edge is drawn paused: changes pile up at the source, and a pause counts as lag for the alarm",
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
    rules.push_back({"maprdb.networkcompression-unknown", Severity::Error,
                     "a compression the edge's kind does not know", "maprdb.md 1.4, 1.6, 2.5",
                     judged(compressionUnknown)});
    rules.push_back({"maprdb.throttle-synchronous", Severity::Warning, "an edge both throttled and synchronous",
                     "maprdb.md 2.4, 2.5", judged(throttleSynchronous)});
    rules.push_back({"maprdb.throttle-steady", Severity::Info, "an edge throttled in its steady state", "maprdb.md 2.5",
                     judged(throttleSteady)});
    rules.push_back(
        {"maprdb.paused-drawn", Severity::Info, "an edge drawn paused", "maprdb.md 1.4, 1.9, 3", judged(pausedDrawn)});
}

}  // namespace tributary::maprdb
