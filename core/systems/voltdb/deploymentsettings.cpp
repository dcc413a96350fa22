// The rows, and how a value is read by them.
#include "core/systems/voltdb/deploymentsettings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "core/base/text.h"
#include "core/systems/attribute.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

using Wanted = std::optional<std::string>;
constexpr std::int64_t kMillisecondUs = 1000;
constexpr std::int64_t kHostsMax = 1024;
constexpr std::int64_t kPortMax = 65535;
constexpr std::int64_t kDayMs = 86'400'000;

Wanted textOf(const std::optional<std::int64_t>& number) {
    return number ? Wanted(std::to_string(*number)) : std::nullopt;
}
Wanted textOf(const std::string& text) {
    return text.empty() ? std::nullopt : Wanted(text);
}

std::int64_t numberOf(const std::string& canonical) {
    std::int64_t out = 0;
    std::from_chars(canonical.data(), canonical.data() + canonical.size(), out);
    return out;
}

template <auto Member>
Wanted wantedOf(const DeploymentValues& values) {
    return textOf(values.cluster.*Member);
}
template <auto Member>
Status takeNumber(DeploymentValues& values, const std::string& value) {
    values.cluster.*Member = numberOf(value);
    return okStatus();
}
template <auto Member>
Status takeText(DeploymentValues& values, const std::string& value) {
    values.cluster.*Member = value;
    return okStatus();
}

Wanted hostCount(const DeploymentValues& values) {
    return std::to_string(values.cluster.members.size());
}
Status takeHostCount(DeploymentValues& values, const std::string& value) {
    values.cluster.members.resize(static_cast<std::size_t>(numberOf(value)));
    return okStatus();
}

Wanted logSynchronous(const DeploymentValues& values) {
    return values.cluster.commandLog == "synchronous" ? Wanted("true") : std::nullopt;
}
Status takeLogSynchronous(DeploymentValues& values, const std::string& value) {
    if (value == "true") values.cluster.commandLog = "synchronous";
    return okStatus();
}
Wanted logEnabled(const DeploymentValues& values) {
    return values.cluster.commandLog == "off" ? Wanted("false") : std::nullopt;
}
Status takeLogEnabled(DeploymentValues& values, const std::string& value) {
    if (value == "false") values.cluster.commandLog = "off";
    return okStatus();
}

Status takeRole(DeploymentValues& values, const std::string& value) {
    const std::vector<std::string>& names = roleNames();
    if (std::find(names.begin(), names.end(), value) == names.end()) {
        const std::string near = nearest(toLower(value), names);
        return Error{ErrorCode::InvalidInput,
                     fmt::format("role cannot be '{}'", value),
                     {},
                     near.empty() ? fmt::format("one of: {}", join(names, ", ")) : fmt::format("write {}", near)};
    }
    values.cluster.role = value;
    return okStatus();
}

Wanted flushInterval(const DeploymentValues& values) {
    const auto& interval = values.cluster.flushIntervalUs;
    return interval ? Wanted(std::to_string(*interval / kMillisecondUs)) : std::nullopt;
}
Status takeFlushInterval(DeploymentValues& values, const std::string& value) {
    values.cluster.flushIntervalUs = numberOf(value) * kMillisecondUs;
    return okStatus();
}

Wanted sources(const DeploymentValues& values) {
    return values.sources.empty() ? std::nullopt : Wanted(join(values.sources, ","));
}
Status takeSources(DeploymentValues& values, const std::string& value) {
    values.sources = splitList(value);
    return okStatus();
}
Wanted preferred(const DeploymentValues& values) {
    return textOf(values.preferred);
}
Status takePreferred(DeploymentValues& values, const std::string& value) {
    if (value != "-1") values.preferred = numberOf(value);
    return okStatus();
}

/// Elements of known paths stand once: the second would be read by one program and not by another.
Status checkOnce(const XmlElement& element, std::size_t depth, std::string_view file) {
    std::set<std::string_view> seen;
    for (const XmlElement& child : element.children) {
        for (const DeploymentSetting& setting : deploymentSettings()) {
            if (setting.path.size() <= depth || !isStep(child, setting.path[depth])) continue;
            if (!seen.insert(setting.path[depth]).second) {
                return Error{ErrorCode::InvalidInput,
                             fmt::format("<{}> stands twice in <{}>", child.name, element.name),
                             fmt::format("{}:{}:{}", file, child.pos.line, child.pos.column), "remove one of them"};
            }
            if (Status inner = checkOnce(child, depth + 1, file); !inner) return inner;
            break;
        }
    }
    return okStatus();
}

Error atAttribute(Error error, const XmlAttribute& attribute, std::string_view file) {
    error.where = fmt::format("{}:{}:{}", file, attribute.pos.line, attribute.pos.column);
    return error;
}

/// An id may still stand at <cluster>, as it did in old files.
Status takeOldId(DeploymentValues& values, const XmlElement& root, std::string_view file) {
    const XmlElement* cluster = root.child("cluster");
    const XmlAttribute* old = cluster == nullptr ? nullptr : cluster->attribute("id");
    if (old == nullptr) return okStatus();
    const DeploymentSetting form{{}, "id", DeploymentForm::Number, "", 0, kClusterIdMax, nullptr, nullptr};
    const Result<std::string> id = canonicalValue(form, old->value);
    if (!id) return atAttribute(id.error(), *old, file);
    if (values.cluster.id && *values.cluster.id != numberOf(*id)) {
        return atAttribute({ErrorCode::InvalidInput,
                            "Detected two conflicting cluster ids in deployment file, setting cluster id in DR tag is "
                            "deprecated, please remove",
                            {},
                            "keep one of the two"},
                           *old, file);
    }
    values.cluster.id = numberOf(*id);
    return okStatus();
}

}  // namespace

const std::vector<DeploymentSetting>& deploymentSettings() {
    using Form = DeploymentForm;
    using C = Cluster;
    static const std::vector<DeploymentSetting> kSettings{
        {{"cluster"}, "hostcount", Form::Number, "1", 1, kHostsMax, hostCount, takeHostCount},
        {{"cluster"},
         "sitesperhost",
         Form::Number,
         "8",
         1,
         kSitesMax,
         wantedOf<&C::sitesPerHost>,
         takeNumber<&C::sitesPerHost>},
        {{"cluster"}, "kfactor", Form::Number, "0", 0, kKfactorMax, wantedOf<&C::kfactor>, takeNumber<&C::kfactor>},
        {{"commandlog"}, "synchronous", Form::Flag, "false", 0, 0, logSynchronous, takeLogSynchronous},
        {{"commandlog"}, "enabled", Form::Flag, "true", 0, 0, logEnabled, takeLogEnabled},
        {{"paths", "droverflow"},
         "path",
         Form::Text,
         "dr_overflow",
         0,
         0,
         wantedOf<&C::overflow>,
         takeText<&C::overflow>},
        {{"systemsettings", "resourcemonitor", "disklimit", "feature:droverflow"},
         "size",
         Form::Text,
         "",
         0,
         0,
         wantedOf<&C::overflowLimit>,
         takeText<&C::overflowLimit>},
        {{"dr"}, "id", Form::Number, "", 0, kClusterIdMax, wantedOf<&C::id>, takeNumber<&C::id>},
        {{"dr"}, "role", Form::Text, "master", 0, 0, wantedOf<&C::role>, takeRole},
        {{"dr"}, "port", Form::Number, "5555", 1, kPortMax, wantedOf<&C::port>, takeNumber<&C::port>},
        {{"dr"}, "flushInterval", Form::Number, "1000", 0, kDayMs, flushInterval, takeFlushInterval},
        {{"dr"},
         "conflictretention",
         Form::Text,
         "",
         0,
         0,
         wantedOf<&C::conflictRetention>,
         takeText<&C::conflictRetention>},
        {{"dr", "connection"}, "source", Form::Hosts, "", 0, 0, sources, takeSources},
        {{"dr", "connection"}, "preferred-source", Form::Number, "-1", -1, kClusterIdMax, preferred, takePreferred},
        {{"dr", "consumerlimit", "maxbuffers"},
         "",
         Form::Number,
         "256",
         1,
         kNumberMax,
         wantedOf<&C::maxBuffers>,
         takeNumber<&C::maxBuffers>},
        {{"dr", "consumerlimit", "maxsize"},
         "",
         Form::Number,
         "52428800",
         1,
         kNumberMax,
         wantedOf<&C::maxBytes>,
         takeNumber<&C::maxBytes>}};
    return kSettings;
}

Result<std::string> canonicalValue(const DeploymentSetting& setting, std::string_view value) {
    const std::string_view text = trim(value);
    const std::string_view name = setting.attribute.empty() ? setting.path.back() : setting.attribute;
    const auto refused = [&](std::string why, std::string fix) {
        return Error{ErrorCode::InvalidInput, fmt::format("{} cannot be '{}'{}", name, value, why), {}, std::move(fix)};
    };
    switch (setting.form) {
        case DeploymentForm::Text: return std::string(value);
        case DeploymentForm::Hosts: return join(splitList(text), ",");
        case DeploymentForm::Flag:
            if (text == "true" || text == "1") return std::string("true");
            if (text == "false" || text == "0") return std::string("false");
            return refused("", "write true or false");
        case DeploymentForm::Number: break;
    }
    std::int64_t number = 0;
    const char* begin = text.starts_with('+') ? text.data() + 1 : text.data();
    const auto [stop, problem] = std::from_chars(begin, text.data() + text.size(), number);
    const bool read = problem == std::errc() && stop == text.data() + text.size();
    if (!read || number < setting.low || number > setting.high) {
        return refused(fmt::format(": it must be a number from {} to {}", setting.low, setting.high),
                       "write such a number");
    }
    return std::to_string(number);
}

bool isStep(const XmlElement& element, std::string_view step) {
    const std::size_t colon = step.find(':');
    if (element.name != step.substr(0, colon)) return false;
    if (colon == std::string_view::npos) return true;
    const XmlAttribute* name = element.attribute("name");
    return name != nullptr && name->value == step.substr(colon + 1);
}

const XmlElement* elementAt(const XmlElement& root, const DeploymentSetting& setting, std::size_t depth) {
    const XmlElement* out = &root;
    for (std::size_t i = 0; i < depth && out != nullptr; ++i) {
        const auto found = std::find_if(out->children.begin(), out->children.end(),
                                        [&](const XmlElement& each) { return isStep(each, setting.path[i]); });
        out = found == out->children.end() ? nullptr : &*found;
    }
    return out;
}

Result<DeploymentValues> readValues(const XmlElement& root, std::string_view file) {
    const auto at = [&](SourcePos pos) { return fmt::format("{}:{}:{}", file, pos.line, pos.column); };
    if (root.name != "deployment") {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("<{}> is no deployment file: it begins with <deployment>", root.name), at(root.pos),
                     "give a file that voltdb init --config takes"};
    }
    if (Status once = checkOnce(root, 0, file); !once) return once.error();
    DeploymentValues out;
    out.cluster.system = "voltdb";
    out.cluster.members.resize(1);
    for (const DeploymentSetting& setting : deploymentSettings()) {
        const XmlElement* element = elementAt(root, setting, setting.path.size());
        if (element == nullptr) continue;
        const XmlAttribute* attribute = element->attribute(setting.attribute);
        if (attribute == nullptr && !setting.attribute.empty()) continue;
        const SourcePos pos = attribute != nullptr ? attribute->pos : element->pos;
        const Result<std::string> value =
            canonicalValue(setting, attribute != nullptr ? attribute->value : element->text);
        Status taken = value ? setting.take(out, *value) : Status(value.error());
        if (taken) continue;
        Error error = taken.error();
        error.where = at(pos);
        return error;
    }
    if (Status old = takeOldId(out, root, file); !old) return old.error();
    // An element dr replicates, whatever it leaves out.
    if (root.child("dr") != nullptr && !out.cluster.id && out.cluster.role.empty()) out.cluster.role = "master";
    return out;
}

}  // namespace tributary::voltdb
