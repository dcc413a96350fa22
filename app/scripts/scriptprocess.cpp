// The helper, the scripts' processes, and what they say to each other.
#include "app/scripts/scriptprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "app/observe/clocks.h"
#include "app/scripts/pipemessages.h"
#include "app/scripts/restrictedprocess.h"
#include "engine/systems/tarantool/script/sandbox.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr std::size_t kScriptMessageMax = 128U << 20U;
constexpr std::uint32_t kProcLua = 32;
constexpr std::string_view kBegun = "begun";  ///< said of each script: what dies before has run nothing of it

/// What the helper says of a process that it has made.
struct MadeProcess {
    pid_t pid = -1;
    int in = -1;   ///< descriptor of the helper, to be read
    int out = -1;  ///< and to be written
};

/// Messages are blobs behind a length: a word, and what belongs to it.
bool say(int fd, std::string_view word, BytesView first, BytesView second = {}) {
    Bytes message;
    appendBlob(message, word);
    appendBlob(message, first);
    appendBlob(message, second);
    return writeMessage(fd, message);
}

struct Said {
    Bytes bytes;
    BytesView word;
    BytesView first;
    BytesView second;
};

std::unique_ptr<Said> hear(int fd) {
    auto message = readMessage(fd, kScriptMessageMax);
    if (!message) return nullptr;
    auto said = std::make_unique<Said>();
    said->bytes = std::move(*message);
    ByteReader reader(said->bytes);
    said->word = reader.blob();
    said->first = reader.blob();
    said->second = reader.blob();
    return reader.ok() && reader.atEnd() ? std::move(said) : nullptr;
}

bool sayAnswer(int fd, const tt::BoxAnswer& answer) {
    if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) {
        return say(fd, "no", std::to_string(failure->code), failure->message);
    }
    return say(fd, "ok", std::get<Bytes>(answer));
}

std::optional<tt::BoxAnswer> answerIn(const Said& said) {
    if (said.word == "ok") return tt::BoxAnswer(Bytes(said.first));
    if (said.word != "no") return std::nullopt;
    const auto code = static_cast<std::uint32_t>(std::strtoul(Bytes(said.first).c_str(), nullptr, 10));
    return tt::BoxAnswer(tt::BoxFailure{code, std::string(said.second), {}});
}

/// In the scripts' process: what `box` asks goes to the owner.
class OwnersBox final : public tt::BoxBackend {
public:
    OwnersBox(int in, int out) : in_(in), out_(out) {}
    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        if (!say(out_, "call", method, arguments)) ::_exit(1);
        const auto said = hear(in_);
        auto answer = said == nullptr ? std::nullopt : answerIn(*said);
        if (!answer) ::_exit(1);
        return std::move(*answer);
    }
    std::optional<tt::BoxFailure> callMany(BytesView calls) {
        if (!say(out_, "many", calls)) ::_exit(1);
        const auto said = hear(in_);
        auto answer = said == nullptr ? std::nullopt : answerIn(*said);
        if (!answer) ::_exit(1);
        const auto* failure = std::get_if<tt::BoxFailure>(&*answer);
        return failure == nullptr ? std::nullopt : std::optional(*failure);
    }

private:
    int in_;
    int out_;
};

[[noreturn]] void runScripts(int in, int out, Millis deadlineMs) {
    OwnersBox box(in, out);
    Micros lateAt = 0;
    tt::Sandbox::Options options;
    options.isLate = [&lateAt] { return steadyNowUs() >= lateAt; };
    options.callMany = [&box](BytesView calls) { return box.callMany(calls); };
    auto sandbox = tt::Sandbox::make(box, options);
    if (!sandbox) ::_exit(1);
    if (!restrictProcess(in, out)) ::_exit(kCannotRestrict);
    while (true) {
        const auto said = hear(in);
        if (said == nullptr) ::_exit(0);
        if (!say(out, kBegun, {})) ::_exit(0);
        lateAt = steadyNowUs() + deadlineMs * 1'000;
        const tt::BoxAnswer answer = sandbox.value()->run(said->word == "run-call", said->first, said->second);
        if (!say(out, "done", {}) || !sayAnswer(out, answer)) ::_exit(0);
    }
}

/// The helper: a process for scripts whenever one is asked for; whoever has ended is buried.
[[noreturn]] void help(int orders, int words, Millis deadlineMs) {
    // Others wait for the end of what the owner has open.
    (void)closeAllBut(STDERR_FILENO + 1, orders, words);
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)::signal(SIGINT, SIG_IGN);
    (void)::signal(SIGCHLD, SIG_IGN);
    char order = 0;
    while (readPipe(orders, &order, 1)) {
        std::array<int, 2> down{-1, -1};
        std::array<int, 2> up{-1, -1};
        MadeProcess made;
        if (::pipe2(down.data(), O_CLOEXEC) == 0 && ::pipe2(up.data(), O_CLOEXEC) == 0) {
            made.pid = ::fork();
            if (made.pid == 0) runScripts(down[0], up[1], deadlineMs);
            made.in = up[0];
            made.out = down[1];
        }
        ::close(down[0]);
        ::close(up[1]);
        (void)writePipe(words, BytesView(reinterpret_cast<const char*>(&made), sizeof(made)));
        // Until the owner has opened its ends.
        if (!readPipe(orders, &order, 1)) break;
        ::close(down[1]);
        ::close(up[0]);
    }
    ::_exit(0);
}

std::string inOneLine(const Error& error) {
    return error.fix.empty() ? error.text() : fmt::format("{}; try: {}", error.text(), error.fix);
}

tt::BoxFailure luaFailure(std::string text) {
    return {kProcLua, std::move(text), {}};
}

/// False when nothing came until then.
bool comesUntil(int fd, Micros untilUs) {
    pollfd watched{fd, POLLIN, 0};
    while (true) {
        const Millis leftMs = (untilUs - steadyNowUs() + 999) / 1'000;
        if (leftMs <= 0) return false;
        const int ready = ::poll(&watched, 1, static_cast<int>(leftMs));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

}  // namespace

Result<std::unique_ptr<ScriptProcess>> ScriptProcess::make(Options options) {
    (void)::signal(SIGPIPE, SIG_IGN);
    std::array<int, 2> orders{-1, -1};
    std::array<int, 2> words{-1, -1};
    if (::pipe2(orders.data(), O_CLOEXEC) != 0 || ::pipe2(words.data(), O_CLOEXEC) != 0) {
        ::close(orders[0]);
        ::close(orders[1]);
        return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    }
    const pid_t helper = ::fork();
    if (helper == 0) {
        ::close(orders[1]);
        ::close(words[0]);
        help(orders[0], words[1], options.deadlineMs);
    }
    ::close(orders[0]);
    ::close(words[1]);
    std::unique_ptr<ScriptProcess> made(new ScriptProcess(helper, orders[1], words[0], std::move(options)));
    if (helper > 0) return made;
    return Error{ErrorCode::Io, fmt::format("no process could be made: {}", std::strerror(errno)), {}, {}};
}

ScriptProcess::~ScriptProcess() {
    end();
    ::close(orders_);
    ::close(words_);
    while (helper_ > 0 && ::waitpid(helper_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Status ScriptProcess::start() {
    if (pid_ > 0) return okStatus();
    MadeProcess made;
    const bool isHelped = writePipe(orders_, "s") && readPipe(words_, reinterpret_cast<char*>(&made), sizeof(made));
    if (!isHelped) return helperGone();
    if (made.pid <= 0) return Error{ErrorCode::Io, "no process for scripts could be made", {}, {}};
    // Sockets that hand descriptors over belong to engine/net: the helper's own are opened by their names instead.
    in_ = ::open(fmt::format("/proc/{}/fd/{}", helper_, made.in).c_str(), O_RDONLY | O_CLOEXEC);
    out_ = ::open(fmt::format("/proc/{}/fd/{}", helper_, made.out).c_str(), O_WRONLY | O_CLOEXEC);
    (void)writePipe(orders_, "o");
    pid_ = made.pid;
    if (in_ >= 0 && out_ >= 0) return okStatus();
    end();
    return Error{ErrorCode::Io, "the process for scripts cannot be spoken to", {}, {}};
}

Error ScriptProcess::helperGone() {
    const Error gone{ErrorCode::Io,
                     "the helper that makes processes for scripts is gone: no script runs any more",
                     {},
                     options_.restartFix};
    if (!isLossTold_ && options_.log) options_.log(inOneLine(gone));
    isLossTold_ = true;
    return gone;
}

void ScriptProcess::end() {
    if (in_ >= 0) ::close(in_);
    if (out_ >= 0) ::close(out_);
    interrupt();
    in_ = out_ = -1;
    pid_ = -1;
}

void ScriptProcess::interrupt() {
    if (const pid_t pid = pid_; pid > 0) (void)::kill(pid, SIGKILL);
}

ScriptProcess::Begun ScriptProcess::begin(const tt::DoorScript& script, Micros untilUs) {
    if (!say(out_, script.isCall ? "run-call" : "run-eval", script.expression, script.arguments)) return Begun::Died;
    if (!comesUntil(in_, untilUs)) return Begun::Late;
    const auto said = hear(in_);
    return said != nullptr && said->word == kBegun ? Begun::Yes : Begun::Died;
}

tt::BoxAnswer ScriptProcess::run(const tt::DoorScript& script, tt::BoxBackend& box, const tt::CallMany& many) {
    const Micros untilUs = steadyNowUs() + (options_.deadlineMs + kGraceMs) * 1'000;
    Begun begun = Begun::Died;
    // The process of the scripts before may have died since, which is no matter of this one.
    for (int tries = 0; tries < 2 && begun == Begun::Died; ++tries) {
        if (tries > 0) end();
        if (Status started = start(); !started) return luaFailure(inOneLine(started.error()));
        begun = begin(script, untilUs);
    }
    const auto gone = [this] {
        end();
        return luaFailure("the script's process has died: it did what no script may, or memory ran out");
    };
    if (begun == Begun::Died) return gone();
    while (true) {
        if (begun == Begun::Late || !comesUntil(in_, untilUs)) {
            end();
            return luaFailure(
                fmt::format("the script did not end within {} s and was killed", options_.deadlineMs / 1'000));
        }
        const auto said = hear(in_);
        if (said == nullptr) return gone();
        if (said->word == "done") {
            const auto answer = hear(in_);
            auto given = answer == nullptr ? std::nullopt : answerIn(*answer);
            return given ? std::move(*given) : tt::BoxAnswer(gone());
        }
        if (said->word == "many") {
            const auto refused = many(said->first);
            if (!sayAnswer(out_, refused ? tt::BoxAnswer(*refused) : tt::BoxAnswer(Bytes("\x90")))) return gone();
            continue;
        }
        if (said->word != "call" || !sayAnswer(out_, box.call(said->first, said->second))) return gone();
    }
}

}  // namespace tributary::app
