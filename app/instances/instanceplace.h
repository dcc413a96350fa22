// An environment of tt: which instances there are, and where the files of each lie.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace tributary::app {

/// One instance of an application.
struct InstancePlace {
    std::string app;
    std::string name;
    std::string folder;  ///< of the application

    [[nodiscard]] std::string title() const { return app + ":" + name; }
    [[nodiscard]] std::string libFolder() const { return folder + "/var/lib/" + name; }
    [[nodiscard]] std::string logFolder() const { return folder + "/var/log/" + name; }
    [[nodiscard]] std::string runFolder() const { return folder + "/var/run/" + name; }
    [[nodiscard]] std::string volume() const { return libFolder(); }
    /// Where earlier versions kept it.
    [[nodiscard]] std::string earlierVolume() const { return libFolder() + "/volume"; }
    [[nodiscard]] std::string lockFile() const { return volume() + "/lock"; }
    [[nodiscard]] std::string logFile() const { return logFolder() + "/tt.log"; }
    [[nodiscard]] std::string pidFile() const { return runFolder() + "/tt.pid"; }
    [[nodiscard]] std::string keyFile() const { return runFolder() + "/control.key"; }
    /// Which Tarantool it is like, when that is not the usual one.
    [[nodiscard]] std::string eraFile() const { return libFolder() + "/era"; }
    [[nodiscard]] std::string configFile() const { return folder + "/config.yaml"; }
    /// As long as the system takes it; else elsewhere.
    [[nodiscard]] std::string controlSocket() const;
};

/// The folder that holds `tt.yaml` or `instances.enabled`, from `start` upwards. Errors: NotFound.
[[nodiscard]] Result<std::string> findEnvironment(const std::string& start);

/// The instances of "APP" or "APP:INSTANCE", or of all applications for an empty word; by application, then as
/// instances.yml orders them. Errors: NotFound (naming what there is), InvalidInput at file:line:column, Io.
[[nodiscard]] Result<std::vector<InstancePlace>> findInstances(const std::string& environment, const std::string& word);

/// The applications of an environment, by name.
[[nodiscard]] std::vector<std::string> findApplications(const std::string& environment);

}  // namespace tributary::app
