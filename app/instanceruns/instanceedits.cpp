// Edits, one function per verb.
#include "app/instanceruns/instanceedits.h"

#include <fmt/format.h>

#include <filesystem>
#include <functional>

#include "app/instanceruns/boxjson.h"
#include "app/instanceruns/instancechecks.h"
#include "app/instanceruns/instancerows.h"
#include "core/base/text.h"
#include "core/systems/tarantool/configedit.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSavedMax = 1'000'000;

using TextEdit = std::function<Result<std::string>(const std::string& text)>;

Status editFile(const std::string& path, const TextEdit& edit) {
    const auto text = readTextFile(path);
    if (!text) return text.error();
    const auto edited = edit(*text);
    if (!edited) return edited.error();
    return *edited == *text ? okStatus() : saveFileAtomically(path, *edited);
}

Result<Outcome> said(const Status& done, std::string line) {
    if (!done) return done.error();
    Outcome outcome;
    outcome.lines.push_back(std::move(line));
    return outcome;
}

Result<Outcome> set(const InstancePlace& place, const std::string& key, const std::string& value) {
    const Status done = editFile(place.configFile(), [&](const std::string& text) {
        return tarantool::setConfigValue(text, place.configFile(), place.name, key, value);
    });
    return said(done, fmt::format("{}: {} of {} is {}", place.configFile(), key, place.name, value));
}

Result<Outcome> pinUuid(InstanceWorld& world, const InstancePlace& place, const std::string& by) {
    const auto keeper = placeOf(world, by);
    if (!keeper) return keeper.error();
    const auto info = world.info(*keeper);
    if (!info) return info.error();
    const auto own = world.info(place);  // where members have no names, it must answer itself
    const PeerInfo* member = memberOf(*info, place.name, own ? own->uuid : std::string());
    if (member == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("{} knows no member {}", by, place.name),
                     {},
                     fmt::format("box {} \"box.space._cluster:select()\"", by)};
    }
    return set(place, "database.instance_uuid", member->uuid);
}

Result<Outcome> add(const InstancePlace& place, const Operation& op) {
    const std::string like = op.text("like").substr(op.text("like").find(':') + 1);
    Status done = editFile(place.configFile(), [&](const std::string& text) {
        return tarantool::addConfigInstance(text, place.configFile(), place.name, like, op.text("listen"),
                                            op.text("mode"));
    });
    // Done before, and interrupted between the two files.
    if (!done && done.error().code == ErrorCode::AlreadyExists) done = okStatus();
    if (done) {
        done = editFile(place.folder + "/instances.yml",
                        [&](const std::string& text) { return tarantool::addInstanceName(text, place.name); });
    }
    return said(done, fmt::format("{} is configured, listening at {}", place.title(), op.text("listen")));
}

Result<Outcome> removeInstance(const InstancePlace& place) {
    Status done = editFile(place.configFile(), [&](const std::string& text) {
        return tarantool::removeConfigInstance(text, place.configFile(), place.name);
    });
    if (!done && done.error().code == ErrorCode::NotFound) done = okStatus();
    if (done) {
        done = editFile(place.folder + "/instances.yml",
                        [&](const std::string& text) { return tarantool::removeInstanceName(text, place.name); });
    }
    return said(done, place.title() + " is configured no more");
}

Result<Outcome> wipe(InstanceWorld& world, const InstancePlace& place) {
    const auto seen = world.seen(place);
    if (!seen) return seen.error();
    if (seen->life == InstanceLife::Running) {
        return Error{ErrorCode::Conflict,
                     fmt::format("{} (PID = {}) is running", place.title(), seen->pid),
                     {},
                     "tt stop -y " + place.title()};
    }
    std::error_code failed;
    const std::vector<std::string> files = dataFilesOf(place);
    for (const std::string& file : files) {
        fs::remove(file, failed);
        if (failed) return Error{ErrorCode::Io, failed.message(), file, {}};
    }
    return said(okStatus(), fmt::format("{} files of {} are deleted", files.size(), place.title()));
}

Result<Outcome> saveRows(InstanceWorld& world, const InstancePlace& place, const Operation& op) {
    // As a script sees it, which runs in the environment's folder.
    const std::string file = (fs::path(place.folder).parent_path().parent_path() / op.text("file")).string();
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        return Error{ErrorCode::AlreadyExists, "the file is there already", file, "name a new one"};
    }
    const auto other = placeOf(world, op.text("other"));
    if (!other) return other.error();
    const auto compared = compareRows(world, place, *other, kSavedMax);
    if (!compared) return compared.error();
    const RowsOnlyHere& found = compared->here;
    if (found.count > found.rows.size()) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("{} rows exist only at {}", found.count, place.title()),
                     {},
                     fmt::format("at most {} are saved; copy {} instead", kSavedMax, place.libFolder())};
    }
    std::string text;
    for (const RowOnlyHere& row : found.rows) {
        const auto fields = jsonOfMsgpack(row.row);
        if (!fields) return fields.error();
        text += jsonText(nlohmann::json::array({row.space, *fields})) + "\n";
    }
    return said(saveFileAtomically(file, text, NewFile::Private),
                fmt::format("{} rows that exist only at {} are in {}", found.count, place.title(), file));
}

}  // namespace

bool isInstanceEdit(const Operation& op) {
    return op.verb >= Verb::InstanceSet && op.verb <= Verb::InstanceSaveRows;
}

Result<Outcome> editInstance(InstanceWorld& world, const Operation& op) {
    const auto place = futurePlaceOf(world, op.text("instance"));
    if (!place) return place.error();
    switch (op.verb) {
        case Verb::InstanceSet: return set(*place, op.text("key"), op.text("value"));
        case Verb::InstanceUnset:
            return said(editFile(place->configFile(),
                                 [&](const std::string& text) {
                                     return tarantool::unsetConfigValue(text, place->configFile(), place->name,
                                                                        op.text("key"));
                                 }),
                        fmt::format("{}: {} of {} is taken out", place->configFile(), op.text("key"), place->name));
        case Verb::InstancePinUuid: return pinUuid(world, *place, op.text("other"));
        case Verb::InstanceAdd: return add(*place, op);
        case Verb::InstanceRemove: return removeInstance(*place);
        case Verb::InstanceWipe: return wipe(world, *place);
        case Verb::InstanceSaveRows: return saveRows(world, *place, op);
        default: break;
    }
    return Error{ErrorCode::Unsupported, fmt::format("{} edits no files", verbName(op.verb)), {}, {}};
}

}  // namespace tributary::app
