// Steps about tables and their families.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/topology/ace.h"
#include "core/topology/administrators.h"
#include "runbooks/planner/planwork.h"

namespace tributary::runbooks::detail {
namespace {

using Kind = DifferenceKind;

/// Replicas before their sources: what a source may send, its replica can store by then. In a ring, as drawn.
std::vector<const Dataset*> replicasFirst(const PlanWork& work) {
    std::multimap<std::string_view, std::string_view> sends;
    for (const Replica& replica : work.drawing.replicas) sends.emplace(replica.from, replica.to);
    std::vector<const Dataset*> out;
    std::set<std::string_view> met;
    const std::function<void(const Dataset&)> visit = [&](const Dataset& dataset) {
        if (!met.insert(dataset.path).second) return;
        const auto [from, to] = sends.equal_range(dataset.path);
        for (auto at = from; at != to; ++at) {
            if (const Dataset* replica = work.drawn.dataset(at->second)) visit(*replica);
        }
        out.push_back(&dataset);
    };
    for (const Dataset& dataset : work.drawing.datasets) visit(dataset);
    return out;
}

/// `state` with everything that the drawing says.
void overlay(ObservedDataset& state, const Dataset& drawn) {
    const ObservedDataset wanted = asCreated(drawn);
    state.bulkLoad = wanted.bulkLoad;
    state.deleteTtlSeconds = wanted.deleteTtlSeconds;
    for (const auto& [name, ace] : *wanted.perms) (*state.perms)[name] = ace;
    for (ObservedFamily& family : state.families) {
        const ObservedFamily* as = wanted.family(family.name);
        if (as == nullptr) continue;
        const std::optional<std::string> compression = family.compression;
        auto perms = family.perms.value_or(std::map<std::string, std::string>{});
        for (const auto& [name, ace] : *as->perms) perms[name] = ace;
        family = *as;
        family.perms = std::move(perms);
        const auto drawnFamily = std::find_if(drawn.families.begin(), drawn.families.end(),
                                              [&](const Family& each) { return each.name == family.name; });
        if (drawnFamily->compression.empty()) family.compression = compression;
    }
}

class Tables {
public:
    explicit Tables(PlanWork& work) : work_(work) {}

    void run() {
        for (std::size_t i = 0; i < work_.differences().size(); ++i) {
            const Difference& difference = work_.differences()[i];
            const auto* id = std::get_if<DatasetId>(&difference.element);
            if (id != nullptr && difference.kind == Kind::Missing && difference.attribute.empty())
                wanted_[id->path] = i;
        }
        for (const Dataset& dataset : work_.drawing.datasets) {
            if (wanted_.count(dataset.path) > 0) create(dataset);
        }
        for (const Dataset* dataset : replicasFirst(work_)) {
            if (!work_.of(DatasetId{dataset->path}).empty() && wanted_.count(dataset->path) == 0) alter(*dataset);
        }
    }

private:
    // ---- tables that are not there --------------------------------------------------------------------------------

    void create(const Dataset& drawn) {
        if (!begun_.insert(drawn.path).second) return;
        const std::size_t difference = wanted_.at(drawn.path);
        Dataset made = drawn;
        made.exists = true;
        if (const Status built = requireBuiltKind(made); !built) {
            work_.leave(difference, built.error().what, {});
            return;
        }
        const std::string model = modelOf(drawn);
        if (!model.empty()) {
            createLike(drawn, model, difference);
        } else {
            createAlone(drawn, difference);
        }
        work_.guard(check("dataset-absent", {drawn.path}));
    }

    /// A drawn source of the table whose metadata it can take over: one that is there, or is created before it.
    std::string modelOf(const Dataset& drawn) {
        for (const Replica& replica : work_.drawing.replicas) {
            if (replica.to != drawn.path || replica.from == drawn.path) continue;
            if (const Dataset* source = work_.drawn.dataset(replica.from); source && wanted_.count(replica.from) > 0) {
                create(*source);
            }
            const ObservedDataset* there = work_.table(replica.from);
            if (there == nullptr || !there->unavailable.empty() || !fits(drawn, *there)) continue;
            const std::string stranger = strangerIn(*there, clusterOf(drawn.path));
            if (stranger.empty()) return replica.from;
            strangers_[drawn.path] =
                fmt::format(" Not with the metadata of {}: its permissions name {}, whom {} does not know.",
                            replica.from, stranger, clusterOf(drawn.path));
        }
        return {};
    }

    /// The first user, group or role in the model's permissions that the drawn cluster would refuse; empty when none
    /// is.
    std::string strangerIn(const ObservedDataset& model, const std::string& clusterName) const {
        const Cluster* cluster = work_.drawn.cluster(clusterName);
        if (cluster == nullptr) return {};
        std::vector<std::map<std::string, std::string>> lists{
            model.perms.value_or(std::map<std::string, std::string>{})};
        for (const ObservedFamily& family : model.families) {
            if (family.perms) lists.push_back(*family.perms);
        }
        for (const auto& list : lists) {
            for (const auto& [permission, text] : list) {
                if (const std::string found = strangerIn(text, *cluster); !found.empty()) return found;
            }
        }
        return {};
    }

    /// As the clusters decide: users are open until some are drawn, groups until users or groups are.
    static std::string strangerIn(const std::string& expression, const Cluster& cluster) {
        const Result<Ace> ace = parseAce(expression);
        if (!ace) return {};
        std::set<std::string> users{"root", "mapr"};
        std::set<std::string> groups{"root", "mapr"};
        users.insert(cluster.users.begin(), cluster.users.end());
        for (const std::string& name : administratorsOf(cluster)) users.insert(name);
        for (const auto& [group, members] : cluster.groups) groups.insert(group);
        if (!cluster.users.empty()) {
            for (const std::string& name : ace->users()) {
                if (users.count(name) == 0) return "u:" + name;
            }
        }
        if (cluster.users.empty() && cluster.groups.empty()) return {};
        for (const std::string& name : ace->groups()) {
            if (groups.count(name) == 0) return "g:" + name;
        }
        return {};
    }

    /// The model needs no family more or less: then edits make it the drawn one.
    static bool fits(const Dataset& drawn, const ObservedDataset& model) {
        if (drawn.bulkLoad.value_or(false)) return false;
        for (const AttributeRow& row : compareAttributes(drawn, model)) {
            const bool shape = row.agreement == Agreement::Missing || row.agreement == Agreement::Extra ||
                               row.agreement == Agreement::Unknown;
            if (shape || (row.name == "kind" && row.agreement != Agreement::Same)) return false;
        }
        return true;
    }

    Draft& creation(const Dataset& drawn, std::size_t difference, std::string title) {
        Draft& draft = work_.step(Phase::Create, "create", slug(drawn.path), DatasetId{drawn.path}, StepEffect::Adds,
                                  std::move(title), "It is drawn and not there.");
        draft.info.closes = {difference};
        draft.step.targets = {drawn.path};
        draft.step.undo = {{work_.lineAt(drawn.path, "delete"), {}, {}}};
        return draft;
    }

    void createLike(const Dataset& drawn, const std::string& model, std::size_t difference) {
        ObservedDataset state = *work_.table(model);
        state.path = drawn.path;
        state.uuid.clear();
        state.rows = state.bytes = 0;
        state.bulkLoad = false;
        state.replicas.emplace();
        state.upstreams.emplace();
        const std::vector<OptionChange> changes = optionChanges(compareAttributes(drawn, state));
        Draft& draft = creation(drawn, difference, fmt::format("Create {} with the metadata of {}", drawn.path, model));
        Step& step = draft.step;
        const bool stream = drawn.kind == DatasetKind::Stream;
        step.why += fmt::format(" {} and attributes are those of {}; nothing copies them later.",
                                stream ? "Permissions" : "Families, permissions", model);
        step.commands = {{work_.lineAt(drawn.path, "create").with("copymetafrom", model),
                          check("dataset-exists", {drawn.path}),
                          {}}};
        step.doneWhen = {check("dataset-exists", {drawn.path})};
        if (stream) state.topics = drawn.topics;  // those of the model come with its messages
        for (CommandLine& line : topicLines(drawn.path, stream ? drawn.topics : std::vector<std::string>{})) {
            step.doneWhen.push_back(*line.doneWhen);
            step.commands.push_back(std::move(line));
        }
        for (const auto& group : grouped(changes)) {
            step.commands.push_back({editLine(drawn.path, group, false, work_.noun(drawn.path)),
                                     group.back().has(drawn.path, group.back().wanted),
                                     {}});
            for (const OptionChange& change : group) step.doneWhen.push_back(change.has(drawn.path, change.wanted));
        }
        if (changes.empty()) step.doneWhen.push_back(check("same-metadata", {model, drawn.path}));
        for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
        if (const ObservedDataset* there = work_.seen.dataset(model)) guardTable(*there);
        overlay(state, drawn);
        work_.made[drawn.path] = std::move(state);
    }

    void createAlone(const Dataset& drawn, std::size_t difference) {
        ObservedDataset state = asCreated(drawn);
        Draft& draft = creation(drawn, difference, fmt::format("Create {}", drawn.path));
        Step& step = draft.step;
        if (const auto at = strangers_.find(drawn.path); at != strangers_.end()) step.why += at->second;
        step.commands = createLines(state);
        for (const CommandLine& line : step.commands) step.doneWhen.push_back(*line.doneWhen);
        for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
        work_.made[drawn.path] = std::move(state);
    }

    // ---- tables that are there ------------------------------------------------------------------------------------

    void guardTable(const ObservedDataset& there) {
        if (!there.uuid.empty()) work_.guard(check("dataset-is", {there.path, there.uuid}));
    }

    static std::vector<std::vector<OptionChange>> grouped(const std::vector<OptionChange>& changes) {
        std::vector<std::vector<OptionChange>> out;
        std::vector<OptionChange> ofTable;
        for (const OptionChange& change : changes) {
            if (change.family.empty()) {
                ofTable.push_back(change);
            } else if (out.empty() || out.back().front().family != change.family) {
                out.push_back({change});
            } else {
                out.back().push_back(change);
            }
        }
        if (!ofTable.empty()) out.push_back(std::move(ofTable));  // last: it may take away who may do the rest
        return out;
    }

    void alter(const Dataset& drawn) {
        const ObservedDataset* there = work_.seen.dataset(drawn.path);
        if (there == nullptr) return;
        for (const std::size_t at : work_.of(DatasetId{drawn.path})) {
            const Difference& difference = work_.differences()[at];
            if (difference.attribute == "kind") {
                work_.leave(at, "the kind of a dataset is chosen when it is created, and no plan deletes what is drawn",
                            {});
            } else if (difference.attribute == "bulkload" && difference.drawn == "true") {
                work_.leave(at, "a table is put into bulk-load mode only at its creation", {});
            } else if (difference.attribute.ends_with(".jsonpath")) {
                work_.leave(at, "the path of a family is chosen when it is created", {});
            } else if (difference.attribute.starts_with("topic.")) {
                createTopic(drawn, *there, at);
            } else if (difference.kind == Kind::Missing) {
                createFamily(drawn, *there, at);
            }
        }
        for (const auto& group : grouped(optionChanges(compareAttributes(drawn, *there)))) {
            change(drawn, *there, group);
        }
    }

    void createTopic(const Dataset& drawn, const ObservedDataset& there, std::size_t at) {
        const std::string name = work_.differences()[at].attribute.substr(6);
        Draft& draft = work_.step(Phase::Create, "create-topic", slug(drawn.path) + '-' + slug(name),
                                  DatasetId{drawn.path}, StepEffect::Adds,
                                  fmt::format("Make topic {} of {}", name, drawn.path), "It is drawn and not there.");
        draft.info.closes = {at};
        Step& step = draft.step;
        step.targets = {drawn.path};
        step.commands = topicLines(drawn.path, {name});
        step.doneWhen = {*step.commands.front().doneWhen};
        step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
        step.undo = {{work_.lineAt(drawn.path, "topic delete").with("topic", name), {}, {}}};
        guardTable(there);
    }

    void createFamily(const Dataset& drawn, const ObservedDataset& there, std::size_t at) {
        const std::string name = work_.differences()[at].attribute.substr(7);
        const auto family = std::find_if(drawn.families.begin(), drawn.families.end(),
                                         [&](const Family& each) { return each.name == name; });
        if (family == drawn.families.end()) return;
        Draft& draft =
            work_.step(Phase::Create, "create-family", slug(drawn.path) + '-' + slug(name), DatasetId{drawn.path},
                       StepEffect::Adds, fmt::format("Create family {} of {}", name, drawn.path),
                       "It is drawn and not there. Replicas get it before their sources, so that nothing is "
                       "sent that cannot be stored.");
        draft.info.closes = {at};
        Step& step = draft.step;
        step.targets = {drawn.path};
        step.doneWhen = {check("family-exists", {drawn.path, name})};
        step.requirements = {check("has-permission", {drawn.path, "createrenamefamilyperm"})};
        step.commands = {{familyLine(drawn.path, asCreated(drawn, *family)), {}, {}}};
        step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
        step.undo = {{Line("maprcli table cf delete").with("path", drawn.path).with("cfname", name), {}, {}}};
        guardTable(there);
        work_.guard(check("family-absent", {drawn.path, name}));
    }

    void change(const Dataset& drawn, const ObservedDataset& there, const std::vector<OptionChange>& group) {
        const std::string& family = group.front().family;
        std::vector<std::string> names;
        std::vector<std::string> reasons;
        for (const OptionChange& each : group) {
            names.push_back(each.option);
            const Difference& difference = work_.differences()[*work_.of(DatasetId{drawn.path}, each.attribute)];
            reasons.push_back(fmt::format("{} is {} and drawn as {}", each.option, shown(difference.observed),
                                          shown(difference.drawn)));
        }
        const std::string what = family.empty() ? drawn.path : fmt::format("family {} of {}", family, drawn.path);
        Draft& draft = work_.step(Phase::Alter, "alter", slug(drawn.path) + (family.empty() ? "" : '-' + slug(family)),
                                  DatasetId{drawn.path}, StepEffect::Alters,
                                  fmt::format("Set {} of {}", join(names, ", "), what), join(reasons, "; ") + ".");
        Step& step = draft.step;
        step.targets = {drawn.path};
        for (const OptionChange& each : group) {
            draft.info.closes.push_back(*work_.of(DatasetId{drawn.path}, each.attribute));
            step.doneWhen.push_back(each.has(drawn.path, each.wanted));
            step.requirements.push_back(each.has(drawn.path, each.now));
            work_.guard(each.has(drawn.path, each.now));
        }
        step.requirements.push_back(check("has-permission", {drawn.path, work_.isStream(drawn.path) ? "adminperm"
                                                                         : family.empty()           ? "adminaccessperm"
                                                                                          : "createrenamefamilyperm"}));
        step.commands = {{editLine(drawn.path, group, false, work_.noun(drawn.path)), {}, {}}};
        for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
        takingBack(drawn.path, group, draft, work_.noun(drawn.path));
        guardTable(there);
    }

    static std::string shown(const std::optional<std::string>& value) {
        return value && !value->empty() ? *value : "''";
    }

    static void takingBack(const std::string& path, const std::vector<OptionChange>& group, Draft& draft,
                           std::string_view noun) {
        const bool bulk =
            std::any_of(group.begin(), group.end(), [](const OptionChange& each) { return each.option == "bulkload"; });
        if (bulk) {
            draft.step.irreversible = "a table is put into bulk-load mode only at its creation";
            draft.info.irreversible = draft.step.irreversible;
            return;
        }
        draft.step.undo = {{editLine(path, group, true, noun), {}, {}}};
        if (std::none_of(group.begin(), group.end(), [](const OptionChange& each) { return each.losesCells; })) return;
        draft.info.lost = fmt::format("cells of {} in {} that are beyond the new limits", group.front().family, path);
        draft.info.irreversible = "an undo sets the limits back; cells that they took do not come back";
        draft.step.approval = {true, "Cells beyond the new limits are dropped, and do not come back.",
                               group.front().family};
    }

    PlanWork& work_;
    std::map<std::string, std::size_t> wanted_;  ///< tables to create -> their difference
    std::set<std::string> begun_;
    std::map<std::string, std::string> strangers_;  ///< table -> why it is not made like its source
};

// ---- what is not drawn ----------------------------------------------------------------------------------------------

class Drops {
public:
    explicit Drops(PlanWork& work) : work_(work) {}

    void run() {
        // Sources before replicas: what a source no longer has, it does not send.
        std::vector<const Dataset*> order = replicasFirst(work_);
        std::reverse(order.begin(), order.end());
        for (const Dataset* dataset : order) {
            for (const std::size_t at : work_.of(DatasetId{dataset->path})) {
                const Difference& difference = work_.differences()[at];
                const bool family = difference.kind == Kind::Extra && difference.attribute.starts_with("family.");
                if (family) drop(dataset->path, difference.attribute.substr(7), at);
            }
        }
        for (std::size_t at = 0; at < work_.differences().size(); ++at) {
            const Difference& difference = work_.differences()[at];
            const auto* id = std::get_if<DatasetId>(&difference.element);
            if (id == nullptr || difference.kind != Kind::Extra || !difference.attribute.empty()) continue;
            const std::string cluster = clusterOf(id->path);
            if (work_.drawn.cluster(cluster) != nullptr) {
                drop(id->path, {}, at);
            } else {
                work_.leave(at, fmt::format("it lies in {}, which is not drawn, and goes or stays with it", cluster),
                            "tributary adopt " + cluster);
            }
        }
    }

private:
    void drop(const std::string& path, const std::string& family, std::size_t at) {
        const ObservedDataset* there = work_.seen.dataset(path);
        if (there == nullptr) return;
        const bool whole = family.empty();
        const std::string what = whole ? path : fmt::format("family {} of {}", family, path);
        Draft& draft = work_.step(Phase::Drop, whole ? "delete" : "delete-family",
                                  whole ? slug(path) : slug(path) + '-' + slug(family), DatasetId{path},
                                  StepEffect::Removes, "Delete " + what, "It is there and not drawn.");
        draft.info.closes = {at};
        Step& step = draft.step;
        step.targets = {path};
        const Check gone = whole ? check("dataset-absent", {path}) : check("family-absent", {path, family});
        step.doneWhen = {gone};
        step.verify = {{VerifyClause::Kind::Becomes, gone}};
        Line line = work_.lineAt(path, whole ? "delete" : "cf delete");
        if (!whole) line.with("cfname", family);
        step.commands = {{line, {}, {}}};
        if (!there->uuid.empty()) {
            step.requirements.push_back(check("dataset-is", {path, there->uuid}));
            work_.guard(step.requirements.back());
        }
        Deletion deletion{path, family, line, linkedWith(*there), {}};
        price(draft, *there, deletion);
        work_.deletions.push_back(std::move(deletion));
    }

    static std::vector<std::string> linkedWith(const ObservedDataset& there) {
        std::vector<std::string> out;
        for (const auto& each : there.replicas.value_or(std::vector<ObservedReplica>{})) out.push_back(each.to);
        for (const auto& each : there.upstreams.value_or(std::vector<ObservedUpstream>{})) {
            if (std::find(out.begin(), out.end(), each.from) == out.end()) out.push_back(each.from);
        }
        return out;
    }

    void price(Draft& draft, const ObservedDataset& there, const Deletion& deletion) {
        const auto measured = work_.options.losses.find(deletion.key());
        DataLoss loss = measured == work_.options.losses.end() ? DataLoss{} : measured->second;
        if (measured == work_.options.losses.end()) loss.problem = "nobody has looked yet";
        Step& step = draft.step;
        const bool whole = deletion.family.empty();
        const std::string of = whole ? deletion.path : fmt::format("{} of {}", deletion.family, deletion.path);
        const std::string rows =
            loss.rows ? countedRows(static_cast<std::uint64_t>(*loss.rows)) : std::string("an unknown number of rows");
        if (loss.onlyHere) {
            const Check bound =
                check("only-here", {deletion.path, whole ? "*" : deletion.family, std::to_string(*loss.onlyHere)});
            work_.guard(bound);
        }
        // By its turn its links are gone, and with them what it can be compared with: rows that nobody sends it are
        // counted. What its sources send until then is theirs.
        if (loss.rows && there.upstreams && there.upstreams->empty()) {
            step.requirements.push_back(
                check("rows-at-most", {deletion.path, whole ? "*" : deletion.family, std::to_string(*loss.rows)}));
        }
        const bool empty = loss.rows == 0 && loss.onlyHere == 0;
        if (empty) {
            step.approval = {true, of + " is deleted; it holds no rows.", {}};
            if (whole) step.undo = createLines(there);
            if (!whole) step.undo = {{familyLine(deletion.path, *there.family(deletion.family)), {}, {}}};
        } else {
            step.approval = {true, approvalText(of, rows, loss), whole ? deletion.path : deletion.family};
            step.irreversible = whole ? fmt::format("the rows of {} are gone", deletion.path)
                                      : fmt::format("the cells of {} are gone", of);
            draft.info.irreversible = step.irreversible;
        }
        if (!empty && loss.onlyHere != 0) draft.info.lost = lostText(of, rows, loss);
        draft.info.loss = std::move(loss);
    }

    static std::string keysText(const DataLoss& loss) {
        if (loss.keys.empty()) return {};
        const bool more = loss.onlyHere && *loss.onlyHere > static_cast<std::int64_t>(loss.keys.size());
        return ": " + join(loss.keys, ", ") + (more ? ", ..." : "");
    }
    static std::string countText(const DataLoss& loss) {
        if (!loss.onlyHere) return "how many of them exist nowhere else is not known";
        if (*loss.onlyHere == 0) return "all of them exist elsewhere, too";
        if (loss.rows == 1) return "it exists nowhere else" + keysText(loss);
        return fmt::format("{} of them exist{} nowhere else{}",
                           groupedDigits(static_cast<std::uint64_t>(*loss.onlyHere)), *loss.onlyHere == 1 ? "s" : "",
                           keysText(loss));
    }
    static std::string approvalText(const std::string& of, const std::string& rows, const DataLoss& loss) {
        return fmt::format("{} is deleted with {}; {}.", of, rows, countText(loss));
    }
    static std::string lostText(const std::string& of, const std::string& rows, const DataLoss& loss) {
        return fmt::format("{} of {}; {}", rows, of, countText(loss));
    }

    PlanWork& work_;
};

}  // namespace

void planTables(PlanWork& work) {
    Tables(work).run();
}

void planDrops(PlanWork& work) {
    Drops(work).run();
}

}  // namespace tributary::runbooks::detail
