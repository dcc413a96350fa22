// Spaces of a replica set, looked at through one of its instances.
#include <fmt/format.h>

#include "app/browse/browsers.h"
#include "app/browse/spacepages.h"
#include "app/instances/instancebox.h"
#include "app/instances/replicasets.h"
#include "core/systems/naming.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

constexpr Millis kPatienceMs = 5'000;  ///< of a person who looks

class SpaceBrowser final : public DataBrowser {
public:
    [[nodiscard]] BrowseWords words() const override {
        return {"Tuples", "Instance", {}, "From key", {}, {}, "No instance is drawn yet", true};
    }

    [[nodiscard]] Result<std::vector<BrowsePart>> parts(Session& session, const std::string& dataset) const override {
        const Cluster* cluster = session.topology().cluster(clusterOf(dataset));
        if (cluster == nullptr) {
            return Error{ErrorCode::NotFound, "no drawn cluster has this space", dataset, "save the drawing first"};
        }
        std::vector<BrowsePart> out;
        out.reserve(cluster->members.size());
        for (const Member& member : cluster->members) out.push_back({member.name, {}, {}});
        return out;
    }

    [[nodiscard]] Result<BrowsePage> read(Session& session, const BrowseRequest& request) const override {
        const Endpoint space = endpointOf(request.dataset);
        const auto place = findMember(session.workspace().paths.root, session.topology(), space.cluster, request.part);
        if (!place) return place.error();
        auto box = InstanceBox::connect(place.value(), kPatienceMs);
        if (!box) return box.error();
        auto page = readSpacePage(*box.value(), space.dataset, request);
        if (!page) return page.error();
        const auto length = spaceLength(*box.value(), space.dataset);
        if (length) page->note = countText(length.value(), "tuple") + " at " + request.part;
        return page;
    }

    [[nodiscard]] Result<std::string> write(Session& /*session*/, const BrowseWrite& write) const override {
        return Error{ErrorCode::Unsupported, "tuples are not written here", write.dataset,
                     "in the console: box.space.NAME:insert{...}"};
    }
};

}  // namespace

const DataBrowser& spaceBrowser() {
    static const SpaceBrowser browser;
    return browser;
}

}  // namespace tributary::app
