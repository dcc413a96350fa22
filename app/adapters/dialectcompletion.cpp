// The dialect's own completion first, then names of the drawing.
#include "app/adapters/dialectcompletion.h"
#include "app/systems/dialects.h"

#include <algorithm>

#include "core/base/text.h"

namespace tributary::app {

std::vector<std::string> completeDialect(const std::vector<std::string>& words, std::string_view current,
                                         const Topology* topology) {
    std::vector<std::string> found = dialects().complete(words, current);
    if (!found.empty() || words.empty() || topology == nullptr) return found;
    const std::string last = toLower(words.back());
    const auto add = [&](const std::string& name) {
        const bool known = std::find(found.begin(), found.end(), name) != found.end();
        if (!known && std::string_view(name).starts_with(current)) found.push_back(name);
    };
    static const std::vector<std::string> kPathOptions{"-path", "-replica",      "-upstream",  "-src",
                                                       "-dst",  "-copymetafrom", "-newreplica"};
    if (std::find(kPathOptions.begin(), kPathOptions.end(), last) != kPathOptions.end()) {
        for (const Dataset& dataset : topology->datasets) add(dataset.path);
    } else if (last == "-cluster" || last == "-dstcluster") {
        for (const Cluster& cluster : topology->clusters) add(cluster.name);
    }
    return found;
}

}  // namespace tributary::app
