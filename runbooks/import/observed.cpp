// Answers to elements of the drawing.
#include "runbooks/import/observed.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/joinlines.h"
#include "runbooks/dialects/maprcli.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::json;

std::string textOf(const Json& row, const char* key) {
    const auto at = row.find(key);
    return at != row.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool flagOf(const Json& row, const char* key) {
    const auto at = row.find(key);
    return at != row.end() && ((at->is_boolean() && at->get<bool>()) || (at->is_string() && *at == "true"));
}

/// The full path of the table that a row of a list names.
std::string namedPath(const Json& row) {
    std::string path = textOf(row, "replicaPath");
    if (path.empty()) path = textOf(row, "table");
    return path.starts_with("/mapr/") ? path : "/mapr/" + textOf(row, "cluster") + path;
}

std::string clusterOfPath(const std::string& path) {
    const std::vector<std::string> parts = split(path, '/');
    return parts.size() >= 4 && parts[1] == "mapr" ? parts[2] : std::string();
}

class Drawer {
public:
    Status take(const ObservedText& observed) {
        path_ = observed.path;
        file_ = observed.fileName;
        const std::string& text = observed.text;
        std::size_t at = 0;
        bool any = false;
        while (true) {
            const std::size_t open = text.find('{', at);
            noteCommand(text.substr(at, open == std::string::npos ? open : open - at));
            if (open == std::string::npos) break;
            const std::size_t end = closing(text, open);
            const Json answer = Json::parse(text.substr(open, end - open), nullptr, false);
            if (answer.is_discarded())
                return wrong("what begins with { is no whole JSON answer", "capture it again with -json");
            if (Status taken = answerOf(answer); !taken) return taken;
            at = end;
            any = true;
        }
        return any ? okStatus() : wrong("there is no JSON answer in it", "capture the command's output with -json");
    }

    ObservedDrawing finish() {
        for (const Replica& replica : out_.topology.replicas) mention(replica.to);
        for (const Upstream& upstream : out_.topology.upstreams) mention(upstream.from);
        for (const Dataset& dataset : out_.topology.datasets) {
            if (dataset.exists && dataset.families.empty() && dataset.kind == DatasetKind::BinaryTable) {
                out_.notes.push_back(
                    fmt::format("{}: its families are not known; capture `maprcli table cf list -path {} -json`",
                                dataset.path, dataset.path));
            }
        }
        return std::move(out_);
    }

private:
    [[nodiscard]] Error wrong(std::string what, std::string fix) const {
        return Error{ErrorCode::InvalidInput, std::move(what), file_, std::move(fix)};
    }

    static std::size_t closing(const std::string& text, std::size_t open) {
        int depth = 0;
        bool quoted = false;
        for (std::size_t i = open; i < text.size(); ++i) {
            if (quoted) {
                if (text[i] == '\\') {
                    ++i;
                } else if (text[i] == '"') {
                    quoted = false;
                }
                continue;
            }
            if (text[i] == '"') quoted = true;
            if (text[i] == '{') ++depth;
            if (text[i] == '}' && --depth == 0) return i + 1;
        }
        return text.size();
    }

    /// The command line that stands before an answer says which table the answer is about.
    void noteCommand(const std::string& text) {
        for (const JoinedLine& joined : joinWrappedLines(text)) {
            const auto parsed = parseLine(joined.line, {.lenient = true});
            if (parsed && parsed->op.has("path")) path_ = parsed->op.text("path");
        }
    }

    Status answerOf(const Json& answer) {
        if (textOf(answer, "status") != "OK") {
            out_.notes.push_back(fmt::format("{}: an answer that is an error was left out", file_));
            return okStatus();
        }
        const auto data = answer.find("data");
        if (data == answer.end() || !data->is_array())
            return wrong("an answer has no data", "capture it again with -json");
        for (const Json& row : *data) {
            if (Status taken = rowOf(row); !taken) return taken;
        }
        return okStatus();
    }

    Status rowOf(const Json& row) {
        if (row.contains("gatewayConfig")) return gateways(row);
        if (row.contains("tabletype")) return table(row);
        const bool known = row.contains("cfname") || row.contains("replicaState") ||
                           (row.contains("cluster") && row.contains("table"));
        if (!known)
            return wrong("an answer is of a command that is not read here",
                         "table info, table cf list, table replica list, table upstream list, cluster gateway list");
        if (path_.empty()) return wrong("the table that a list belongs to is not known", "give it as PATH=" + file_);
        dataset(path_);
        if (row.contains("cfname")) return family(row);
        return row.contains("replicaState") ? replica(row) : upstream(row);
    }

    void cluster(const std::string& name) {
        if (name.empty() || out_.topology.cluster(name) != nullptr) return;
        Cluster fresh;
        fresh.name = name;
        out_.topology.clusters.push_back(std::move(fresh));
    }

    Dataset& dataset(const std::string& path) {
        cluster(clusterOfPath(path));
        for (Dataset& known : out_.topology.datasets) {
            if (known.path == path) return known;
        }
        Dataset fresh;
        fresh.path = path;
        out_.topology.datasets.push_back(std::move(fresh));
        return out_.topology.datasets.back();
    }

    void mention(const std::string& path) {
        if (out_.topology.dataset(path) != nullptr) return;
        dataset(path);
        out_.notes.push_back(
            fmt::format("{}: named by a record only; capture `maprcli table info -path {} -json`", path, path));
    }

    Status gateways(const Json& row) {
        const std::string name = textOf(row, "cluster");
        cluster(name);
        for (Cluster& known : out_.topology.clusters) {
            if (known.name != name) continue;
            for (const std::string& word : split(textOf(row, "gatewayConfig"), ' ')) {
                const std::size_t colon = word.rfind(':');
                Gateway gateway;
                gateway.name = word.substr(0, colon);
                if (colon != std::string::npos) gateway.address = word;
                const bool drawn = std::any_of(known.gateways.begin(), known.gateways.end(),
                                               [&](const Gateway& other) { return other.name == gateway.name; });
                if (!gateway.name.empty() && !drawn) known.gateways.push_back(std::move(gateway));
            }
        }
        return okStatus();
    }

    Status table(const Json& row) {
        path_ = textOf(row, "path");
        if (clusterOfPath(path_).empty())
            return wrong("`" + path_ + "` is not /mapr/CLUSTER/PATH", "capture it with the global path");
        Dataset& drawn = dataset(path_);
        drawn.exists = true;
        drawn.kind = textOf(row, "tabletype") == "json" ? DatasetKind::JsonTable : DatasetKind::BinaryTable;
        if (flagOf(row, "bulkload")) drawn.bulkLoad = true;
        if (const auto ttl = row.find("deletettl"); ttl != row.end() && ttl->is_number_integer()) {
            drawn.deleteTtlSeconds = ttl->get<std::int64_t>();
        }
        for (const std::string& name : permissionNames(drawn.kind)) {
            const std::string ace = textOf(row, name.c_str());
            if (!ace.empty()) drawn.perms[name].ace = ace;
        }
        return okStatus();
    }

    Status family(const Json& row) {
        Family family;
        family.name = textOf(row, "cfname");
        const auto number = [&](const char* key, std::int64_t plain) -> std::optional<std::int64_t> {
            const auto at = row.find(key);
            if (at == row.end() || !at->is_number_integer() || at->get<std::int64_t>() == plain) return {};
            return at->get<std::int64_t>();
        };
        family.maxVersions = number("maxversions", 1);
        family.minVersions = number("minversions", 0);
        family.ttlSeconds = number("ttl", 2'147'483'647);
        family.compression = textOf(row, "compression");
        if (flagOf(row, "inmemory")) family.inMemory = true;
        for (const std::string& name : familyPermissionNames()) {
            const std::string ace = textOf(row, name.c_str());
            if (!ace.empty()) family.perms[name].ace = ace;
        }
        Dataset& drawn = dataset(path_);
        const bool known = std::any_of(drawn.families.begin(), drawn.families.end(),
                                       [&](const Family& other) { return other.name == family.name; });
        if (!known) drawn.families.push_back(std::move(family));
        return okStatus();
    }

    Status replica(const Json& row) {
        Replica record;
        record.from = path_;
        record.to = namedPath(row);
        record.synchronous = flagOf(row, "synchronous");
        record.paused = flagOf(row, "paused");
        record.throttle = flagOf(row, "throttle");
        record.networkEncryption = flagOf(row, "networkencryption");
        const std::string compression = textOf(row, "networkcompression");
        if (compression != "lz4") record.networkCompression = compression;
        const std::string columns = textOf(row, "columns");
        if (!columns.empty()) record.columns = split(columns, ',');
        if (out_.topology.replica(record.from, record.to) == nullptr)
            out_.topology.replicas.push_back(std::move(record));
        return okStatus();
    }

    Status upstream(const Json& row) {
        Upstream record;
        record.at = path_;
        record.from = namedPath(row);
        if (out_.topology.upstream(record.at, record.from) == nullptr)
            out_.topology.upstreams.push_back(std::move(record));
        return okStatus();
    }

    ObservedDrawing out_;
    std::string path_;
    std::string file_;
};

}  // namespace

Result<ObservedDrawing> drawObserved(const std::vector<ObservedText>& texts) {
    Drawer drawer;
    for (const ObservedText& text : texts) {
        if (Status taken = drawer.take(text); !taken) return taken.error();
    }
    return drawer.finish();
}

}  // namespace tributary::runbooks
