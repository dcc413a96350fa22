// Answers to elements of the drawing.
#include "runbooks/import/observed.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "core/systems/maprdb/vocabulary.h"
#include "core/workspace/topologyfile.h"
#include "runbooks/import/capturedanswers.h"
#include "runbooks/import/decodetext.h"
#include "runbooks/import/observedrows.h"

namespace tributary::runbooks {
namespace {

using Json = nlohmann::json;
using detail::CapturedAnswer;
using detail::flagOf;
using detail::kindOfCommand;
using detail::kindOfRow;
using detail::ListKind;
using detail::namedPath;
using detail::nameOf;
using detail::textOf;

class Drawer {
public:
    Drawer(const Dialects& dialects, const ObservedOptions& options) : dialects_(dialects), options_(options) {}

    Status take(const ObservedText& observed) {
        given_ = observed.path;
        path_.clear();
        file_ = observed.fileName;
        Result<DecodedText> decoded = decodeText(observed.text, file_);
        if (!decoded) return decoded.error();
        for (const ImportNote& remark : decoded->notes) note(remark.text);
        Result<std::vector<CapturedAnswer>> answers = detail::capturedAnswers(decoded->text, file_, dialects_);
        if (!answers) return answers.error();
        if (answers->empty()) return wrong("there is no JSON answer in it", "capture the command's output with -json");
        const bool anyCommand = std::any_of(answers->begin(), answers->end(),
                                            [](const CapturedAnswer& answer) { return answer.hasCommand; });
        for (const CapturedAnswer& answer : *answers) {
            if (answer.hasCommand || anyCommand) path_.clear();
            line_ = answer.line;
            if (Status taken = answerOf(answer); !taken) return taken;
        }
        return okStatus();
    }

    ObservedDrawing finish() {
        drawUnknownHalves();
        for (const Replica& replica : out_.topology.replicas) dataset(replica.to);
        for (const Upstream& upstream : out_.topology.upstreams) dataset(upstream.from);
        for (const Dataset& drawn : out_.topology.datasets) {
            const bool described = captured_.contains({ListKind::Info, drawn.path});
            if (!described) unknown(ListKind::Info, drawn.path, "not drawn as existing");
            const bool families = captured_.contains({ListKind::Families, drawn.path});
            if (described && !families && drawn.kind == DatasetKind::BinaryTable) {
                unknown(ListKind::Families, drawn.path, "drawn without families");
            }
        }
        if (!addresses_.empty()) {
            out_.notes.push_back(
                fmt::format("the addresses of gateways are left out ({}), since `up` opens its doors on "
                            "this machine; --with-addresses draws them",
                            join({addresses_.begin(), addresses_.end()}, " ")));
        }
        return std::move(out_);
    }

private:
    void note(const std::string& text) { out_.notes.push_back(fmt::format("{}: {}", file_, text)); }

    [[nodiscard]] Error wrong(std::string what, std::string fix) const {
        const std::string where = line_ > 1 ? fmt::format("{}:{}", file_, line_) : file_;
        return Error{ErrorCode::InvalidInput, std::move(what), where, std::move(fix)};
    }

    Status answerOf(const CapturedAnswer& captured) {
        const Json answer = Json::parse(captured.json, nullptr, false);
        if (answer.is_discarded() || !answer.is_object()) {
            return wrong("what begins with { is no whole JSON answer", "capture it again with -json");
        }
        if (textOf(answer, "status") != "OK") {
            note(fmt::format("line {}: an answer that is an error was left out", captured.line));
            return okStatus();
        }
        const auto data = answer.find("data");
        if (data == answer.end() || !data->is_array())
            return wrong("an answer has no data", "capture it again with -json");
        const auto total = answer.find("total");
        if (total != answer.end() && total->is_number_unsigned() && total->get<std::uint64_t>() != data->size()) {
            return wrong(fmt::format("an answer says total {} and holds {} rows: it is not whole",
                                     total->get<std::uint64_t>(), data->size()),
                         "capture it again, without -start and -limit");
        }
        ListKind kind = kindOfCommand(captured.command());
        const bool told = kind != ListKind::None;
        for (const Json& row : *data) {
            const ListKind own = row.is_object() ? kindOfRow(row) : ListKind::None;
            if (own == ListKind::None || (told && own != kind)) return notReadHere(captured);
            kind = own;
        }
        if (kind == ListKind::None) {
            if (!captured.words.empty()) return notReadHere(captured);
            note(fmt::format("line {}: an empty answer was left out, since its command is not known{}", captured.line,
                             captured.unreadable.empty() ? "" : ": " + captured.unreadable));
            return okStatus();
        }
        if (kind == ListKind::Gateways) return gatewayRows(*data, captured.option("dstcluster"));
        if (kind == ListKind::Info) return infoRows(*data);
        return listRows(kind, *data, captured);
    }

    Status notReadHere(const CapturedAnswer& captured) const {
        const std::string command = captured.command();
        return wrong(command.empty() ? "an answer is of a command that is not read here"
                                     : fmt::format("an answer does not fit its command `{}`, or that is not read here",
                                                   shownText(command, 60)),
                     "table info, table cf list, table replica list, table upstream list, cluster gateway list");
    }

    Status listRows(ListKind kind, const Json& rows, const CapturedAnswer& captured) {
        std::string path = !given_.empty() ? given_ : captured.option("path");
        if (path.starts_with("mapr/")) path.insert(0, "/");
        if (path.empty() && captured.unreadable.empty()) path = path_;
        if (path.empty()) {
            const std::string why = captured.unreadable.empty() ? "" : ": " + captured.unreadable;
            return wrong("the table that a list belongs to is not known" + why, "give it as PATH=" + file_);
        }
        if (clusterOf(path).empty()) {
            return wrong("`" + shownText(path) + "` is not /mapr/CLUSTER/PATH", "give the table as PATH=" + file_);
        }
        if (Status same = sameAsGiven(captured.option("path"), "its command"); !same) return same;
        path_ = path;
        if (isAgain(kind, path)) forget(kind, path);
        dataset(path);
        for (const Json& row : rows) {
            if (kind == ListKind::Families) {
                family(row);
            } else if (kind == ListKind::Replicas) {
                replica(row);
            } else {
                upstream(row);
            }
        }
        return okStatus();
    }

    /// Refuses a table that the caller named when the answer tells of another. `told` may be empty, or begin anywhere
    /// below the root of all clusters.
    Status sameAsGiven(std::string told, std::string_view by) const {
        if (given_.empty() || told.empty()) return okStatus();
        if (told.starts_with("mapr/")) told.insert(0, "/");
        const bool same = told.starts_with("/mapr/") ? told == given_ : given_.ends_with(told);
        if (same) return okStatus();
        return wrong(fmt::format("the answer is of {}, as {} says, and was given as {}", shownText(told), by, given_),
                     "give it without PATH=, or with that path");
    }

    /// Marks a list as captured; tells whether it was before, and says so.
    bool isAgain(ListKind kind, const std::string& about) {
        const auto [at, fresh] = captured_.emplace(std::pair{kind, about}, file_);
        if (fresh) return false;
        note(fmt::format("{} of {} was captured before{}: this one, the last, holds", nameOf(kind), about,
                         at->second == file_ ? "" : ", in " + at->second));
        at->second = file_;
        return true;
    }

    void forget(ListKind kind, const std::string& path) {
        Topology& drawn = out_.topology;
        if (kind == ListKind::Replicas) {
            std::erase_if(drawn.replicas, [&](const Replica& edge) { return edge.from == path; });
        } else if (kind == ListKind::Upstreams) {
            std::erase_if(drawn.upstreams, [&](const Upstream& edge) { return edge.at == path; });
        } else {
            dataset(path).families.clear();
        }
    }

    void cluster(const std::string& name) {
        if (name.empty() || out_.topology.cluster(name) != nullptr) return;
        Cluster fresh;
        fresh.name = name;
        out_.topology.clusters.push_back(std::move(fresh));
    }

    Dataset& dataset(const std::string& path) {
        cluster(clusterOf(path));
        for (Dataset& known : out_.topology.datasets) {
            if (known.path == path) return known;
        }
        Dataset fresh;
        fresh.path = path;
        out_.topology.datasets.push_back(std::move(fresh));
        return out_.topology.datasets.back();
    }

    void unknown(ListKind kind, const std::string& path, const std::string& instead) {
        const bool isStream = kind == ListKind::Info && dataset(path).kind == DatasetKind::Stream;
        out_.unknown.push_back(fmt::format("{} of {} was not captured, so it is unknown: {}",
                                           isStream ? "stream info" : nameOf(kind), path, instead));
    }

    Status gatewayRows(const Json& rows, const std::string& asked) {
        for (const Json& row : rows) {
            const std::string name = row.contains("cluster") ? textOf(row, "cluster") : asked;
            if (name.empty())
                return wrong("a gateway list names no cluster", "capture `maprcli cluster gateway list -json`");
            cluster(name);
            const bool again = isAgain(ListKind::Gateways, name);
            for (Cluster& known : out_.topology.clusters) {
                if (known.name != name) continue;
                if (again) known.gateways.clear();
                for (const std::string& word : split(textOf(row, "gatewayConfig"), ' ')) gateway(known, word);
            }
        }
        return okStatus();
    }

    void gateway(Cluster& known, const std::string& word) {
        const std::size_t colon = word.rfind(':');
        Gateway fresh;
        fresh.name = word.substr(0, colon);
        const bool drawn = std::any_of(known.gateways.begin(), known.gateways.end(),
                                       [&](const Gateway& other) { return other.name == fresh.name; });
        if (fresh.name.empty() || drawn) return;
        if (colon != std::string::npos && options_.withAddresses) fresh.address = word;
        if (colon != std::string::npos && !options_.withAddresses) addresses_.insert(word);
        known.gateways.push_back(std::move(fresh));
    }

    Status infoRows(const Json& rows) {
        for (const Json& row : rows) {
            path_ = textOf(row, "path");
            if (Status same = sameAsGiven(path_, "its row"); !same) return same;
            if (!path_.starts_with("/mapr/") && !given_.empty()) path_ = given_;
            if (clusterOf(path_).empty())
                return wrong("`" + shownText(path_) + "` is not /mapr/CLUSTER/PATH", "capture it with the global path");
            isAgain(ListKind::Info, path_);
            if (!row.contains("tabletype")) {
                stream(dataset(path_), row);
                continue;
            }
            if (Status taken = table(row); !taken) return taken;
        }
        return okStatus();
    }

    Status table(const Json& row) {
        const std::string type = textOf(row, "tabletype");
        if (type != "binary" && type != "json") {
            return wrong(
                fmt::format("{} is a table of type `{}`, which no drawing can show", path_, shownText(type, 30)),
                "leave this answer out");
        }
        Dataset& drawn = dataset(path_);
        drawn.exists = true;
        drawn.kind = type == "json" ? DatasetKind::JsonTable : DatasetKind::BinaryTable;
        drawn.bulkLoad.reset();
        if (flagOf(row, "bulkload")) drawn.bulkLoad = true;
        drawn.deleteTtlSeconds.reset();
        if (const auto ttl = row.find("deletettl"); ttl != row.end() && ttl->is_number_integer()) {
            drawn.deleteTtlSeconds = ttl->get<std::int64_t>();
        }
        permissions(drawn, row);
        return okStatus();
    }

    static void permissions(Dataset& drawn, const Json& row) {
        drawn.perms.clear();
        for (const std::string& name : permissionNames(drawn.kind)) {
            const std::string ace = textOf(row, name.c_str());
            if (!ace.empty()) drawn.perms[name].ace = ace;
        }
    }

    void stream(Dataset& drawn, const Json& row) {
        drawn.kind = DatasetKind::Stream;
        drawn.exists = true;
        permissions(drawn, row);
        note(fmt::format("{} is a stream: drawn without topics, which answers of this kind do not tell", drawn.path));
    }

    void family(const Json& row) {
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
        std::erase_if(drawn.families, [&](const Family& other) { return other.name == family.name; });
        drawn.families.push_back(std::move(family));
    }

    /// The kind that a replica's row tells of its target; nothing when no drawing can show it.
    std::optional<DatasetKind> kindOfReplica(const Json& row, const std::string& target) {
        const std::string type = textOf(row, "type");
        if (type == "MapRStream" || (type.empty() && row.contains("stream"))) return DatasetKind::Stream;
        if (type == "maprdb.json") return DatasetKind::JsonTable;
        // Releases before JSON tables say only MapRDB.
        if (type.empty() || type == "maprdb.binary" || type == "MapRDB") return DatasetKind::BinaryTable;
        note(fmt::format("{} -> {}: a replica of type `{}`{} has no place in a drawing and was left out", path_,
                         target.empty() ? "?" : target, shownText(type, 30),
                         type == "maprdb.si" ? ", a secondary index," : ""));
        return {};
    }

    void shapeAs(const std::string& path, DatasetKind kind) {
        Dataset& drawn = dataset(path);
        if (drawn.kind == kind || captured_.contains({ListKind::Info, path})) return;
        drawn.kind = kind;
        note(fmt::format("{}: drawn as a {}, as its replica's type says", path, datasetKindName(kind)));
    }

    void replica(const Json& row) {
        Replica record;
        record.from = path_;
        record.to = namedPath(row);
        const std::optional<DatasetKind> kind = kindOfReplica(row, record.to);
        if (!kind) return;
        if (clusterOf(record.to).empty()) {
            note(fmt::format("a replica of {} that names no table was left out", path_));
            return;
        }
        shapeAs(record.from, *kind);
        shapeAs(record.to, *kind);
        record.synchronous = flagOf(row, "synchronous");
        record.paused = flagOf(row, "paused");
        record.throttle = flagOf(row, "throttle");
        record.networkEncryption = flagOf(row, "networkencryption");
        const std::string compression = textOf(row, "networkcompression");
        if (compression != "lz4") record.networkCompression = compression;
        const std::string columns = textOf(row, "columns");
        if (!columns.empty()) record.columns = split(columns, ',');
        std::erase_if(out_.topology.replicas,
                      [&](const Replica& other) { return other.from == record.from && other.to == record.to; });
        out_.topology.replicas.push_back(std::move(record));
    }

    void upstream(const Json& row) {
        Upstream record;
        record.at = path_;
        record.from = namedPath(row);
        if (clusterOf(record.from).empty()) {
            note(fmt::format("an upstream of {} that names no table was left out", path_));
            return;
        }
        if (row.contains("stream")) shapeAs(record.at, DatasetKind::Stream);
        if (row.contains("stream")) shapeAs(record.from, DatasetKind::Stream);
        if (out_.topology.upstream(record.at, record.from) == nullptr)
            out_.topology.upstreams.push_back(std::move(record));
    }

    /// The half of an agreement whose list was not captured is not missing: it is drawn as the other half implies.
    void drawUnknownHalves() {
        Topology& drawn = out_.topology;
        std::set<std::string> upstreamLists;
        std::set<std::string> replicaLists;
        for (const Replica& edge : drawn.replicas) {
            if (captured_.contains({ListKind::Upstreams, edge.to}) || drawn.upstream(edge.to, edge.from) != nullptr)
                continue;
            upstreamLists.insert(edge.to);
            Upstream half;
            half.at = edge.to;
            half.from = edge.from;
            drawn.upstreams.push_back(std::move(half));
        }
        for (const Upstream& edge : drawn.upstreams) {
            if (captured_.contains({ListKind::Replicas, edge.from}) || drawn.replica(edge.from, edge.at) != nullptr)
                continue;
            replicaLists.insert(edge.from);
            Replica half;
            half.from = edge.from;
            half.to = edge.at;
            drawn.replicas.push_back(std::move(half));
        }
        for (const std::string& path : upstreamLists) {
            unknown(ListKind::Upstreams, path, "drawn as the records at its sources imply");
        }
        for (const std::string& path : replicaLists) {
            unknown(ListKind::Replicas, path, "drawn as the records at its replicas imply, without options");
        }
    }

    const Dialects& dialects_;
    ObservedOptions options_;
    ObservedDrawing out_;
    std::map<std::pair<ListKind, std::string>, std::string> captured_;  // -> the file of the last one
    std::set<std::string> addresses_;                                   // that were left out
    std::string given_;                                                 // the table that the caller named
    std::string path_;                                                  // the table that the text told of last
    std::string file_;
    std::size_t line_ = 0;
};

}  // namespace

std::string ObservedDrawing::text() const {
    std::string out;
    if (!unknown.empty()) {
        out += "# Drawn from captured answers. Not captured, and so unknown:\n";
        for (const std::string& text : unknown) out += "#   " + shownText(text, 400) + "\n";
    }
    return out + writeTopology(topology);
}

namespace {

/// The drawing of the first `count` texts.
Result<ObservedDrawing> drawingOf(const std::vector<ObservedText>& texts, std::size_t count, const Dialects& dialects,
                                  const ObservedOptions& options) {
    Drawer drawer(dialects, options);
    for (std::size_t i = 0; i < count; ++i) {
        if (Status taken = drawer.take(texts[i]); !taken) return taken.error();
    }
    return drawer.finish();
}

/// The file with which the texts no longer make a drawing.
std::string culprit(const std::vector<ObservedText>& texts, const Dialects& dialects, const ObservedOptions& options) {
    for (std::size_t count = 1; count < texts.size(); ++count) {
        const auto drawing = drawingOf(texts, count, dialects, options);
        if (!drawing || !parseTopology(drawing->text(), "topology.yaml")) return texts[count - 1].fileName;
    }
    return texts.empty() ? std::string() : texts.back().fileName;
}

}  // namespace

Result<ObservedDrawing> drawObserved(const std::vector<ObservedText>& texts, const Dialects& dialects,
                                     const ObservedOptions& options) {
    Result<ObservedDrawing> drawing = drawingOf(texts, texts.size(), dialects, options);
    if (!drawing) return drawing;
    // Names that a real system would not give, or that lead out of a workspace, are refused here and not at `up`.
    const auto read = parseTopology(drawing->text(), "topology.yaml");
    if (read && read->clusters.empty()) {
        return Error{ErrorCode::InvalidInput, "none of the answers names a cluster, so there is nothing to draw",
                     texts.empty() ? std::string() : texts.front().fileName,
                     "capture answers that succeed: tributary import --help tells which"};
    }
    if (!read) {
        return Error{ErrorCode::InvalidInput, "the answers make no drawing: " + read.error().what,
                     culprit(texts, dialects, options), "look at the names in what was captured: tributary help bytes"};
    }
    return drawing;
}

}  // namespace tributary::runbooks
