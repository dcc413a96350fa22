// What runbooks on instances look at and act on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/instances/boxinfo.h"
#include "app/instances/instanceplace.h"
#include "app/instances/instanceprocess.h"
#include "app/instances/spacefingerprint.h"
#include "core/base/units.h"

namespace tributary::app {

/// What a command of the program left behind.
struct ToolAnswer {
    int code = 0;
    std::string out;
    std::string err;
};

/// Takes a row that differs; see CompareOptions::onDifference.
using DifferenceVisit = std::function<void(const DifferingRow& row)>;

/// All calls block; one thread at a time.
class InstanceWorld {
public:
    virtual ~InstanceWorld() = default;
    /// As findInstances().
    virtual Result<std::vector<InstancePlace>> instances(const std::string& word) = 0;
    /// Whether its process runs. Errors: it cannot be told.
    virtual Result<InstanceSeen> seen(const InstancePlace& place) = 0;
    /// box.info of a running instance. Errors: Unavailable, Corrupt.
    virtual Result<BoxInfo> info(const InstancePlace& place) = 0;
    /// As compareInstances() with one look, without rows in the answer: `visit` gets them. Errors: Unavailable, and
    /// what an instance refused.
    virtual Result<std::vector<SpaceComparison>> compare(const InstancePlace& a, const InstancePlace& b,
                                                         const DifferenceVisit& visit) = 0;
    /// Runs `tributary WORDS...` in the environment with `input` on its stdin. Errors: Timeout (it was ended), Io.
    virtual Result<ToolAnswer> tool(const std::vector<std::string>& words, const std::string& input,
                                    Millis timeoutMs) = 0;
};

/// The instance "APP:INSTANCE". Errors: of instances().
[[nodiscard]] Result<InstancePlace> placeOf(InstanceWorld& world, const std::string& title);
/// The same where files need not name it yet: its folders, in the environment of its application.
[[nodiscard]] Result<InstancePlace> futurePlaceOf(InstanceWorld& world, const std::string& title);

}  // namespace tributary::app
