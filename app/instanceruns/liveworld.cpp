// Calls of `box` over the control socket.
#include "app/instanceruns/liveworld.h"

#include <fmt/format.h>

#include "app/instanceruns/boxjson.h"
#include "app/instanceruns/toolchild.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

constexpr BytesView kNoArguments("\x90", 1);

}  // namespace

Result<std::vector<InstancePlace>> LiveWorld::instances(const std::string& word) {
    return findInstances(environment_, word);
}

Result<InstanceSeen> LiveWorld::seen(const InstancePlace& place) {
    return lookAt(place);
}

Result<Bytes> LiveWorld::call(const InstancePlace& place, std::string_view method, BytesView arguments) {
    for (int tries = 0;; ++tries) {
        std::unique_ptr<InstanceBox>& box = boxes_[place.title()];
        const bool isKept = box != nullptr;
        if (!isKept) {
            auto opened = InstanceBox::connect(place);
            if (!opened) return opened.error();
            box = std::move(opened).value();
        }
        tt::BoxAnswer answer = box->call(method, arguments);
        const std::optional<Error> lost = box->lost();
        if (lost) box.reset();
        if (lost && isKept && tries == 0) continue;  // it was restarted since
        if (lost) {
            return Error{ErrorCode::Unavailable, fmt::format("{} does not answer: {}", place.title(), lost->what),
                         lost->where, "tributary tt status " + place.title()};
        }
        if (const auto* failure = std::get_if<tt::BoxFailure>(&answer)) {
            const auto refused = resultsOf(*failure);
            Error error = refused.error();
            error.what = fmt::format("{}: {}", place.title(), error.what);
            return error;
        }
        return std::move(std::get<Bytes>(answer));
    }
}

Result<BoxInfo> LiveWorld::info(const InstancePlace& place) {
    const auto answer = call(place, "info", kNoArguments);
    if (!answer) return answer.error();
    auto info = readBoxInfo(*answer);
    if (info) return info;
    return Error{info.error().code, fmt::format("{}: {}", place.title(), info.error().what), {}, {}};
}

Result<std::vector<SpaceComparison>> LiveWorld::compare(const InstancePlace& a, const InstancePlace& b,
                                                        const DifferenceVisit& visit) {
    const auto one = InstanceBox::connect(a);
    if (!one) return one.error();
    const auto other = InstanceBox::connect(b);
    if (!other) return other.error();
    CompareOptions options;
    options.differencesMost = 0;
    options.looks = 1;  // runbooks ask again by themselves
    options.onDifference = visit;
    return compareInstances(**one, **other, options);
}

Result<ToolAnswer> LiveWorld::tool(const std::vector<std::string>& words, const std::string& input, Millis timeoutMs) {
    return runTool(program_, environment_, words, input, timeoutMs, stopped_);
}

Result<InstancePlace> placeOf(InstanceWorld& world, const std::string& title) {
    auto places = world.instances(title);
    if (!places) return places.error();
    if (places->size() == 1 && places->front().title() == title) return places->front();
    return Error{ErrorCode::InvalidInput, fmt::format("'{}' names no instance", title), {}, "write APP:INSTANCE"};
}

Result<InstancePlace> futurePlaceOf(InstanceWorld& world, const std::string& title) {
    const std::size_t colon = title.find(':');
    if (colon == std::string::npos) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' names no instance", title), {}, "write APP:INSTANCE"};
    }
    auto places = world.instances(title.substr(0, colon));
    if (!places) return places.error();
    if (places->empty()) {
        return Error{
            ErrorCode::NotFound, fmt::format("application {} has no instances", title.substr(0, colon)), {}, {}};
    }
    InstancePlace place = places->front();
    place.name = title.substr(colon + 1);
    return place;
}

}  // namespace tributary::app
