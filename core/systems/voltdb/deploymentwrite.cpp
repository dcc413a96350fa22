// The drawing's words put into a deployment file, each at its place.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/voltdb/deployment.h"
#include "core/systems/voltdb/deploymentsettings.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary::voltdb {

namespace {

constexpr std::string_view kNewFile = "<?xml version=\"1.0\"?>\n<deployment>\n</deployment>\n";

/// Where a consumer reaches a host.
std::string addressOf(const Cluster& producer, const std::string& host) {
    const Member* member = producer.member(host);
    if (member != nullptr && !member->listen.empty()) return member->listen;
    const std::int64_t port = producer.port.value_or(kDefaultPort);
    return port == kDefaultPort ? host : fmt::format("{}:{}", host, port);
}

DeploymentValues valuesOf(const Topology& topology, const Cluster& cluster) {
    DeploymentValues out{cluster, {}, std::nullopt};
    for (const Connection& each : topology.connections) {
        const Cluster* from = topology.cluster(each.from);
        if (each.at != cluster.name || from == nullptr) continue;
        for (const std::string& host : sourcesOf(topology, each)) {
            std::string address = addressOf(*from, host);
            const bool known = std::find(out.sources.begin(), out.sources.end(), address) != out.sources.end();
            if (!known) out.sources.push_back(std::move(address));
        }
        if (each.preferred && from->id) out.preferred = from->id;
    }
    return out;
}

/// One text, changed value by value. Every change reads it anew, so that places are always those of the text at hand.
class Patch {
public:
    Patch(std::string text, std::string_view file) : text_(std::move(text)), file_(file) {}

    Status apply(const DeploymentValues& values) {
        for (const DeploymentSetting& setting : deploymentSettings()) {
            if (Status done = applyOne(setting, setting.wanted(values)); !done) return done;
        }
        return dropOldId(values);
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    Status applyOne(const DeploymentSetting& setting, const std::optional<std::string>& wanted) {
        const Result<XmlElement> root = parseXml(text_, file_);
        if (!root) return root.error();
        const XmlElement* element = elementAt(*root, setting, setting.path.size());
        const XmlAttribute* attribute = element == nullptr ? nullptr : element->attribute(setting.attribute);
        const bool there = setting.attribute.empty() ? element != nullptr : attribute != nullptr;
        if (there) {
            const Result<std::string> value =
                canonicalValue(setting, attribute != nullptr ? attribute->value : element->text);
            if (value && *value == wanted.value_or(std::string(setting.fallback))) return okStatus();
        }
        if (!wanted) return there ? remove(*root, setting) : okStatus();
        if (Status made = make(setting); !made) return made;
        const Result<XmlElement> grown = parseXml(text_, file_);
        if (!grown) return grown.error();
        const XmlElement& target = *elementAt(*grown, setting, setting.path.size());
        text_ = setting.attribute.empty() ? withText(text_, target, *wanted)
                                          : withAttribute(text_, target, setting.attribute, *wanted);
        return okStatus();
    }

    /// Makes the elements of a path that are not there.
    Status make(const DeploymentSetting& setting) {
        for (std::size_t depth = 1; depth <= setting.path.size(); ++depth) {
            const Result<XmlElement> root = parseXml(text_, file_);
            if (!root) return root.error();
            if (elementAt(*root, setting, depth) != nullptr) continue;
            const std::string_view step = setting.path[depth - 1];
            const std::size_t colon = step.find(':');
            const std::string markup =
                colon == std::string_view::npos
                    ? fmt::format("<{} />", step)
                    : fmt::format("<{} name=\"{}\" />", step.substr(0, colon), step.substr(colon + 1));
            text_ = withChild(text_, *elementAt(*root, setting, depth - 1), markup);
        }
        return okStatus();
    }

    Status remove(const XmlElement& root, const DeploymentSetting& setting) {
        const XmlElement& element = *elementAt(root, setting, setting.path.size());
        if (setting.attribute.empty()) {
            text_ = withoutElement(text_, element);
            return prune(setting, setting.path.size() - 1);
        }
        // A connection without a source is refused; with other attributes it stays, and dials nobody.
        const bool kept = setting.attribute == "source" && element.attributes.size() > 1;
        text_ = kept ? withAttribute(text_, element, setting.attribute, "")
                     : withoutAttribute(text_, element, setting.attribute);
        return prune(setting, setting.path.size());
    }

    /// Takes away what says nothing any more, from the inside out.
    Status prune(const DeploymentSetting& setting, std::size_t depth) {
        for (; depth > 0; --depth) {
            const Result<XmlElement> root = parseXml(text_, file_);
            if (!root) return root.error();
            const XmlElement& element = *elementAt(*root, setting, depth);
            const bool named = setting.path[depth - 1].find(':') != std::string_view::npos;
            const std::string_view content =
                std::string_view(text_).substr(element.contentBegin, element.contentEnd - element.contentBegin);
            if (element.attributes.size() > (named ? 1U : 0U) || !trim(content).empty()) return okStatus();
            text_ = withoutElement(text_, element);
        }
        return okStatus();
    }

    Status dropOldId(const DeploymentValues& values) {
        const Result<XmlElement> root = parseXml(text_, file_);
        if (!root) return root.error();
        const XmlElement* cluster = root->child("cluster");
        const XmlAttribute* old = cluster == nullptr ? nullptr : cluster->attribute("id");
        if (old == nullptr) return okStatus();
        const std::string wanted = values.cluster.id ? std::to_string(*values.cluster.id) : std::string();
        if (trim(old->value) != wanted) text_ = withoutAttribute(text_, *cluster, "id");
        return okStatus();
    }

    std::string text_;
    std::string_view file_;
};

/// Whether a text says what is wanted; a patch that does not is our own mistake.
bool says(const DeploymentValues& read, const DeploymentValues& wanted) {
    return std::all_of(deploymentSettings().begin(), deploymentSettings().end(), [&](const DeploymentSetting& each) {
        const std::string fallback(each.fallback);
        return each.wanted(read).value_or(fallback) == each.wanted(wanted).value_or(fallback);
    });
}

}  // namespace

Result<std::string> patchDeployment(std::string_view text, std::string_view file, const Topology& topology,
                                    std::string_view cluster) {
    const Cluster* drawn = topology.cluster(cluster);
    if (drawn == nullptr || drawn->system != "voltdb") {
        return Error{ErrorCode::NotFound, fmt::format("no cluster of voltdb is called '{}'", cluster),
                     std::string(file), "draw it with system: voltdb"};
    }
    if (drawn->members.empty()) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("cluster {} has no host", cluster),
                     {},
                     fmt::format("draw members: {{{}1: {{}}}}", cluster)};
    }
    const Result<XmlElement> before = parseXml(text, file);
    if (!before) return before.error();
    // What is not understood is not patched; the two ids that contradict each other are what a patch mends.
    const Result<DeploymentValues> read = readValues(*before, file);
    if (!read && read.error().what.find("conflicting cluster ids") == std::string::npos) return read.error();
    const DeploymentValues wanted = valuesOf(topology, *drawn);
    Patch patch{std::string(text), file};
    if (Status done = patch.apply(wanted); !done) return done.error();
    std::string out = patch.take();
    const Result<XmlElement> root = parseXml(out, file);
    const Result<DeploymentValues> after = root ? readValues(*root, file) : Result<DeploymentValues>(root.error());
    if (!after || !says(*after, wanted)) {
        return Error{ErrorCode::Internal,
                     fmt::format("the deployment file of {} cannot be written as drawn{}", cluster,
                                 after ? "" : ": " + after.error().text()),
                     std::string(file), "move the file away, and a new one is written"};
    }
    return out;
}

Result<std::vector<DeploymentFile>> deriveDeployments(const Topology& topology) {
    std::vector<DeploymentFile> out;
    for (const Cluster& each : topology.clusters) {
        if (each.system != "voltdb") continue;
        Result<std::string> text = patchDeployment(kNewFile, each.name + "/deployment.xml", topology, each.name);
        if (!text) return text.error();
        out.push_back({each.name, std::move(*text)});
    }
    if (out.empty()) {
        return Error{ErrorCode::NotFound, "no cluster of voltdb is drawn", {}, "draw a cluster with system: voltdb"};
    }
    return out;
}

}  // namespace tributary::voltdb
