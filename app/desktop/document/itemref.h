// Names one thing of the drawing, whatever shows it: canvas, outline, problems and inspector speak of the same refs.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "core/topology/topology.h"

namespace tributary::desktop {

/// The identity of a cluster, dataset, gateway, member, link, wan line, region, note, or of a bundle: all links between
/// two of what the canvas shows as one. A value: it stays meaningful when the thing is gone.
struct ItemRef {
    enum class Kind { None, Cluster, Dataset, Gateway, Member, Link, Wan, Region, Note, Bundle };
    Kind kind = Kind::None;
    std::string a;  ///< cluster, region, note: name; dataset: path; gateway, member: its cluster; link: from; wan,
                    ///< bundle: one end
    std::string b;  ///< gateway, member: its name; link: to; wan, bundle: the other end (a <= b)
    friend auto operator<=>(const ItemRef&, const ItemRef&) = default;
    [[nodiscard]] bool valid() const { return kind != Kind::None; }
};

[[nodiscard]] ItemRef clusterRef(std::string name);
[[nodiscard]] ItemRef datasetRef(std::string path);
[[nodiscard]] ItemRef gatewayRef(std::string cluster, std::string name);
[[nodiscard]] ItemRef memberRef(std::string cluster, std::string name);
/// A link is one direction: its replica half, its upstream half, or both; or one member that another one follows.
[[nodiscard]] ItemRef linkRef(std::string from, std::string to);
[[nodiscard]] ItemRef wanRef(std::string a, std::string b);
[[nodiscard]] ItemRef regionRef(std::string name);
[[nodiscard]] ItemRef noteRef(std::string name);
/// The links between two clusters or regions; an end that is a region is written by regionEnd().
[[nodiscard]] ItemRef bundleRef(std::string a, std::string b);
/// A region as an end of a bundle: a name that no cluster can have.
[[nodiscard]] std::string regionEnd(const std::string& region);
/// The cluster or region that an end of a bundle is.
[[nodiscard]] ItemRef refOfEnd(const std::string& end);

/// Who is followed by whom among the members of the drawing's clusters, as ends of links: drawn peers, or everybody by
/// everybody where none are drawn; and connections between clusters, by the first host of each.
[[nodiscard]] std::vector<ItemRef> memberLinks(const Topology& topology);
/// Whether the ends of a link are members.
[[nodiscard]] bool isMemberLink(const ItemRef& ref);

/// Whether the drawing holds it.
[[nodiscard]] bool isDrawn(const Topology& topology, const ItemRef& ref);
/// The item that a finding's or a step's place names ("cluster sf", "/mapr/sf/t", "a -> b", "at <- from",
/// "wan a - b").
[[nodiscard]] ItemRef refOfPlace(const std::string& place);
/// Short name for people: "customers", "sanfrancisco", "customers -> customers".
[[nodiscard]] std::string shortName(const ItemRef& ref);
/// The same with its kind and full names, for tooltips and screen readers.
[[nodiscard]] std::string longName(const ItemRef& ref);
/// The cluster an item lies in; empty for links and wan lines.
[[nodiscard]] std::string clusterOfItem(const ItemRef& ref);
/// Where the item stands in topology.yaml; unknown when it is not drawn.
[[nodiscard]] SourcePos positionOf(const Topology& topology, const ItemRef& ref);

}  // namespace tributary::desktop
