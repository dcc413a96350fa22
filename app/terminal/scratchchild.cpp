// Pipes, limits, the filter of system calls, and the messages between the two processes.
#include "app/terminal/scratchchild.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "app/observe/clocks.h"
#include "app/scripts/pipemessages.h"
#include "app/scripts/restrictedprocess.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"
#include "engine/systems/tarantool/script/sandbox.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr std::size_t kMessageBytesMax = 256U << 20U;

Millis scratchNowMs() {
    return steadyNowUs() / 1'000;
}

/// ["run", text], ["call", method, arguments], ["done", text], ["ok", results], ["no", code, text]
Bytes scratchBytes(std::string_view kind, const std::vector<BytesView>& texts) {
    Bytes out;
    tt::MsgpackWriter writer(out);
    writer.array(1 + texts.size());
    writer.string(kind);
    for (const BytesView text : texts) writer.string(text);
    return out;
}

struct ScratchMessage {
    std::string kind;
    std::vector<BytesView> texts;  ///< borrowed
};

std::optional<ScratchMessage> scratchMessage(BytesView bytes) {
    tt::MsgpackReader reader(bytes);
    const std::uint32_t count = reader.array();
    ScratchMessage message;
    message.kind = std::string(reader.string());
    for (std::uint32_t i = 1; i < count && reader.ok(); ++i) message.texts.push_back(reader.string());
    return reader.ok() && count > 0 ? std::optional(std::move(message)) : std::nullopt;
}

/// In the child: what `box` asks goes to the parent.
class PipeBackend final : public tt::BoxBackend {
public:
    PipeBackend(int in, int out) : in_(in), out_(out) {}

    tt::BoxAnswer call(std::string_view method, BytesView arguments) override {
        if (!writeMessage(out_, scratchBytes("call", {method, arguments}))) ::_exit(1);
        const std::optional<Bytes> bytes = readMessage(in_, kMessageBytesMax);
        const std::optional<ScratchMessage> message = bytes ? scratchMessage(*bytes) : std::nullopt;
        if (!message || message->texts.empty()) ::_exit(1);
        if (message->kind == "ok") return Bytes(message->texts[0]);
        const std::string code(message->texts[0]);
        return tt::BoxFailure{static_cast<std::uint32_t>(std::strtoul(code.c_str(), nullptr, 10)),
                              message->texts.size() > 1 ? std::string(message->texts[1]) : std::string(),
                              {}};
    }

private:
    int in_;
    int out_;
};

[[noreturn]] void childMain(int in, int out, Millis deadlineMs) {
    ::signal(SIGINT, SIG_DFL);
    PipeBackend backend(in, out);
    Millis lateAt = 0;
    tt::Sandbox::Options options;
    options.isLate = [&lateAt] { return scratchNowMs() >= lateAt; };
    auto sandbox = tt::Sandbox::make(backend, options);
    if (!sandbox) ::_exit(1);
    if (!restrictProcess(in, out)) ::_exit(kCannotRestrict);
    while (true) {
        const std::optional<Bytes> bytes = readMessage(in, kMessageBytesMax);
        const std::optional<ScratchMessage> message = bytes ? scratchMessage(*bytes) : std::nullopt;
        if (!message || message->kind != "run" || message->texts.size() != 1) ::_exit(0);
        lateAt = scratchNowMs() + deadlineMs;
        const std::string answer = (*sandbox)->evaluate(std::string(message->texts[0]));
        if (!writeMessage(out, scratchBytes("done", {answer}))) ::_exit(0);
    }
}

}  // namespace

Status ScratchChild::start() {
    if (pid_ > 0) return okStatus();
    std::array<int, 2> down{};
    std::array<int, 2> up{};
    if (::pipe2(down.data(), O_CLOEXEC) != 0) return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    if (::pipe2(up.data(), O_CLOEXEC) != 0) {
        ::close(down[0]);
        ::close(down[1]);
        return Error{ErrorCode::Io, "no pipe could be made", {}, {}};
    }
    pid_ = ::fork();
    if (pid_ == 0) childMain(down[0], up[1], deadlineMs_);
    ::close(down[0]);
    ::close(up[1]);
    out_ = down[1];
    in_ = up[0];
    if (pid_ > 0) return okStatus();
    end();
    return Error{ErrorCode::Io, fmt::format("no process could be made: {}", std::strerror(errno)), {}, {}};
}

void ScratchChild::end() {
    if (out_ >= 0) ::close(out_);
    if (in_ >= 0) ::close(in_);
    out_ = in_ = -1;
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    pid_ = -1;
}

Error ScratchChild::gone() {
    int status = 0;
    const bool isKnown = pid_ > 0 && ::waitpid(pid_, &status, 0) == pid_;
    if (isKnown) pid_ = -1;
    end();
    if (isKnown && WIFEXITED(status) && WEXITSTATUS(status) == kCannotRestrict) {
        return {ErrorCode::Unsupported,
                "the system cannot restrict a process as scripts need it (seccomp)",
                {},
                "run it on a kernel with seccomp filters"};
    }
    const bool isForbidden = isKnown && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
    return {ErrorCode::Cancelled,
            isForbidden ? "the script did what no script may" : "the script's process has died",
            {},
            {}};
}

Status ScratchChild::send(BytesView message) {
    const bool sent = writeMessage(out_, message);
    return sent ? okStatus() : Status(gone());
}

Result<Bytes> ScratchChild::receive(Millis untilMs) {
    pollfd watched{in_, POLLIN, 0};
    while (true) {
        const Millis left = untilMs - scratchNowMs();
        const int ready = left <= 0 ? 0 : ::poll(&watched, 1, static_cast<int>(std::min<Millis>(left, 1'000)));
        if (ready > 0) break;
        if (ready < 0 && errno != EINTR) return Error{ErrorCode::Io, "the pipe to the script failed", {}, {}};
        if (left > 0) continue;
        end();
        return Error{ErrorCode::Timeout,
                     fmt::format("the script did not end within {} s and was killed", deadlineMs_ / 1'000),
                     {},
                     {}};
    }
    std::optional<Bytes> message = readMessage(in_, kMessageBytesMax);
    return message ? Result<Bytes>(std::move(*message)) : Result<Bytes>(gone());
}

Result<std::string> ScratchChild::run(const std::string& statement) {
    if (Status started = start(); !started) return started.error();
    if (Status sent = send(scratchBytes("run", {statement})); !sent) return sent.error();
    const Millis until = scratchNowMs() + deadlineMs_ + kGraceMs;
    while (true) {
        const Result<Bytes> bytes = receive(until);
        if (!bytes) return bytes.error();
        const std::optional<ScratchMessage> message = scratchMessage(*bytes);
        const bool isCall = message && message->kind == "call" && message->texts.size() == 2;
        if (message && message->kind == "done" && message->texts.size() == 1) return std::string(message->texts[0]);
        if (!isCall) {
            end();
            return Error{ErrorCode::Corrupt, "the script's process said something that is no message", {}, {}};
        }
        const tt::BoxAnswer answer = backend_.call(message->texts[0], message->texts[1]);
        Bytes reply;
        if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) {
            reply = scratchBytes("no", {std::to_string(failure->code), failure->message});
        } else {
            reply = scratchBytes("ok", {std::get<Bytes>(answer)});
        }
        if (Status sent = send(reply); !sent) return sent.error();
    }
}

}  // namespace tributary::app
