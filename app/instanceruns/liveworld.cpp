// Calls of `box` over the control socket; rows in pages.
#include "app/instanceruns/liveworld.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/instanceruns/boxjson.h"
#include "app/instanceruns/toolchild.h"
#include "core/base/text.h"
#include "engine/systems/tarantool/msgpack/msgpackreader.h"
#include "engine/systems/tarantool/msgpack/msgpackwriter.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;
using nlohmann::json;

constexpr std::uint32_t kSpaceSpace = 280;
constexpr std::uint32_t kIndexSpace = 288;
constexpr std::uint32_t kFirstOwnSpace = 512;
constexpr std::uint32_t kPageRows = 1'000;
constexpr BytesView kNoArguments("\x90", 1);

/// One page: rows of a space behind `key` (encoded), or from the beginning.
Bytes selectArguments(std::uint32_t space, BytesView key) {
    Bytes out;
    tt::MsgpackWriter writer(out);
    writer.array(6);
    writer.unsignedInteger(space);
    writer.unsignedInteger(0);
    writer.raw(key.empty() ? BytesView("\x90", 1) : key);
    writer.string(key.empty() ? "ALL" : "GT");
    writer.unsignedInteger(0);
    writer.unsignedInteger(kPageRows);
    return out;
}

/// Fields of a row, encoded.
std::vector<BytesView> fieldsOf(BytesView row) {
    std::vector<BytesView> fields;
    tt::MsgpackReader reader(row);
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) fields.push_back(reader.value());
    return fields;
}

Bytes keyOf(const std::vector<BytesView>& fields, const SpaceSeen& space) {
    Bytes key;
    tt::MsgpackWriter writer(key);
    writer.array(space.keyFields.size());
    for (const std::uint32_t field : space.keyFields) {
        if (field < fields.size()) {
            writer.raw(fields[field]);
        } else {
            writer.nil();
        }
    }
    return key;
}

std::string keyTextOf(BytesView key) {
    const auto parts = jsonOfMsgpack(key);
    if (!parts) return "?";
    return jsonText(parts->size() == 1 ? parts->front() : *parts);
}

/// Fields of the primary key: parts are [[field, type], ...] or maps.
std::vector<std::uint32_t> keyFieldsOf(const json& parts) {
    std::vector<std::uint32_t> fields;
    for (const json& part : parts) {
        if (part.is_array() && !part.empty() && part[0].is_number()) fields.push_back(part[0].get<std::uint32_t>());
        if (part.is_object() && part.contains("field")) fields.push_back(part["field"].get<std::uint32_t>());
    }
    return fields;
}

/// Of a row of _space: whether other instances get its rows.
bool isReplicated(const json& row) {
    if (!row.is_array() || row.size() < 6 || !row[0].is_number() || row[0].get<std::uint64_t>() < kFirstOwnSpace)
        return false;
    const json& flags = row[5];
    if (!flags.is_object()) return true;
    const auto flag = flags.find("temporary");
    const bool isTemporary = flag != flags.end() && *flag == true;
    const auto group = flags.find("group_id");
    return !isTemporary && (group == flags.end() || *group == 0);
}

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

Result<json> LiveWorld::info(const InstancePlace& place) {
    const auto answer = call(place, "info", kNoArguments);
    if (!answer) return answer.error();
    auto results = jsonOfMsgpack(*answer);
    if (!results) return results.error();
    if (!results->is_array() || results->empty() || !results->front().is_object()) {
        return Error{ErrorCode::Unavailable, place.title() + " says nothing of itself yet", {}, {}};
    }
    return results->front();
}

Result<std::vector<SpaceSeen>> LiveWorld::spaces(const InstancePlace& place) {
    SpaceSeen system;
    system.keyFields = {0};
    system.id = kSpaceSpace;
    std::vector<SpaceSeen> found;
    Status read = eachRow(place, system, [&](std::string_view row, const std::string&) {
        const auto fields = jsonOfMsgpack(row);
        if (!fields || !isReplicated(*fields)) return;
        SpaceSeen space;
        space.id = (*fields)[0].get<std::uint32_t>();
        space.name = (*fields)[2].get<std::string>();
        found.push_back(std::move(space));
    });
    if (!read) return read.error();
    system.id = kIndexSpace;
    system.keyFields = {0, 1};
    read = eachRow(place, system, [&](std::string_view row, const std::string&) {
        const auto fields = jsonOfMsgpack(row);
        if (!fields || fields->size() < 6 || (*fields)[1] != 0) return;
        for (SpaceSeen& space : found) {
            if ((*fields)[0] == space.id) space.keyFields = keyFieldsOf((*fields)[5]);
        }
    });
    if (!read) return read.error();
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return found;
}

Status LiveWorld::eachRow(const InstancePlace& place, const SpaceSeen& space, const RowVisit& visit) {
    if (space.keyFields.empty()) return okStatus();  // without a primary key there are no rows
    Bytes behind;
    while (true) {
        const auto page = call(place, "select", selectArguments(space.id, behind));
        if (!page) return page.error();
        tt::MsgpackReader reader(*page);
        const std::uint32_t count = reader.array();
        for (std::uint32_t left = count; left > 0 && reader.ok(); --left) {
            const BytesView row = reader.value();
            behind = keyOf(fieldsOf(row), space);
            visit(row, keyTextOf(behind));
        }
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "a page of rows cannot be read", place.title(), {}};
        if (count < kPageRows) return okStatus();
    }
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
