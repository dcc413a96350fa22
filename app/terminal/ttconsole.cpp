// The console of an instance of ours: Lua in a child process, `box` over the instance's socket.
#include <fmt/format.h>
#include <unistd.h>

#include "app/instances/instancebox.h"
#include "app/rows/inputstream.h"
#include "app/terminal/scratchchild.h"
#include "app/terminal/statementloop.h"
#include "app/terminal/ttinstances.h"
#include "engine/systems/tarantool/console/consoleyaml.h"

namespace tributary::app {
namespace {

constexpr std::size_t kFileMax = 16U << 20U;

std::string errorText(const std::string& what) {
    engine::tarantool::ConsoleYaml yaml;
    yaml.beginMap(engine::tarantool::ConsoleYaml::Style::Block);
    yaml.string("error");
    yaml.string(what);
    yaml.endMap();
    return yaml.finish();
}

class InstanceTalk {
public:
    InstanceTalk(InstanceBox& box, Millis deadlineMs) : box_(box), child_(box, deadlineMs) {}

    Result<std::optional<std::string>> evaluate(const std::string& text, bool isSql) {
        if (text.front() == '\\') {
            return std::optional(errorText(fmt::format("Invalid command {}. Type \\help for help.", text)));
        }
        if (isSql) return std::optional(errorText("SQL is not carried here; \\set language lua"));
        Result<std::string> answer = child_.run(text);
        if (box_.lost()) return gone();
        const Result<bool> wasOpen = box_.rollbackOpen();
        if (!wasOpen) return gone();
        if (answer && wasOpen.value()) return std::optional(errorText("Transaction is active at return from function"));
        if (answer) return std::optional(std::move(answer).value());
        const ErrorCode code = answer.error().code;
        if (code != ErrorCode::Timeout && code != ErrorCode::Cancelled) return answer.error();
        return std::optional(errorText(answer.error().what + "; its variables are gone"));
    }

private:
    static Error gone() {
        return Error{ErrorCode::Unavailable,
                     "Connection was closed. Probably instance process isn't running anymore",
                     {},
                     "tributary tt status"};
    }

    InstanceBox& box_;
    ScratchChild child_;
};

}  // namespace

int runInstanceConsole(const VerbContext& context, const std::string& which, const std::string& file, bool goesOn,
                       std::uint64_t deadlineS) {
    const auto environment = findEnvironment(context.workspaceDir.empty() ? "." : context.workspaceDir);
    if (!environment) return context.fail(environment.error());
    const auto places = findInstances(environment.value(), which);
    if (!places) return context.fail(places.error());
    std::string chunk;
    if (!file.empty()) {
        auto opened = InputStream::open(file);
        if (!opened) return context.fail(opened.error());
        auto text = (*opened)->readAll(kFileMax);
        if (!text) return context.fail(text.error());
        chunk = std::move(text).value();
    }
    const InstancePlace& place = places.value().front();
    const bool atTerminal = ::isatty(STDIN_FILENO) != 0 && context.outIsTerminal && !context.noInput;
    const bool talks = atTerminal && !context.quiet && (file.empty() || goesOn);
    if (talks) fmt::print(stderr, "   • Connecting to the instance...\n");
    auto box = InstanceBox::connect(place);
    if (!box) return context.fail(box.error());
    InstanceTalk talk(**box, static_cast<Millis>(deadlineS) * 1'000);
    StatementLoop loop(context, place.title(),
                       [&](const std::string& text, bool isSql) { return talk.evaluate(text, isSql); });
    if (!file.empty()) {
        const Result<bool> going = loop.run(chunk);
        if (!going) return context.fail(going.error());
        if (!*going || !goesOn) return loop.finish(0);
    }
    if (talks) fmt::print(stderr, "   • Connected to {}\n\n", place.title());
    return loop.runLines(*statementInput(atTerminal));
}

}  // namespace tributary::app
