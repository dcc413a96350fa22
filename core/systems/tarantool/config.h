// A drawn replica set as the two files that tt reads, instances.enabled/APP/{instances.yml,config.yaml}, and back.
//
// Decision: the files are derived from the drawing, never kept in step with it. A file that people edit and a program
// patches has two owners; who wants options that a drawing has no word for keeps the file and imports it to look at.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary::tarantool {

/// The files of one application.
struct ConfigFiles {
    std::string app;        ///< the folder in instances.enabled
    std::string instances;  ///< text of instances.yml
    std::string config;     ///< text of config.yaml
    /// Users whose password was not given: config.yaml takes it from the environment, from this variable.
    std::map<std::string, std::string> passwordFrom;
};

/// The files of every application that the drawing's replica sets name, sorted by name. `passwords` holds those that
/// shall stand in the files, by user; `passwordFiles` names the files that config.yaml takes others from, as seen from
/// the application's folder. Errors: NotFound when no replica set is drawn; InvalidInput naming the cluster
/// for one without instances.
[[nodiscard]] Result<std::vector<ConfigFiles>> deriveConfig(
    const Topology& topology, const std::map<std::string, std::string>& passwords,
    const std::map<std::string, std::string>& passwordFiles = {});

/// Something that the files say and the drawing does not.
struct ConfigNote {
    int line = 0;  ///< of config.yaml; 0: of neither file's lines
    std::string text;
};

struct DrawnConfig {
    Topology topology;
    std::vector<ConfigNote> notes;   ///< what was left out on purpose: passwords
    std::vector<ConfigNote> unread;  ///< options that a drawing has no word for
};

/// Draws what two files say. `file` names config.yaml in errors; without an instances.yml its text is empty. Strings
/// are read as Tarantool reads them: `off` is a word. Errors: InvalidInput at file:line:column.
[[nodiscard]] Result<DrawnConfig> drawConfig(std::string_view app, std::string_view config, std::string_view file,
                                             std::string_view instances);

/// What config.yaml tells an instance and no drawing holds.
struct InstanceWords {
    std::map<std::string, std::string> passwords;  ///< by user; without those that have none
    std::optional<std::uint64_t> memtxMemory;      ///< memtx.memory, in bytes
    // Of replication.*, in seconds as they stand there.
    std::optional<double> timeoutS;
    std::optional<double> connectTimeoutS;
    std::optional<double> syncLagS;
    std::optional<bool> skipConflict;
    std::string replicasetUuid;      ///< database.replicaset_uuid; empty = made of the name
    bool hasPeers = false;           ///< replication.peers stands there; else peers are all who listen
    std::vector<std::string> peers;  ///< replication.peers as it stands there, passwords among it
};

/// Where values of config.context come from.
struct ContextSources {
    std::function<std::optional<std::string>(const std::string& variable)> environment;
    std::function<Result<std::string>(const std::string& path)> file;
};

/// Of the instance called `instance`, by its scopes. `{{ context.NAME }}` in a password stands for the value that
/// config.context.NAME takes from the environment or a file. Errors: NotFound when no such instance is there;
/// InvalidInput at file:line:column: a name that config.context lacks, a variable that is not set; those of `file`.
[[nodiscard]] Result<InstanceWords> instanceWords(std::string_view config, std::string_view file,
                                                  std::string_view instance, const ContextSources& sources);

}  // namespace tributary::tarantool
