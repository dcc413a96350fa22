// deployment.xml, voltdbroot, addresses.
#include "app/databases/hostsetup.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <filesystem>

#include "app/daemon/memberprocess.h"
#include "core/base/hostport.h"
#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/systems/voltdb/deploymentsettings.h"
#include "core/systems/voltdb/vocabulary.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlainDeployment =
    "<?xml version=\"1.0\"?>\n<deployment>\n    <cluster hostcount=\"1\"/>\n"
    "</deployment>\n";

Status removeRoot(const HostPlace& place) {
    std::error_code problem;
    fs::remove_all(place.root(), problem);
    if (problem) return Error{ErrorCode::Io, problem.message(), place.root(), {}};
    return okStatus();
}

Status requireStopped(const HostPlace& place) {
    const auto holder = livingHolder(place.lockFile());
    if (!holder) return holder.error();
    if (!holder.value()) return okStatus();
    return Error{ErrorCode::Conflict, fmt::format("host {} runs as process {}", place.title(), *holder.value()),
                 place.root(), "tributary voltadmin shutdown --host=" + place.name};
}

}  // namespace

Result<HostSetup> readHost(const HostPlace& place) {
    const std::string file = place.deploymentFile();
    const auto text = readTextFile(file);
    if (!text && text.error().code == ErrorCode::NotFound) {
        return Error{ErrorCode::NotFound, fmt::format("{} holds no root folder", place.dir), file,
                     "tributary voltdb init --config=FILE --dir=" + place.dir};
    }
    if (!text) return text.error();
    const auto root = voltdb::parseXml(*text, file);
    if (!root) return root.error();
    auto values = voltdb::readValues(*root, file);
    if (!values) return values.error();
    HostSetup out;
    out.cluster = std::move(values->cluster);
    out.cluster.name = place.cluster;
    out.sources = std::move(values->sources);
    out.takesPart = root->child("dr") != nullptr;
    if (out.cluster.kfactor.value_or(0) > 0) {
        return Error{ErrorCode::Unsupported, "K-safety needs several hosts, and clusters have one host in this version",
                     file, "kfactor=\"0\""};
    }
    return out;
}

Result<HostPlace> initHost(const HostInit& asked) {
    const HostPlace place = hostAt(asked.dir);
    std::string deployment = kPlainDeployment;
    if (!asked.deployment.empty()) {
        auto text = readTextFile(asked.deployment);
        if (!text) return text.error();
        deployment = std::move(*text);
    }
    const auto root = voltdb::parseXml(deployment, asked.deployment);
    if (!root) return root.error();
    if (const auto values = voltdb::readValues(*root, asked.deployment); !values) return values.error();
    std::string schema;
    if (!asked.schema.empty()) {
        auto text = readTextFile(asked.schema);
        if (!text) return text.error();
        schema = std::move(*text);
    }
    engine::RealFileOps files;
    if (files.exists(place.root())) {
        if (!asked.force) {
            return Error{ErrorCode::AlreadyExists, "a root folder is there already, perhaps with data", place.root(),
                         "--force deletes it, and begins from scratch"};
        }
        if (Status stopped = requireStopped(place); !stopped) return stopped.error();
        if (Status removed = removeRoot(place); !removed) return removed.error();
    }
    if (Status made = files.makeDirs(place.dir); !made) return made.error();
    for (const char* folder : {"", "/config", "/log"}) {
        if (Status made = makePrivateFolders(place.root() + folder); !made) return made.error();
    }
    if (!schema.empty()) {
        if (Status saved = saveFileAtomically(place.pendingSchema(), schema, NewFile::Private); !saved) {
            return saved.error();
        }
    }
    // The last one: a root folder with it is whole.
    const Status saved = saveFileAtomically(place.deploymentFile(), deployment, NewFile::Private);
    if (!saved) return saved.error();
    return place;
}

std::optional<std::string> toldAddress(const HostPlace& place) {
    const auto holder = livingHolder(place.lockFile());
    if (!holder || !*holder) return std::nullopt;
    const auto told = readTextFile(place.replicationFile());
    return told ? std::optional(std::string(trim(*told))) : std::nullopt;
}

std::string replicationAddress(const HostPlace& place, std::int64_t port) {
    if (auto told = toldAddress(place)) return std::move(*told);
    return derivedAddress(place, port);
}

std::string derivedAddress(const HostPlace& place, std::int64_t port) {
    const std::uint64_t digest = XXH3_64bits(place.dir.data(), place.dir.size());
    // 127.1.0.1 to 127.254.255.254: nobody else listens there.
    return fmt::format("127.{}.{}.{}:{}", 1 + digest % 254, (digest >> 16U) % 256, 1 + (digest >> 32U) % 254, port);
}

std::string addressOfSource(const std::string& environment, const std::string& source) {
    const std::size_t colon = source.rfind(':');
    const std::string name = source.substr(0, colon);
    const std::string port = colon == std::string::npos ? std::string() : source.substr(colon + 1);
    const bool isAddress =
        !name.empty() && (name == "localhost" || name.find_first_not_of("0123456789.") == std::string::npos);
    if (isAddress) return port.empty() ? fmt::format("{}:{}", name, voltdb::kDefaultPort) : source;
    const auto addressAt = [](const std::string& dir) {
        const HostPlace place = hostAt(dir);
        const auto setup = readHost(place);
        return replicationAddress(place,
                                  setup ? setup->cluster.port.value_or(voltdb::kDefaultPort) : voltdb::kDefaultPort);
    };
    std::error_code ignored;
    std::string future;  // of a host that is not made yet: lima1 of lima
    for (const auto& cluster : fs::directory_iterator(environment + "/voltdb", ignored)) {
        const std::string dir = cluster.path().string() + "/" + name;
        if (fs::is_directory(dir, ignored)) return addressAt(dir);
        const std::string family = cluster.path().filename().string();
        const bool isNumbered = name.starts_with(family) && name.size() > family.size() &&
                                name.find_first_not_of("0123456789", family.size()) == std::string::npos;
        if (isNumbered) future = dir;
    }
    return future.empty() ? std::string() : addressAt(future);
}

}  // namespace tributary::app
