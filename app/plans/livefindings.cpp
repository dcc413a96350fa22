// Differences as findings.
#include "app/plans/livefindings.h"

#include "core/base/text.h"

namespace tributary::app {
namespace {

struct Position {
    const Topology& drawing;

    template <typename Element>
    static SourcePos of(const Element* element) {
        return element == nullptr ? SourcePos{} : element->pos;
    }
    SourcePos operator()(const ClusterId& id) const { return of(drawing.cluster(id.name)); }
    SourcePos operator()(const DatasetId& id) const { return of(drawing.dataset(id.path)); }
    SourcePos operator()(const ReplicaId& id) const { return of(drawing.replica(id.from, id.to)); }
    SourcePos operator()(const UpstreamId& id) const { return of(drawing.upstream(id.at, id.from)); }
    SourcePos operator()(const PeerId& id) const { return of(drawing.peer(id.at, id.from)); }
    SourcePos operator()(const ConnectionId& id) const { return of(drawing.connection(id.at, id.from)); }
    SourcePos operator()(const WanId& id) const { return of(drawing.wanBetween(id.a, id.b)); }
    SourcePos operator()(const RegionId& id) const { return of(drawing.region(id.name)); }
};

std::string fixOf(const Difference& difference) {
    if (difference.kind == DifferenceKind::Unknown) {
        return difference.observed == "down" ? "tributary up" : "tributary status";
    }
    if (std::holds_alternative<WanId>(difference.element)) return "tributary up puts the drawing in force";
    const bool link =
        std::holds_alternative<ReplicaId>(difference.element) || std::holds_alternative<UpstreamId>(difference.element);
    const std::string name = link ? '"' + difference.where() + '"' : difference.where();
    return "tributary plan makes it as drawn; tributary adopt " + name + " draws it as it is";
}

}  // namespace

std::vector<Finding> liveFindings(const Topology& drawing, const std::vector<Difference>& differences) {
    std::vector<Finding> out;
    for (const Difference& each : differences) {
        Finding& finding = out.emplace_back();
        finding.rule = "live." + std::string(differenceKindName(each.kind));
        finding.severity = each.kind == DifferenceKind::Unknown ? Severity::Warning : Severity::Error;
        const bool cluster = std::holds_alternative<ClusterId>(each.element);
        finding.where = cluster ? "cluster " + each.where() : each.where();
        finding.pos = std::visit(Position{drawing}, each.element);
        finding.reason = each.what() + ' ' + each.where() + ' ' + each.detail;
        finding.fix = fixOf(each);
    }
    return out;
}

}  // namespace tributary::app
