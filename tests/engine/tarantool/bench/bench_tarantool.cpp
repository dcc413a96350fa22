// An instance in a process of its own, for rates.sh: bench_tarantool FOLDER NAME LISTEN PEER,PEER [write]
#include <fmt/format.h>
#include <unistd.h>

#include <QCoreApplication>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "app/scripts/scriptrunner.h"
#include "core/base/text.h"
#include "engine/host/enginehost.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/systems/tarantool/instance/instancecontrol.h"
#include "engine/systems/tarantool/instance/instancekind.h"

namespace tributary {
namespace {

namespace tt = engine::tarantool;

constexpr std::uint64_t kMemoryBytes = 2ULL << 30U;
constexpr Millis kScriptMs = 60'000;
constexpr const char* kKey = "key of a bench";
/// base64 of sha1(sha1("secret"))
constexpr const char* kProof = "FOZVZ6vbUTXQz9mnCzAywXmknuc=";

[[noreturn]] void giveUp(const Error& error) {
    std::fprintf(stderr, "%s\n", error.full().c_str());
    std::exit(1);
}

std::shared_ptr<tt::InstanceSettings> settingsOf(const std::string& name, const std::string& listen,
                                                 const std::string& peers) {
    auto settings = std::make_shared<tt::InstanceSettings>();
    settings->name = name;
    settings->replicaset = "replicaset";
    settings->uuid = tt::uuidFromName(name);
    settings->replicasetUuid = tt::uuidFromName(settings->replicaset);
    settings->memoryBytes = kMemoryBytes;
    settings->options.listen = listen;
    settings->options.peerPassword = "secret";
    settings->options.users = {{"replicator", kProof, {"replication"}}, {"bench", kProof, {"super"}}};
    for (const std::string& peer : split(peers, ',')) {
        settings->options.peers.push_back("replicator@" + peer);
    }
    return settings;
}

int serve(int argc, char** argv) {
    auto process = app::ScriptProcess::make({kScriptMs, {}, {}});
    if (!process) giveUp(process.error());
    const auto scripts = std::make_shared<app::ScriptRunner>(std::move(process).value());
    QCoreApplication application(argc, argv);
    const std::string folder = argv[1];
    engine::NodeConfig config;
    config.cluster = argv[2];
    const auto settings = settingsOf(config.cluster, argv[3], argv[4]);
    settings->scripts = scripts;
    config.kinds = tt::onlyInstance(settings);
    config.volumeDir = folder + "/" + config.cluster;
    config.pid = ::getpid();
    config.key = kKey;
    if (argc > 5 && std::string_view(argv[5]) == "write") config.durability = engine::Durability::Write;
    engine::Endpoint socket;
    socket.localPath = config.volumeDir + ".control";
    config.control = {socket};
    engine::EngineHost::Options options;
    options.memoryBytes = kMemoryBytes;
    options.onTrouble = [](const std::string&, const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
    engine::EngineHost host(std::move(options));
    engine::SocketControlClient::Options dial;
    dial.endpoint = socket;
    dial.cluster = config.cluster;
    dial.key = config.key;
    dial.user = "bench";
    if (Status started = host.start(std::move(config)); !started) giveUp(started.error());
    auto client = engine::SocketControlClient::connect(dial);
    if (!client) giveUp(client.error());
    const auto begun = client.value()->call(tt::BoxMethod::Begin, "{}", 60'000);
    if (!begun) giveUp(begun.error());
    std::printf("ready\n");
    std::fflush(stdout);
    (void)std::signal(SIGTERM, [](int) { QCoreApplication::quit(); });
    const int code = QCoreApplication::exec();
    scripts->stop();
    (void)host.stopAll();
    return code;
}

}  // namespace
}  // namespace tributary

int main(int argc, char** argv) {
    if (argc < 5) {
        std::fprintf(stderr, "bench_tarantool FOLDER NAME LISTEN PEER,PEER [write]\n");
        return 2;
    }
    return tributary::serve(argc, argv);
}
