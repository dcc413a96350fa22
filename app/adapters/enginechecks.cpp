// The checks of runbooks on the engine, one function each.
#include "app/adapters/enginechecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/adapters/enginepermissions.h"
#include "app/adapters/enginestatechecks.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/systems/naming.h"
#include "engine/admin/diffstreams.h"
#include "engine/admin/difftables.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/admin/tableadmingateway.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "runbooks/model/checks.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::ReplicaRecord;
using engine::UpstreamRecord;
using engine::maprdb::flagOf;
using engine::maprdb::isStream;
using engine::maprdb::numberOf;
using engine::maprdb::shellWord;
using engine::maprdb::TableDescription;
using engine::maprdb::textOf;
using runbooks::CheckOutcome;
using runbooks::CheckVerdict;
using Answer = Result<CheckOutcome>;  // an Error becomes Unknown
using Table = std::optional<TableDescription>;

constexpr Millis kCaughtUpPatienceMs = 250;  // under constant writes the pending figures never reach 0

CheckOutcome say(bool holds, std::string evidence) {
    return {holds ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

class Checks {
public:
    Checks(engine::maprdb::ClusterCalls& calls, const std::string& user, const std::vector<std::string>& arguments)
        : calls_(calls), user_(user), arguments_(arguments) {}

    Answer datasetExists(bool wanted) {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        return say(table->has_value() == wanted,
                   table->has_value()
                       ? fmt::format("{} has uuid {}", (*table)->record.path, (*table)->record.uuid.text())
                       : absent(0));
    }

    Answer sameMetadata() {
        const Result<Table> a = tableAt(0);
        if (!a) return a.error();
        const Result<Table> b = tableAt(1);
        if (!b) return b.error();
        if (!a->has_value() || !b->has_value()) return say(false, absent(a->has_value() ? 1 : 0));
        const auto lines = engine::maprdb::metadataDifferences((*a)->record, (*b)->record);
        if (lines.empty()) return say(true, "families and attributes are equal");
        return say(false, lines.size() == 1 ? lines.front()
                                            : fmt::format("{} (and {} more)", lines.front(), lines.size() - 1));
    }

    Answer replicaListed(bool wanted) {
        const Result<Table> source = tableAt(0);
        if (!source) return source.error();
        if (!source->has_value()) return say(!wanted, absent(0));
        const Result<std::string> replica = pathAt(1);
        if (!replica) return replica.error();
        const ReplicaRecord* record = (*source)->record.replicaByPath(*replica);
        return say((record != nullptr) == wanted,
                   record == nullptr ? fmt::format("{} records {} replicas, not this one", (*source)->record.path,
                                                   (*source)->record.replicas.size())
                                     : fmt::format("{} records it as a replica", (*source)->record.path));
    }

    Answer replicaPaused() {
        return withReplica([](const TableDescription&, const ReplicaRecord& replica) {
            return say(replica.paused, replica.paused ? "the record is paused" : "the record is not paused");
        });
    }

    Answer upstreamListed(bool wanted) {
        const Result<Table> replica = tableAt(0);
        if (!replica) return replica.error();
        if (!replica->has_value()) return say(!wanted, absent(0));
        const Result<std::string> source = pathAt(1);
        if (!source) return source.error();
        const UpstreamRecord* record = (*replica)->record.upstreamByPath(*source);
        return say((record != nullptr) == wanted,
                   record == nullptr ? fmt::format("{} records {} upstreams, not this one", (*replica)->record.path,
                                                   (*replica)->record.upstreams.size())
                                     : fmt::format("{} records it as an upstream", (*replica)->record.path));
    }

    Answer agreement() {
        const Result<Table> source = tableAt(0);
        if (!source) return source.error();
        const Result<Table> replica = tableAt(1);
        if (!replica) return replica.error();
        if (!source->has_value() || !replica->has_value()) return say(false, absent(source->has_value() ? 1 : 0));
        const auto& from = (*source)->record;
        const auto& to = (*replica)->record;
        const ReplicaRecord* half = from.replicaByPath(to.path);
        if (half == nullptr) return say(false, "the source has no replica record");
        if (half->uuid != to.uuid) return say(false, "the source's record names another uuid than the replica has");
        const UpstreamRecord* other = to.upstreamByPath(from.path);
        if (other == nullptr) return say(false, "the replica has no upstream record");
        if (other->uuid != from.uuid) return say(false, "the replica's record names another uuid than the source has");
        return say(true, "both records name each other's uuid");
    }

    // Without an upstream nothing tells where the data came from: then there must be none.
    Answer leftoverOf() {
        const Result<Table> replica = tableAt(0);
        if (!replica) return replica.error();
        if (!replica->has_value()) return say(false, absent(0));
        const Result<std::string> source = pathAt(1);
        if (!source) return source.error();
        const engine::maprdb::TableRecord& record = (*replica)->record;
        for (const UpstreamRecord& upstream : record.upstreams) {
            if (upstream.path == *source) continue;
            return say(false, fmt::format("{} accepts {}: it is a replica of that", record.path, upstream.path));
        }
        if (!record.replicas.empty()) {
            return say(false, fmt::format("{} feeds {}", record.path, record.replicas.front().path));
        }
        if (!record.upstreams.empty()) {
            return say(true, fmt::format("{} accepts {} alone and feeds nobody", record.path, *source));
        }
        const std::uint64_t held = (*replica)->rows;
        return say(held == 0, held == 0 ? fmt::format("{} accepts no upstream, feeds nobody and is empty", record.path)
                                        : fmt::format("{} accepts no upstream and holds {} {}", record.path, held,
                                                      isStream(record) ? "messages" : "rows"));
    }

    Answer linkState() {
        return withLink([this](const Json& link) {
            const std::string state = linkStateOf(link);
            return say(state == arguments_[2], figures(link));
        });
    }

    Answer linkHealthy() {
        return withLink([this](const Json& link) {
            return ofLink(linkStateOf(link) == "replicating" && linkErrorOf(link).empty(), link);
        });
    }

    // Nothing pending, or nothing that is as old as the newest pending update was when this was asked.
    Answer caughtUp() {
        const Millis askedMs = calls_.nowMs();
        Millis newestWhenAsked = -1;
        while (true) {
            const Result<std::optional<Json>> link = linkRow();
            if (!link) return link.error();
            if (!link->has_value()) return say(false, noLink());
            const Json& row = **link;
            if (linkStateOf(row) != "replicating") return ofLink(false, row);
            if (numberOf(row, "bytespending", -1) == 0 && numberOf(row, "putspending", -1) == 0) {
                return say(true, figures(row) + uncopied(row));
            }
            if (newestWhenAsked < 0) newestWhenAsked = numberOf(row, "maxpendingts");
            if (numberOf(row, "minpendingts") > newestWhenAsked) {
                return say(true, figures(row) + ", all of it newer than the question" + uncopied(row));
            }
            if (calls_.nowMs() - askedMs >= kCaughtUpPatienceMs) return say(false, figures(row));
        }
    }

    Answer sameData() {
        const Result<std::string> a = pathAt(0);
        if (!a) return a.error();
        const Result<std::string> b = pathAt(1);
        if (!b) return b.error();
        for (const std::size_t i : {0U, 1U}) {
            const Result<Table> table = tableAt(i);
            if (!table) return table.error();
            if (!table->has_value()) return say(false, absent(i));
        }
        calls_.standAt(clusterOf(*a));
        const Result<Table> either = tableAt(0);
        if (either && either->has_value() && isStream((*either)->record)) return sameStreams(*a, *b);
        engine::maprdb::DiffRequest request;
        request.a = *a;
        request.b = *b;
        request.firstExit = true;
        const Result<engine::maprdb::DiffResult> diff = engine::maprdb::diffTables(calls_, request);
        if (!diff) return diff.error();
        if (diff->identical) {
            const std::string deletes = diff->rowsOnlyDeletes == 0
                                            ? std::string()
                                            : fmt::format(", {} of them differ in deletes", diff->rowsOnlyDeletes);
            return say(true, fmt::format("{} rows on both sides{}", diff->rowsSource, deletes));
        }
        if (diff->rowsDifferent == 0) {
            return Error{ErrorCode::Unavailable,
                         fmt::format("{} still change after {} looks",
                                     diff->rowsChanging == 1 ? std::string("1 row differs and does")
                                                             : fmt::format("{} rows differ and", diff->rowsChanging),
                                     diff->looks),
                         {},
                         "ask again when fewer writes go on"};
        }
        const auto& first = diff->differences.front();
        return say(false, fmt::format("row '{}' is {}: {}", engine::bytesToJson(first.key), differenceName(first.kind),
                                      first.detail));
    }

    Answer sameStreams(const std::string& a, const std::string& b) {
        const auto diff = engine::maprdb::diffStreams(calls_, a, b, true);
        if (!diff) return diff.error();
        if (diff->identical()) {
            return say(true, fmt::format("{} messages of {} topics on both sides", diff->messagesA, diff->topics));
        }
        return say(false, diff->lines.empty() ? "the streams differ" : diff->lines.front());
    }

    Answer familyExists(bool wanted) {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        if (!table->has_value()) return say(false, absent(0));
        const bool there = (*table)->record.family(arguments_[1]) != nullptr;
        return say(there == wanted,
                   fmt::format("{} {} family {}", (*table)->record.path, there ? "has" : "has no", arguments_[1]));
    }

    Answer replicatesFamily() {
        return withReplica([this](const TableDescription& source, const ReplicaRecord& replica) {
            const std::string& family = arguments_[2];
            if (source.record.family(family) == nullptr) {
                return say(false, fmt::format("{} has no family {}", source.record.path, family));
            }
            if (replica.projection.empty()) return say(true, "the whole table is replicated");
            const ColumnList list = parseColumns(replica.projection).valueOr(ColumnList{});
            const bool sent =
                std::any_of(list.begin(), list.end(), [&](const ColumnSpec& spec) { return spec.family == family; });
            return say(sent, "columns: " + replica.projection);
        });
    }

    Answer wholeTable(bool wanted) {
        return withReplica([wanted](const TableDescription&, const ReplicaRecord& replica) {
            const bool whole = replica.projection.empty();
            return say(whole == wanted, whole ? std::string("no columns are named") : "columns: " + replica.projection);
        });
    }

    Answer readable() {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        if (!table->has_value()) return say(false, absent(0));
        const Result<AceSubject> subject = subjectAt((*table)->record);
        if (!subject) return subject.error();
        const bool stream = isStream((*table)->record);
        CheckOutcome allowed = stream ? holdsPermission((*table)->record, *subject, "consumeperm")
                                      : anyFamilyGrants((*table)->record, *subject, "readperm");
        if (allowed.verdict != CheckVerdict::True) return allowed;
        if (stream) {
            const Result<Json> topics = calls_.callAt((*table)->record.path, engine::maprdb::StreamMethod::Topics,
                                                      Json{{"path", (*table)->record.path}});
            return topics ? say(true, "its topics were listed") : refused(topics.error());
        }
        const Json body{{"path", (*table)->record.path}, {"from", ""}, {"to", ""}, {"limit", 1}};
        const Result<Json> scanned = calls_.callAt((*table)->record.path, engine::maprdb::TableMethod::Scan, body);
        if (scanned) return say(true, "a read was answered");
        return refused(scanned.error());
    }

    // Nothing is written to find out: the mode of the table, the state of its cluster and the permission tell.
    Answer writable() {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        if (!table->has_value()) return say(false, absent(0));
        const auto& record = (*table)->record;
        if (record.bulkload()) return say(false, fmt::format("{} is in bulk-load mode", record.path));
        const Result<Json> status = calls_.callAt(record.path, Method::NodeStatus, Json::object());
        if (!status) return status.error();
        const std::string state = textOf(*status, "state");
        if (state != "ok") {
            return say(false,
                       fmt::format("cluster {} is {}: {}", clusterOf(record.path), state, textOf(*status, "reason")));
        }
        const Result<AceSubject> subject = subjectAt(record);
        if (!subject) return subject.error();
        if (isStream(record)) return holdsPermission(record, *subject, "produceperm");
        return anyFamilyGrants(record, *subject, "writeperm");
    }

    Answer hasPermission() {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        if (!table->has_value()) return say(false, absent(0));
        const Result<AceSubject> subject = subjectAt((*table)->record);
        if (!subject) return subject.error();
        return holdsPermission((*table)->record, *subject, arguments_[1]);
    }

    /// The acting user with the groups that the table's cluster knows them in, asked for where it matters.
    Result<AceSubject> subjectAt(const engine::maprdb::TableRecord& table) {
        AceSubject subject{user_, {}, {}};
        if (!turnsOnGroups(table)) return subject;
        const Result<Json> status = calls_.callAt(table.path, Method::NodeStatus, Json::object());
        if (!status) return status.error();
        const Json groups = status->value("groups", Json::object());
        for (const auto& [group, members] : groups.items()) {
            if (std::find(members.begin(), members.end(), Json(user_)) != members.end())
                subject.groups.push_back(group);
        }
        return subject;
    }

    Answer gatewaysReachable() {
        calls_.standAt(arguments_[0]);
        const auto gateways = engine::maprdb::gatewaysBetween(calls_, arguments_[0], arguments_[1]);
        if (!gateways) return gateways.error();
        std::string seen;
        bool any = false;
        for (const auto& gateway : *gateways) {
            any = any || gateway.reachable;
            seen += fmt::format("{}{} {}", seen.empty() ? "" : ", ", gateway.name,
                                gateway.reachable ? "answers" : "is silent");
        }
        return say(any, seen.empty() ? fmt::format("no gateways are known for {}", arguments_[1]) : seen);
    }

    Answer notInBulkload() {
        const Result<Table> table = tableAt(0);
        if (!table) return table.error();
        if (!table->has_value()) return say(false, absent(0));
        const bool bulk = (*table)->record.bulkload();
        return say(!bulk, bulk ? "bulkload is true" : "bulkload is false");
    }

    Answer noAlarm() {
        const Result<Json> answer = calls_.call(arguments_[0], Method::ListAlarms, Json::object());
        if (!answer) return answer.error();
        for (const Json& alarm : answer->value("alarms", Json::array())) {
            if (textOf(alarm, "name") != arguments_[1]) continue;
            return say(false, fmt::format("raised for {}: {}", textOf(alarm, "entity"), textOf(alarm, "description")));
        }
        return say(true, "not raised");
    }

private:
    [[nodiscard]] Result<std::string> pathAt(std::size_t i) const {
        return calls_.fullPath(arguments_[i], {}, "argument " + std::to_string(i + 1));
    }
    Result<Table> tableAt(std::size_t i) {
        const Result<std::string> path = pathAt(i);
        if (!path) return path.error();
        return calls_.findDataset(*path);
    }
    [[nodiscard]] std::string absent(std::size_t i) const { return fmt::format("there is no {}", arguments_[i]); }
    [[nodiscard]] std::string noLink() const {
        return fmt::format("{} does not record {} as its replica", arguments_[0], arguments_[1]);
    }

    template <typename Test>
    Answer withReplica(Test test) {
        const Result<Table> source = tableAt(0);
        if (!source) return source.error();
        const Result<std::string> path = pathAt(1);
        if (!path) return path.error();
        const ReplicaRecord* replica = source->has_value() ? (*source)->record.replicaByPath(*path) : nullptr;
        return replica == nullptr ? say(false, noLink()) : test(**source, *replica);
    }

    /// The row of the link as its source sees it now; nullopt when there is no such record.
    Result<std::optional<Json>> linkRow() {
        const Result<Table> source = tableAt(0);
        if (!source) return source.error();
        const Result<std::string> path = pathAt(1);
        if (!path) return path.error();
        if (!source->has_value()) return std::optional<Json>();
        const Json body{{"path", (*source)->record.path}, {"refresh", true}};
        const Result<Json> answer =
            calls_.callAt((*source)->record.path,
                          isStream((*source)->record) ? engine::maprdb::StreamMethod::ListReplicas
                                                      : engine::maprdb::TableMethod::ListReplicas,
                          body);
        if (!answer) return answer.error();
        for (const Json& replica : answer->value("replicas", Json::array())) {
            if (textOf(replica, "path") == *path) return std::optional<Json>(replica);
        }
        return std::optional<Json>();
    }
    template <typename Test>
    Answer withLink(Test test) {
        const Result<std::optional<Json>> link = linkRow();
        if (!link) return link.error();
        return link->has_value() ? test(**link) : say(false, noLink());
    }

    // A set-up that gave up says so for good: only a new one ends it.
    [[nodiscard]] CheckOutcome ofLink(bool holds, const Json& link) const {
        CheckOutcome seen = say(holds, figures(link));
        if (textOf(link, "state") != "REPLICA_STATE_UNEXPECTED") return seen;
        seen.isFinal = true;
        seen.evidence += fmt::format(
            "; it stays so: maprcli {} replica remove -path {} -replica {}, then set it up again",
            link.contains("columns") ? "table" : "stream", shellWord(arguments_[0]), shellWord(arguments_[1]));
        return seen;
    }

    static std::string figures(const Json& link) {
        std::string out = fmt::format("{}, bytesPending {}, putsPending {}", linkStateOf(link),
                                      numberOf(link, "bytespending", -1), numberOf(link, "putspending", -1));
        const std::string error = linkErrorOf(link);
        return error.empty() ? out : out + ", " + error;
    }

    // A link ships what is written after it was made; who reads "caught up" takes it for all rows.
    static std::string uncopied(const Json& link) {
        if (numberOf(link, "copypercent", -1) >= 0) return {};
        // Only links of tables tell columns; a copy of a stream leaves no mark at its link.
        if (!link.contains("columns")) return "; messages from before the link was made come by mapr copystream";
        return "; counted is what was written since the link was made, over which nothing was copied";
    }

    static Answer refused(const Error& error) {
        const bool answered = error.code == ErrorCode::PermissionDenied || error.code == ErrorCode::Conflict ||
                              error.code == ErrorCode::NotFound;
        if (answered) return say(false, error.what);
        return error;
    }

    engine::maprdb::ClusterCalls& calls_;
    const std::string& user_;
    const std::vector<std::string>& arguments_;
};

using Function = std::function<Answer(Checks&)>;

const std::map<std::string, Function>& functions() {
    static const std::map<std::string, Function> kFunctions{
        {"dataset-exists", [](Checks& c) { return c.datasetExists(true); }},
        {"dataset-absent", [](Checks& c) { return c.datasetExists(false); }},
        {"same-metadata", [](Checks& c) { return c.sameMetadata(); }},
        {"replica-listed", [](Checks& c) { return c.replicaListed(true); }},
        {"replica-absent", [](Checks& c) { return c.replicaListed(false); }},
        {"replica-paused", [](Checks& c) { return c.replicaPaused(); }},
        {"upstream-listed", [](Checks& c) { return c.upstreamListed(true); }},
        {"upstream-absent", [](Checks& c) { return c.upstreamListed(false); }},
        {"upstream-and-replica", [](Checks& c) { return c.agreement(); }},
        {"leftover-of", [](Checks& c) { return c.leftoverOf(); }},
        {"link-state", [](Checks& c) { return c.linkState(); }},
        {"link-healthy", [](Checks& c) { return c.linkHealthy(); }},
        {"caught-up", [](Checks& c) { return c.caughtUp(); }},
        {"same-data", [](Checks& c) { return c.sameData(); }},
        {"family-exists", [](Checks& c) { return c.familyExists(true); }},
        {"family-absent", [](Checks& c) { return c.familyExists(false); }},
        {"replicates-family", [](Checks& c) { return c.replicatesFamily(); }},
        {"whole-table", [](Checks& c) { return c.wholeTable(true); }},
        {"subset", [](Checks& c) { return c.wholeTable(false); }},
        {"readable", [](Checks& c) { return c.readable(); }},
        {"writable", [](Checks& c) { return c.writable(); }},
        {"has-permission", [](Checks& c) { return c.hasPermission(); }},
        {"gateways-reachable", [](Checks& c) { return c.gatewaysReachable(); }},
        {"not-in-bulkload", [](Checks& c) { return c.notInBulkload(); }},
        {"no-alarm", [](Checks& c) { return c.noAlarm(); }},
    };
    return kFunctions;
}

}  // namespace

CheckOutcome evaluateCheck(engine::maprdb::ClusterCalls& calls, const std::string& user, const std::string& name,
                           const std::vector<std::string>& arguments) {
    const runbooks::CheckSpec* spec = dialects().of("maprdb").findCheck(name);
    const auto function = functions().find(name);
    const bool ofState = isStateCheck(name);
    if (spec == nullptr || (function == functions().end() && !ofState)) {
        return {CheckVerdict::Unknown, fmt::format("there is no check {}", name)};
    }
    if (arguments.size() != spec->arguments.size()) {
        return {CheckVerdict::Unknown,
                fmt::format("{} takes {} arguments, not {}", name, spec->arguments.size(), arguments.size())};
    }
    Checks checks(calls, user, arguments);
    const Answer answer = ofState ? stateCheck(calls, name, arguments) : function->second(checks);
    return answer ? *answer : CheckOutcome{CheckVerdict::Unknown, answer.error().text()};
}

}  // namespace tributary::app
