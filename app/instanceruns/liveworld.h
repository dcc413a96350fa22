// Instances of an environment on this machine.
#pragma once

#include <map>
#include <memory>

#include "app/instanceruns/instanceworld.h"
#include "app/instances/instancebox.h"

namespace tributary::app {

class LiveWorld final : public InstanceWorld {
public:
    /// `environment` as findEnvironment() gives it; `program` is tributary's own file. `stopped` as runTool() asks it.
    LiveWorld(std::string environment, std::string program, std::function<bool()> stopped = {})
        : environment_(std::move(environment)), program_(std::move(program)), stopped_(std::move(stopped)) {}

    Result<std::vector<InstancePlace>> instances(const std::string& word) override;
    Result<InstanceSeen> seen(const InstancePlace& place) override;
    Result<BoxInfo> info(const InstancePlace& place) override;
    Result<std::vector<SpaceComparison>> compare(const InstancePlace& a, const InstancePlace& b,
                                                 const DifferenceVisit& visit) override;
    Result<ToolAnswer> tool(const std::vector<std::string>& words, const std::string& input, Millis timeoutMs) override;

private:
    /// An answer over the connection that is kept; a lost one is made anew once.
    Result<Bytes> call(const InstancePlace& place, std::string_view method, BytesView arguments);

    std::string environment_;
    std::string program_;
    std::function<bool()> stopped_;
    std::map<std::string, std::unique_ptr<InstanceBox>> boxes_;  ///< by title
};

}  // namespace tributary::app
