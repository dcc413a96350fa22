// The script.
#include "sweepscript.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "app/daemon/daemon.h"
#include "app/daemon/directory.h"
#include "engine/admin/copytable.h"

#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tableapi.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "processes.h"

namespace tributary::sweep {
namespace {

using engine::Json;
using engine::Method;

namespace fs = std::filesystem;

constexpr int kRows = 2'000;
constexpr int kRowsPerPut = 100;
constexpr Millis kAnswerMs = 10'000;
constexpr int kReapMs = 200;
constexpr std::chrono::seconds kDownMax{30};
constexpr const char* kTopology = R"(tributary: 1
clusters:
  one: {system: maprdb, gateways: [gw-one]}
  two: {system: maprdb, gateways: [gw-two]}
)";

std::string tableOf(const std::string& cluster) {
    return "/mapr/" + cluster + "/rows";
}

std::string keyOf(int number) {
    return fmt::format("row{:06}", number);
}

class Script {
public:
    Script(std::string dir, const Fault& fault) : dir_(std::move(dir)), fault_(fault) {}

    Outcome run() {
        if (!prepare()) return std::move(outcome_);
        firstLife();
        secondLife();
        thirdLife();
        board_->armed = 0;
        judge();
        finish();
        return std::move(outcome_);
    }

private:
    bool prepare();
    void firstLife();
    void secondLife();
    void thirdLife();
    void backup();
    void judge();
    void finish();

    bool up(bool faulty);
    void down();
    Ran verb(std::vector<std::string> words, bool faulty);
    void expectText(const std::string& doing, const Error& error);
    std::unique_ptr<engine::SocketControlClient> client(const std::string& cluster);
    bool create(const std::string& cluster);
    void load(int from, int count);
    void copy();
    Result<std::set<std::string>> keysOf(const std::string& cluster);
    void expectKeys(const std::string& cluster, const std::set<std::string>& wanted);
    [[nodiscard]] pid_t daemon() const;
    [[nodiscard]] std::string logText() const;

    std::string dir_;
    Fault fault_;
    Outcome outcome_;
    Processes processes_;
    FaultBoard* board_ = nullptr;
    std::unique_ptr<app::WorkspaceDirectory> directory_;
    std::set<std::string> created_;
    std::set<std::string> written_;  // keys acknowledged by `one`
    bool copied_ = false;
    std::set<std::string> copiedKeys_;
};

bool Script::prepare() {
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    std::ofstream(dir_ + "/topology.yaml") << kTopology;
    const std::string path = dir_ + ".board";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(FaultBoard)) != 0) {
        outcome_.silent.push_back("the board cannot be made: " + path);
        return false;
    }
    void* page = ::mmap(nullptr, sizeof(FaultBoard), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    board_ = static_cast<FaultBoard*>(page);
    board_->kind = static_cast<std::uint32_t>(fault_.kind);
    board_->nth = fault_.nth;
    board_->onward = fault_.onward ? 1 : 0;
    board_->place = fault_.place;
    board_->caller = fault_.caller;
    board_->record = fault_.record ? 1 : 0;
    board_->armed = 1;
    const auto paths = findWorkspace(dir_);
    auto workspace = paths ? openWorkspace(paths.value()) : Result<Workspace>(paths.error());
    if (!workspace) {
        outcome_.silent.push_back(workspace.error().text());
        return false;
    }
    directory_ = std::make_unique<app::WorkspaceDirectory>(app::WorkspaceEngine(paths.value()),
                                                           workspace.value().topology, app::systemUser());
    return true;
}

Ran Script::verb(std::vector<std::string> words, bool faulty) {
    words.insert(words.begin(), {TRIBUTARY_BINARY_DIR "/bin/tributary", "-w", dir_});
    std::vector<std::string> environment;
    if (faulty) {
        environment = {"LD_PRELOAD=" TRIBUTARY_FAULT_SHIM, std::string(kBoardVariable) + "=" + dir_ + ".board",
                       std::string(kFolderVariable) + "=" + dir_ + "/.tributary"};
    }
    Ran ran = processes_.run(words, environment);
    const std::string name = words.at(3);
    if (ran.code == -1) outcome_.silent.push_back(fmt::format("{}: {}", name, ran.text));
    if (ran.code != 0 && ran.text.size() < 20) {
        outcome_.silent.push_back(fmt::format("{} ended with {} and no reason", name, ran.code));
    }
    if (ran.text.find("before it was ready") != std::string::npos) {
        outcome_.silent.push_back(fmt::format("{}: {}", name, ran.text));
    }
    return ran;
}

bool Script::up(bool faulty) {
    const Ran ran = verb({"up"}, faulty);
    if (ran.code == 0) return true;
    if (!faulty) outcome_.losses.push_back("it does not start again: " + ran.text);
    // Once more, as an operator would; with one refused call it must come up.
    const Ran again = faulty ? verb({"up"}, faulty) : ran;
    if (again.code != 0 && faulty && !fault_.onward)
        outcome_.silent.push_back("the second start failed: " + again.text);
    return again.code == 0;
}

void Script::down() {
    const pid_t pid = daemon();
    // As the verb does, without the start of a program: a third of a run's time otherwise.
    const auto begin = std::chrono::steady_clock::now();
    const auto report = app::down({dir_, {}, {}});
    if (std::chrono::steady_clock::now() - begin > kDownMax) outcome_.silent.emplace_back("no end of down within 30 s");
    if (!report && report.error().what.empty()) outcome_.silent.emplace_back("down failed without a reason");
    (void)processes_.waitFor(pid, kReapMs);
    // Sockets or memory for the request itself, or the file that names the process, may be what is refused.
    processes_.killLeft();
}

pid_t Script::daemon() const {
    const auto ports = app::WorkspaceEngine(WorkspacePaths{dir_}).readPorts("one");
    return ports ? static_cast<pid_t>(ports.value().process.pid) : 0;
}

void Script::expectText(const std::string& doing, const Error& error) {
    if (error.what.empty()) outcome_.silent.push_back(doing + " failed without a reason");
    if (error.code == ErrorCode::Internal) outcome_.crashes.push_back(doing + ": " + error.text());
    if (error.code == ErrorCode::Timeout && !fault_.onward) outcome_.silent.push_back(doing + ": " + error.text());
}

std::unique_ptr<engine::SocketControlClient> Script::client(const std::string& cluster) {
    // A connection that was refused once may be tried once more.
    for (int tries = 0; tries < 2; ++tries) {
        auto made = directory_->connect(cluster);
        if (made) return std::move(made).value();
        expectText("connecting to " + cluster, made.error());
        if (fault_.onward) break;
    }
    return nullptr;
}

bool Script::create(const std::string& cluster) {
    auto made = client(cluster);
    if (made == nullptr) return false;
    const Json body{{"path", tableOf(cluster)}, {"families", {{{"name", "f"}}}}};
    auto answer = made->callJson(engine::maprdb::TableMethod::CreateTable, body, kAnswerMs);
    if (!answer) expectText("creating a table", answer.error());
    if (!answer && !fault_.onward) {
        answer = made->callJson(engine::maprdb::TableMethod::CreateTable, body, kAnswerMs);
        if (!answer && answer.error().code == ErrorCode::AlreadyExists) return true;
    }
    if (answer) created_.insert(cluster);
    return answer.ok();
}

void Script::load(int from, int count) {
    auto made = client("one");
    if (made == nullptr) return;
    const std::string value(100, 'v');
    for (int at = from; at < from + count; at += kRowsPerPut) {
        Bytes mutations;
        engine::maprdb::MutationBuilder builder(mutations);
        for (int i = at; i < at + kRowsPerPut; ++i) builder.put(keyOf(i), {0, "c", value, {}});
        Bytes request;
        appendBlob(request, tableOf("one"));
        appendFixed<std::uint8_t>(request, 0);
        request += engine::maprdb::encodeBody({"f"}, mutations);
        const auto answer = made->call(engine::maprdb::TableMethod::Put, request, kAnswerMs);
        if (!answer) {
            expectText("loading", answer.error());
            const bool lost =
                answer.error().code == ErrorCode::Unavailable || answer.error().code == ErrorCode::Timeout;
            if (lost) made = client("one");
            if (made == nullptr) return;
            continue;
        }
        for (int i = at; i < at + kRowsPerPut; ++i) written_.insert(keyOf(i));
    }
}

void Script::copy() {
    const auto now = [] {
        using namespace std::chrono;
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    };
    directory_->forget();
    engine::maprdb::ClusterCalls calls(*directory_, now, kAnswerMs);
    engine::maprdb::CopyRequest request;
    request.src = tableOf("one");
    request.dst = tableOf("two");
    request.bulkload = false;
    const std::set<std::string> before = written_;
    const auto done = engine::maprdb::copyTable(calls, request);
    directory_->forget();
    if (!done) {
        expectText("copying", done.error());
        return;
    }
    copied_ = true;
    copiedKeys_ = before;
}

void Script::firstLife() {
    board_->life = 1;
    if (!up(true)) return;
    const bool one = create("one");
    (void)create("two");
    if (one) load(0, kRows);
    if (one) copy();
    down();
}

void Script::secondLife() {
    board_->life = 2;
    if (!up(true)) return;
    if (created_.count("one") != 0) load(kRows, 2 * kRowsPerPut);
    processes_.killLeft();
}

void Script::thirdLife() {
    board_->life = 3;
    if (!up(true)) return;
    for (const std::string& cluster : created_) {
        const auto keys = keysOf(cluster);
        if (!keys) expectText("reading", keys.error());
    }
    if (!created_.empty()) load(kRows + 2 * kRowsPerPut, kRowsPerPut);
    down();
    backup();
}

/// The archive lies where the shim counts. What says that it is whole must be: it is restored without faults.
void Script::backup() {
    board_->life = 4;
    const std::string archive = dir_ + "/.tributary-archive";
    const bool faulty = fault_.kind != Kind::New;  // the places of a whole verb more; what is refused there is its own
    const std::uint64_t refusedBefore = board_->refused;
    const Ran saved = verb({"backup", archive}, faulty);
    const bool refused = board_->refused != refusedBefore;
    if (saved.code != 0 && !refused) outcome_.silent.push_back("backup: " + saved.text);
    if (saved.code != 0 && fs::exists(archive)) {
        outcome_.silent.push_back("backup failed and left a file that looks like one: " + saved.text);
    }
    if (saved.code == 0 && refused) {
        const Ran restored = verb({"restore", archive, dir_ + ".again"}, false);
        if (restored.code != 0) outcome_.losses.push_back("the backup cannot be restored: " + restored.text);
        fs::remove_all(dir_ + ".again");
    }
    fs::remove(archive);
}

Result<std::set<std::string>> Script::keysOf(const std::string& cluster) {
    auto made = client(cluster);
    if (made == nullptr) return Error{ErrorCode::Unavailable, "no connection", {}, {}};
    std::set<std::string> keys;
    std::string from;
    while (true) {
        const Json body{{"path", tableOf(cluster)}, {"from", from}, {"limit", 1'000}};
        const auto answer = made->callJson(engine::maprdb::TableMethod::Scan, body, kAnswerMs);
        if (!answer) return answer.error();
        for (const Json& row : answer.value()["rows"]) keys.insert(row["key"].get<std::string>());
        if (answer.value()["next"].is_null()) return keys;
        from = answer.value()["next"].get<std::string>();
    }
}

void Script::expectKeys(const std::string& cluster, const std::set<std::string>& wanted) {
    const auto keys = keysOf(cluster);
    if (!keys) {
        outcome_.losses.push_back(fmt::format("{} cannot be read: {}", tableOf(cluster), keys.error().text()));
        return;
    }
    std::size_t missing = 0;
    for (const std::string& key : wanted) missing += keys.value().count(key) == 0 ? 1 : 0;
    if (missing > 0) {
        outcome_.losses.push_back(
            fmt::format("{} of {} acknowledged rows are not in {}", missing, wanted.size(), tableOf(cluster)));
    }
}

void Script::judge() {
    processes_.killLeft();
    if (!up(false)) return;
    for (const std::string& cluster : created_)
        expectKeys(cluster, cluster == "one" ? written_ : std::set<std::string>{});
    if (copied_) expectKeys("two", copiedKeys_);
    down();
}

std::string Script::logText() const {
    std::ostringstream text;
    text << std::ifstream(dir_ + "/.tributary/daemon.log").rdbuf();
    return text.str();
}

void Script::finish() {
    for (std::string& crash : processes_.crashes()) outcome_.crashes.push_back(std::move(crash));
    const std::string log = logText();
    for (const char* word : {"mistake of the program", "Assertion", "terminate called", "Sanitizer", "Qt has caught"}) {
        const std::size_t at = log.find(word);
        if (at == std::string::npos) continue;
        outcome_.crashes.push_back("daemon.log: " + log.substr(at, log.find('\n', at) - at));
    }
    for (std::size_t i = 0; i < kKinds; ++i) outcome_.calls[i] = board_->calls[i];
    outcome_.refused = board_->refused;
    for (const Place& place : board_->places) {
        if (place.hash != 0) outcome_.places.push_back({place.hash, place.caller, place.calls});
    }
    ::munmap(board_, sizeof(FaultBoard));
    if (!outcome_.good()) return;
    fs::remove(dir_ + ".board");
    fs::remove_all(dir_);
}

}  // namespace

std::string Fault::text() const {
    if (nth == 0) return "no fault";
    const std::string at = place == 0 ? "" : fmt::format(" of place {:x}/{:x}", place, caller);
    return fmt::format("{} {}{}{}", kKindNames[static_cast<std::size_t>(kind)], nth, at,
                       onward ? " and all later" : "");
}

Outcome runScript(const std::string& dir, const Fault& fault) {
    return Script(dir, fault).run();
}

}  // namespace tributary::sweep
