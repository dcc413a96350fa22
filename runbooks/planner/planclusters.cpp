// Steps about gateways, and what only a start of a cluster changes.
#include <fmt/format.h>

#include "core/base/text.h"
#include "runbooks/planner/planwork.h"

namespace tributary::runbooks::detail {
namespace {

void openGateway(PlanWork& work, const std::string& cluster, const std::string& gateway, std::size_t at) {
    Draft& draft = work.step(Phase::Doors, "open", slug(gateway), ClusterId{cluster}, StepEffect::Alters,
                             fmt::format("Open gateway {} of {}", gateway, cluster), "It is drawn, and stopped.");
    draft.info.closes = {at};
    Step& step = draft.step;
    const auto line = [&](const char* action) {
        return Line("maprcli node services")
            .with("name", "gateway")
            .with("action", action)
            .with("nodes", gateway)
            .with("cluster", cluster)
            .text();
    };
    step.targets = {cluster};
    step.doneWhen = {check("gateway-open", {cluster, gateway})};
    step.commands = {{line("start"), {}, {}}};
    step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
    step.undo = {{line("stop"), {}, {}}};
}

void forgetRecord(PlanWork& work, const std::string& cluster, const std::string& peer, std::size_t at) {
    const std::string recorded = work.differences()[at].observed.value_or("");
    Draft& draft = work.step(
        Phase::Doors, "forget-gateways", slug(cluster) + "-to-" + slug(peer), ClusterId{cluster}, StepEffect::Alters,
        fmt::format("{} reaches {} by the drawn gateways", cluster, peer),
        fmt::format("A record of {} names others: {}. Without it those that are drawn are used.", cluster, recorded));
    draft.info.closes = {at};
    Step& step = draft.step;
    step.targets = {cluster};
    step.doneWhen = {check("gateways-set", {cluster, peer, ""})};
    step.requirements = {check("gateways-set", {cluster, peer, recorded})};
    work.guard(step.requirements.front());
    step.commands = {
        {Line("maprcli cluster gateway delete").with("dstcluster", peer).with("cluster", cluster), {}, {}}};
    step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()}};
    step.undo = {{Line("maprcli cluster gateway set")
                      .with("dstcluster", peer)
                      .with("gateways", recorded)
                      .with("cluster", cluster),
                  {},
                  {}}};
}

/// A member is a process: it is started or stopped, and says itself what it waits for.
void ofMember(PlanWork& work, const std::string& cluster, std::size_t at) {
    const Difference& difference = work.differences()[at];
    const bool isGone = difference.observed == "down" || difference.observed == "killed";
    if (difference.kind == DifferenceKind::Extra) {
        work.leave(at, "a plan stops nobody", "tributary status");
    } else if (difference.kind == DifferenceKind::Different && isGone) {
        work.leave(at, "a plan starts nobody", "tributary up --cluster " + cluster);
    } else {
        work.leave(at, "it goes on by itself, or says what it waits for", "tributary status");
    }
}

void ofCluster(PlanWork& work, const std::string& cluster, std::size_t at) {
    const Difference& difference = work.differences()[at];
    const std::string& attribute = difference.attribute;
    const bool different = difference.kind == DifferenceKind::Different;
    if (attribute.starts_with("member.")) {
        ofMember(work, cluster, at);
    } else if (different && attribute.starts_with("gatewayrecord.")) {
        forgetRecord(work, cluster, attribute.substr(14), at);
    } else if (different && attribute.starts_with("gateway.") && difference.observed == "stopped") {
        openGateway(work, cluster, attribute.substr(8), at);
    } else if (different && attribute == "role") {
        work.leave(at, "a plan promotes nobody, and a cluster that was promoted goes back only from scratch",
                   "tributary adopt " + cluster);
    } else if (difference.kind == DifferenceKind::Unknown) {
        work.leave(at, "the program that runs the cluster does not tell",
                   fmt::format("tributary down --cluster {0} && tributary up --cluster {0}", cluster));
    } else if (difference.kind == DifferenceKind::Extra && attribute.empty()) {
        work.leave(at, "a plan stops no cluster, and leaves its data alone", "tributary adopt " + cluster);
    } else {
        work.leave(at, "a cluster takes over its drawn gateways, users and groups when it starts",
                   fmt::format("tributary down --cluster {0} && tributary up --cluster {0}", cluster));
    }
}

}  // namespace

void planClusters(PlanWork& work) {
    for (std::size_t at = 0; at < work.differences().size(); ++at) {
        const Difference& difference = work.differences()[at];
        if (const auto* cluster = std::get_if<ClusterId>(&difference.element)) ofCluster(work, cluster->name, at);
        if (std::holds_alternative<WanId>(difference.element)) {
            work.leave(at,
                       difference.kind == DifferenceKind::Unknown
                           ? "the program that runs the cluster does not tell which network is in force"
                           : "the network between clusters is put in force where they run",
                       "tributary up");
        }
    }
}

}  // namespace tributary::runbooks::detail
