// EVAL and CALL: whether the user may, the script's calls with the user's rights, and the end of its transaction.
#include <fmt/format.h>

#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/door/iprotodoor.h"
#include "engine/systems/tarantool/instance/writequeue.h"

namespace tributary::engine::tarantool {

void IprotoDoor::runScript(std::uint64_t id, const Packet& packet) {
    const std::uint64_t sync = packet.header.sync;
    auto asked = doorScript(packet);
    if (const auto* failure = std::get_if<BoxFailure>(&asked)) {
        answer(id, sync, *failure);
        return;
    }
    auto& script = std::get<DoorScript>(asked);
    const DoorUser user = sessions_.at(id).user;
    std::optional<BoxFailure> refused;
    const Status looked = box_.look([&](RowWork& work) -> Status {
        auto why = whyNotExecute(work, user, script.isCall ? BytesView(script.expression) : BytesView());
        if (!why) return why.error();
        refused = std::move(why).value();
        return okStatus();
    });
    if (looked && !refused && scripts_ == nullptr) {
        refused = failures::unsupported("Tributary", script.isCall ? "CALL here" : "EVAL here");
    }
    if (!looked || refused) {
        answer(id, sync, looked ? *refused : troubleOf(looked.error()));
        return;
    }
    const std::uint64_t own = nextScript_++;
    auto rights = std::make_shared<ScriptRights>(ScriptRights{user, {}, 0});
    scripts_->run(
        std::move(script), seams_.executor,
        [this, alive = alive_, own, rights](std::string_view method, BytesView arguments, DoorBox::Answered answered) {
            if (*alive) callOfScript(own, *rights, method, arguments, std::move(answered));
        },
        [this, alive = alive_, own, id, sync](BoxAnswer given) {
            if (*alive) answer(id, sync, outcomeOfScript(own, std::move(given)));
        });
}

void IprotoDoor::callOfScript(std::uint64_t script, ScriptRights& rights, std::string_view method, BytesView arguments,
                              DoorBox::Answered answered) {
    if (rights.allowedAt != box_.schemaVersion()) rights.allowed.clear();
    rights.allowedAt = box_.schemaVersion();
    const auto split = splitArguments(arguments);
    const std::uint32_t space = split ? idArgument(*split, 0) : UINT32_MAX;
    std::pair<std::string, std::uint32_t> asked(method, space);
    if (!rights.allowed.contains(asked) && !seams_.faults.hit("bug-script-has-all-rights")) {
        std::optional<BoxFailure> refused;
        const Status looked = box_.look([&](RowWork& work) -> Status {
            auto why = whyNotMethod(work, rights.user, method, space);
            if (!why) return why.error();
            refused = std::move(why).value();
            return okStatus();
        });
        if (!looked || refused) {
            answered(looked ? *refused : troubleOf(looked.error()));
            return;
        }
        rights.allowed.insert(std::move(asked));
    }
    box_.call(script, method, arguments, std::move(answered));
}

BoxAnswer IprotoDoor::outcomeOfScript(std::uint64_t script, BoxAnswer answer) {
    constexpr std::uint32_t kActiveAtReturn = 30;
    const bool wasOpen = box_.endCalls(script);
    if (!wasOpen || std::holds_alternative<BoxFailure>(answer)) return answer;
    seams_.faults.reached("script-left-transaction");
    return BoxFailure{kActiveAtReturn, "Transaction is active at return from function", {}};
}

}  // namespace tributary::engine::tarantool
