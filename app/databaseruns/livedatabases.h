// Clusters of VoltDB on this machine.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "app/databaseruns/databaseworld.h"
#include "app/databases/databasedoor.h"

namespace tributary::app {

class LiveDatabases final : public DatabaseWorld {
public:
    /// `environment` as findDatabases() gives it; `program` is tributary's own file. `stopped` as runTool() asks it.
    LiveDatabases(std::string environment, std::string program, std::function<bool()> stopped = {})
        : environment_(std::move(environment)), program_(std::move(program)), stopped_(std::move(stopped)) {}

    Result<std::vector<HostPlace>> hosts(const std::string& word) override;
    Result<std::vector<HostPlace>> meant(const std::string& word) override;
    std::string folder(const std::string& dir) override;
    Result<HostSeen> seen(const HostPlace& place) override;
    Result<HostSetup> setup(const HostPlace& place) override;
    Result<ResultTables> ask(const std::vector<HostPlace>& places, const std::string& procedure,
                             const std::vector<std::string>& arguments) override;
    Status stop(const HostPlace& place, bool isForced) override;
    Result<ToolAnswer> tool(const std::vector<std::string>& words, Millis timeoutMs) override;
    bool pass(Millis ms) override;
    Millis steadyMs() override;

private:
    std::string environment_;
    std::string program_;
    std::function<bool()> stopped_;
    std::map<std::string, std::unique_ptr<DatabaseDoor>> doors_;  ///< by title
};

}  // namespace tributary::app
