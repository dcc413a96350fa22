// Steps about replica and upstream records, and the rows that links need to start from.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/systems/naming.h"
#include "runbooks/planner/planlinkparts.h"

namespace tributary::runbooks::detail {
namespace {

using Kind = DifferenceKind;

class Links {
public:
    explicit Links(PlanWork& work) : work_(work), steps_(work) {}

    void run() {
        for (const Replica& replica : work_.drawing.replicas) {
            Link link = linkOf(replica);
            if (link.isNew()) {
                if (possible(link)) make(link);
            } else if (link.there != nullptr) {
                changeLink(steps_, link);
            }
        }
        for (const Upstream& upstream : work_.drawing.upstreams) loneUpstream(upstream);
        removeLinks(steps_);
        looks();
        arrive();
    }

private:
    Link linkOf(const Replica& replica) {
        Link link;
        link.drawn = &replica;
        link.there = work_.seen.replica(replica.from, replica.to);
        link.both = work_.drawn.upstream(replica.to, replica.from) != nullptr;
        for (const std::size_t at : work_.of(ReplicaId{replica.from, replica.to})) {
            const Difference& difference = work_.differences()[at];
            if (difference.kind == Kind::Missing) link.missing = at;
            if (difference.attribute == "identity") link.stale = at;
        }
        for (const std::size_t at : work_.of(UpstreamId{replica.to, replica.from})) {
            const Difference& difference = work_.differences()[at];
            if (difference.kind == Kind::Missing) link.missingOther = at;
            if (difference.attribute == "identity") link.staleOther = at;
        }
        return link;
    }

    void leaveAll(const Link& link, const std::string& reason, const std::string& command) {
        for (const auto& at : {link.missing, link.missingOther, link.stale, link.staleOther}) {
            if (at) work_.leave(*at, reason, command);
        }
    }

    bool possible(const Link& link) {
        for (const std::string& end : {link.drawn->from, link.drawn->to}) {
            if (work_.willExist(end)) continue;
            leaveAll(link,
                     fmt::format("{} is not there, and {}", end,
                                 work_.drawn.dataset(end) == nullptr ? "is not drawn" : "this plan does not make it"),
                     "tributary check");
            return false;
        }
        if (!link.drawn->networkEncryption) return true;
        leaveAll(link,
                 "a plan leaves networkencryption out: certificates are no part of a drawing (tributary help security)",
                 {});
        return false;
    }

    // ---- new links ----

    void make(const Link& link) {
        const Replica& drawn = *link.drawn;
        const bool copies = link.both && steps_.contents.needsCopy(drawn.from, drawn.to);
        steps_.guardTable(drawn.from);
        steps_.guardTable(drawn.to);
        touched_.insert(drawn.from);
        touched_.insert(drawn.to);
        if (copies) loaded_.insert(drawn.to);
        ways_.insert({clusterOf(drawn.from), clusterOf(drawn.to)});
        if (link.stale) forget(link, true);
        if (link.staleOther) forget(link, false);
        const bool adds = link.missing || link.stale;
        const bool waits = copies || drawn.paused;
        if (adds) add(link, waits, copies);
        if (!adds && copies && !link.there->paused.value_or(true)) {
            steps_.pause(Phase::Register, ReplicaId{drawn.from, drawn.to}, "Nothing is sent before the copy is done.",
                         {});
        }
        if (link.missingOther || link.staleOther) authorize(link);
        if (copies)
            steps_.copy(link, {},
                        "The link sends what is written from its registration on; rows from before are copied once.");
        if (!adds) {
            Link changed = link;
            changed.copied = copies;
            changeLink(steps_, changed);
        }
        const bool paused = adds ? waits : copies && !link.there->paused.value_or(false);  // by this plan
        if (paused && !drawn.paused && link.both) steps_.resume(link, {});
        if (!drawn.paused && link.both) steps_.arriving.push_back(&drawn);
        if (adds && copies && drawn.synchronous) settle(link);
    }

    void forget(const Link& link, bool atSource) {
        const Replica& drawn = *link.drawn;
        const std::string& at = atSource ? drawn.from : drawn.to;
        const std::string& other = atSource ? drawn.to : drawn.from;
        Draft& draft = work_.step(
            Phase::Register, "forget", linkSlug(at, other),
            atSource ? ElementId(ReplicaId{at, other}) : ElementId(UpstreamId{at, other}), StepEffect::Removes,
            fmt::format("{} forgets the table that was at {} before", at, other),
            fmt::format("Its record means a table that was deleted; the one at {} now would never match it.", other));
        draft.info.irreversible = "the table that the record means is gone";
        Step& step = draft.step;
        step.targets = {at};
        step.commands = {{work_.lineAt(at, atSource ? "replica remove" : "upstream remove")
                              .with(atSource ? "replica" : "upstream", other),
                          {},
                          {}}};
        step.verify = {
            {VerifyClause::Kind::Becomes, check(atSource ? "replica-absent" : "upstream-absent", {at, other})}};
        step.irreversible = draft.info.irreversible;
        work_.guard(check(atSource ? "replica-listed" : "upstream-listed", {at, other}));
    }

    void add(const Link& link, bool paused, bool copies) {
        const Replica& drawn = *link.drawn;
        ReplicaOptions options = optionsOf(drawn);
        if (copies) options.synchronous = false;  // writes would wait for a replica that is being filled
        Draft& draft =
            work_.step(Phase::Register, "register", linkSlug(drawn.from, drawn.to), ReplicaId{drawn.from, drawn.to},
                       StepEffect::Adds,
                       fmt::format("Register {} as a replica of {}{}", drawn.to, drawn.from, paused ? ", paused" : ""),
                       copies   ? "From here on the source keeps its changes for the replica. Paused, it does not "
                                  "send them before the copy is done."
                       : paused ? "It is drawn as paused: the source keeps its changes for it."
                                : "Not paused and without a copy: the replica holds all that the source does, "
                                  "or gets it by links that are registered before any copy.");
        draft.info.closes = {link.missing ? *link.missing : *link.stale};
        if (const auto state = work_.of(ReplicaId{drawn.from, drawn.to}, "state")) draft.info.closes.push_back(*state);
        Step& step = draft.step;
        step.targets = {drawn.from};
        step.doneWhen = {check("replica-listed", {drawn.from, drawn.to})};
        if (paused) step.doneWhen.push_back(check("replica-paused", {drawn.from, drawn.to}));
        step.commands = {{replicaAddLine(drawn.from, drawn.to, options, paused, work_.noun(drawn.from)), {}, {}}};
        for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
        step.undo = {{work_.lineAt(drawn.from, "replica remove").with("replica", drawn.to), {}, {}}};
        // An empty source is not copied: what was written to it since the look would be missing at the replica for
        // good.
        const ObservedDataset* source = work_.seen.dataset(drawn.from);
        if (!copies && source != nullptr && source->rows == 0)
            step.requirements.push_back(check("rows-at-most", {drawn.from, "*", "0"}));
        if (link.missing) work_.guard(check("replica-absent", {drawn.from, drawn.to}));
    }

    void authorize(const Link& link) {
        steps_.authorize(link.drawn->to, link.drawn->from, link.missingOther ? *link.missingOther : *link.staleOther,
                         true);
        if (link.missingOther) work_.guard(check("upstream-absent", {link.drawn->to, link.drawn->from}));
    }

    /// An upstream record without a drawn other half: made as drawn, runs nothing.
    void loneUpstream(const Upstream& upstream) {
        if (work_.drawn.replica(upstream.from, upstream.at) != nullptr) return;
        for (const std::size_t at : work_.of(UpstreamId{upstream.at, upstream.from})) {
            if (work_.differences()[at].kind != Kind::Missing) continue;
            if (work_.willExist(upstream.at) && work_.willExist(upstream.from)) {
                steps_.authorize(upstream.at, upstream.from, at, false);
                work_.guard(check("upstream-absent", {upstream.at, upstream.from}));
            } else {
                work_.leave(at, "one of its tables is neither there nor drawn", "tributary check");
            }
        }
    }

    void settle(const Link& link) {
        const Replica& drawn = *link.drawn;
        Draft& draft =
            work_.step(Phase::Settle, "synchronous", linkSlug(drawn.from, drawn.to), ReplicaId{drawn.from, drawn.to},
                       StepEffect::Alters, fmt::format("Writes to {} wait for {}", drawn.from, drawn.to),
                       "Only now: before it had caught up, every write would have waited.");
        if (link.missing) draft.info.closes = {*link.missing};
        LinkSteps::edit(draft.step, {drawn.from, drawn.to}, {{"synchronous", "false", "true"}}, work_.noun(drawn.from));
    }

    // ---- looks ----

    void looks() {
        Step rights;
        for (const std::string& path : touched_) {
            if (work_.seen.dataset(path) == nullptr) continue;
            if (work_.isStream(path)) {
                for (const char* name : {"adminperm", "copyperm"}) {
                    rights.requirements.push_back(check("has-permission", {path, name}));
                }
                continue;
            }
            rights.requirements.push_back(check("has-permission", {path, "replperm"}));
            rights.requirements.push_back(check("not-in-bulkload", {path}));
            if (loaded_.count(path) > 0) rights.requirements.push_back(check("has-permission", {path, "bulkloadperm"}));
        }
        if (!rights.requirements.empty()) {
            look("check-permissions",
                 "You may replicate the datasets that are there, and load those that are copied to",
                 "Without these permissions a command is refused after half of the work.", rights.requirements);
        }
        Step doors;
        for (const auto& [from, to] : ways_) {
            if (from != to) doors.requirements.push_back(check("gateways-reachable", {from, to}));
        }
        if (doors.requirements.empty()) return;
        look("check-gateways", "Each source's cluster reaches a gateway of its replica's",
             "Links come in by the gateways of the cluster that they lead to.", doors.requirements);
    }

    void look(const char* id, const char* title, const char* why, std::vector<Check> checks) {
        const std::string first = checks.front().arguments.front();
        const ElementId element = first.starts_with('/') ? ElementId(DatasetId{first}) : ElementId(ClusterId{first});
        Draft& draft = work_.step(Phase::Look, id, {}, element, StepEffect::Looks, title, why);
        draft.step.requirements = std::move(checks);
    }

    void arrive() {
        if (steps_.arriving.empty()) return;
        std::vector<const Replica*>& links = steps_.arriving;
        std::sort(links.begin(), links.end());  // as drawn
        links.erase(std::unique(links.begin(), links.end()), links.end());
        const Replica& first = *steps_.arriving.front();
        Draft& draft = work_.step(Phase::Arrive, "arrive", {}, ReplicaId{first.from, first.to}, StepEffect::Looks,
                                  steps_.arriving.size() == 1
                                      ? "The link runs and has caught up"
                                      : fmt::format("The {} links run and have caught up", steps_.arriving.size()),
                                  "Nothing is taken away before what is new has arrived.");
        for (const Replica* each : steps_.arriving) {
            draft.step.verify.push_back(becomes(check("link-healthy", {each->from, each->to}), kRunMs, kQuickMs));
            draft.step.verify.push_back(becomes(check("caught-up", {each->from, each->to}), kArriveMs, 1'000));
        }
    }

    PlanWork& work_;
    LinkSteps steps_;
    std::set<std::string> touched_;                       ///< tables at the ends of new links
    std::set<std::string> loaded_;                        ///< of them, those that are copied to
    std::set<std::pair<std::string, std::string>> ways_;  ///< clusters that new links lead from and to
};

}  // namespace

void planLinks(PlanWork& work) {
    Links(work).run();
}

}  // namespace tributary::runbooks::detail
