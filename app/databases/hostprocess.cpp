// A host's whole life, and who lives.
#include "app/databases/hostprocess.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>

#include "app/daemon/daemonlog.h"
#include "app/daemon/detached.h"
#include "app/daemon/doorkey.h"
#include "app/daemon/memberlife.h"
#include "app/daemon/memberprocess.h"
#include "app/daemon/socketfolder.h"
#include "app/daemon/workspaceengine.h"
#include "app/databases/databasedoor.h"
#include "app/databases/databaselook.h"
#include "app/databases/hostreplication.h"
#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/systems/voltdb/vocabulary.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfile.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/voltdb/voltdbkinds.h"
#include "runbooks/dialects/sqlcmd/statements.h"

namespace tributary::app {
namespace {

namespace volt = engine::voltdb;

volt::DrRole roleOf(const HostSetup& setup) {
    if (!setup.takesPart) return volt::DrRole::None;
    const std::string role = voltdb::roleOf(setup.cluster);
    return role == "replica" ? volt::DrRole::Replica
           : role == "xdcr"  ? volt::DrRole::Xdcr
           : role == "none"  ? volt::DrRole::None
                             : volt::DrRole::Master;
}

std::shared_ptr<volt::VoltSettings> settingsOf(const HostPlace& place, const HostSetup& setup, const HostStart& how) {
    auto settings = std::make_shared<volt::VoltSettings>();
    settings->clusterId = static_cast<int>(setup.cluster.id.value_or(0));
    settings->role = roleOf(setup);
    settings->sitesPerHost = static_cast<int>(setup.cluster.sitesPerHost.value_or(voltdb::kDefaultSites));
    settings->hostName = place.name;
    settings->startsPaused = how.paused;
    settings->commandLog = voltdb::commandLogOf(setup.cluster);
    return settings;
}

engine::NodeConfig nodeConfig(const HostPlace& place, std::shared_ptr<volt::VoltSettings> settings) {
    engine::NodeConfig config;
    config.cluster = place.cluster;
    volt::tellHost(config, std::move(settings));
    config.volumeDir = place.volume();
    config.identityFile = place.root() + "/identity.json";
    return config;
}

/// Whether the database has every table that a schema makes, and at least one.
Result<bool> hasTablesOf(const std::vector<runbooks::SqlStatement>& schema, DatabaseDoor& door) {
    const auto told = door.ask("@SystemCatalog", {"TABLES"});
    if (!told) return told.error();
    const NamedRows rows = told->empty() ? NamedRows() : NamedRows(told->front());
    std::set<std::string> there;
    for (std::size_t row = 0; row < rows.size(); ++row) there.insert(toLower(rows.at(row, "TABLE_NAME")));
    bool isAny = false;
    for (const runbooks::SqlStatement& each : schema) {
        const std::vector<std::string> words = split(toLower(each.text), ' ');
        if (words.size() < 3 || words[0] != "create" || words[1] != "table") continue;
        isAny = true;
        if (!there.contains(words[2].substr(0, words[2].find('(')))) return false;
    }
    return isAny;
}

/// The DDL that `voltdb init --schema` was given, once: all of it or nothing, so that a start that was broken off, or a
/// schema that was mended, begins from scratch.
Status runPendingSchema(const HostPlace& place, DatabaseDoor& door) {
    const auto text = readTextFile(place.pendingSchema());
    if (!text) return text.error().code == ErrorCode::NotFound ? okStatus() : Status(text.error());
    engine::RealFileOps files;
    const auto statements = runbooks::splitStatements(*text);
    if (!statements && runbooks::isWholeText(*text)) return files.remove(place.pendingSchema());  // comments alone
    if (!statements) return statements.error();
    std::string all;
    for (const runbooks::SqlStatement& each : *statements) all += each.text + ";\n";
    const auto ran = door.ask("@AdHoc", {all});
    if (!ran) {
        // A process that was killed between the two may have run it without taking the file away.
        const auto has = hasTablesOf(*statements, door);
        if (!has || !*has) {
            return Error{ran.error().code, "its schema cannot be run: " + ran.error().what, place.pendingSchema(),
                         "mend the schema and start again: nothing of it was run"};
        }
        daemonLog("its schema had been run in an earlier life");
    }
    return files.remove(place.pendingSchema());
}

Result<int> serveHost(const HostPlace& place, const HostSetup& setup, const HostStart& how, StartWaiter& waiter) {
    MemberLife life;
    life.self = "host " + place.title();
    life.logFile = place.logFile();
    life.keyFile = place.keyFile();
    life.pidFile = place.pidFile();
    life.controlSocket = place.controlSocket();
    life.configure = [&]() -> Result<engine::NodeConfig> {
        auto settings = settingsOf(place, setup, how);
        if (Status given = giveReplication(*settings, place, setup, how); !given) return given.error();
        return nodeConfig(place, std::move(settings));
    };
    life.begin = [&]() -> Status {
        auto door = DatabaseDoor::connect(place);
        if (!door) return door.error();
        if (Status begun = door.value()->begin(); !begun) return begun;
        if (roleOf(setup) != volt::DrRole::None) {
            const std::string own = doorOf(place, setup, how) + "\n";
            if (Status told = saveFileAtomically(place.replicationFile(), own, NewFile::Private); !told) return told;
        }
        return runPendingSchema(place, *door.value());
    };
    life.end = [&] {
        engine::RealFileOps files;
        (void)files.remove(place.replicationFile());
    };
    return serveMember(life, waiter);
}

Status makeReady(const HostPlace& place) {
    const bool isOutside = !place.controlSocket().starts_with(place.root());
    if (isOutside) {
        if (Status made = makePrivateFolder(socketFolder()); !made) return made;
    }
    return makePrivateFolders(place.root() + "/log");
}

/// Whether it has a root folder. What this user may not look into may hold one that runs.
Result<bool> isMade(const HostPlace& place) {
    struct stat found {};
    if (::stat(place.deploymentFile().c_str(), &found) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    Error error = engine::fileError("look whether the host runs", errno, place.deploymentFile());
    if (error.code == ErrorCode::PermissionDenied) error.fix = "run it as the owner of the workspace: ls -ld";
    return error;
}

MemberTitle titleOf(const HostPlace& place) {
    return {place.title(), "host", place.logFile(), "kill -9 $(cat " + place.pidFile() + ")"};
}

}  // namespace

Result<HostSeen> lookAtHost(const HostPlace& place) {
    const auto made = isMade(place);
    if (!made) return made.error();
    if (!*made) return HostSeen{};
    const auto holder = livingHolder(place.lockFile());
    if (!holder) return holder.error();
    if (holder.value()) return HostSeen{HostLife::Running, *holder.value()};
    const auto written = pidIn(place.pidFile());
    if (!written) return HostSeen{HostLife::NotRunning, 0};
    return HostSeen{HostLife::Dead, *written};
}

Status startHost(const HostPlace& place, const HostSetup& setup, const HostStart& how) {
    if (Status ready = makeReady(place); !ready) return ready;
    return startDetached("the host", place.logFile(),
                         [&](StartWaiter& waiter) { return serveHost(place, setup, how, waiter); });
}

int runHostHere(const HostPlace& place, const HostSetup& setup, const HostStart& how) {
    if (Status ready = makeReady(place); !ready) return 70;
    return liveHere([&](StartWaiter& waiter) { return serveHost(place, setup, how, waiter); });
}

Result<std::int64_t> stopHost(const HostPlace& place, std::int64_t pid) {
    return endMember(titleOf(place), pid, SIGINT);
}

Result<std::int64_t> killHost(const HostPlace& place, std::int64_t pid) {
    return endMember(titleOf(place), pid, SIGKILL);
}

}  // namespace tributary::app
