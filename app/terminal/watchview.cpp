// Head, links, alarms, run, chart and keys.
#include "app/terminal/watchview.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/terminal/jsonvalues.h"
#include "app/terminal/texttable.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "core/telemetry/lagchart.h"

namespace tributary::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kWideColumns = 130;    ///< from here on a link is one line
constexpr std::size_t kChartLinesMin = 7;    ///< a smaller chart tells nothing
constexpr std::size_t kChartLinesGood = 10;  ///< so much is worth a second chart
constexpr std::size_t kChartLinesMax = 20;
constexpr Millis kSparklineMs = 60'000;
constexpr Millis kChartMs = 120'000;
constexpr Millis kChartMsMin = 10'000;
constexpr Millis kStaleMs = 3'000;

/// UTF-8 text cut to `columns` characters, with nothing in it that a terminal acts on.
std::string cut(const std::string& raw, std::size_t columns) {
    const std::string text = shownLine(raw);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (seen == columns) return text.substr(0, i);
        ++seen;
    }
    return text;
}

std::string padded(const std::string& text, std::size_t columns) {
    const std::size_t width = displayWidth(text);
    return width >= columns ? text : text + std::string(columns - width, ' ');
}

class Painter {
public:
    Painter(const WatchModel& model, const WatchStyle& style) : model_(model), style_(style) {}

    std::vector<std::string> paint() {
        head();
        const std::vector<std::string> below = lower();
        const std::size_t reserved = below.size() + (style_.keys ? 1 : 0);
        links(reserved);
        lines_.insert(lines_.end(), below.begin(), below.end());
        charts();
        if (style_.lines > 0) {
            const std::size_t room = style_.lines - (style_.keys ? 1 : 0);
            if (lines_.size() > room) lines_.resize(room);
            if (style_.keys) lines_.resize(room);
        }
        if (style_.keys) lines_.push_back(keys());
        for (std::string& line : lines_) {
            // Only our own colours stand in front of a line.
            if (!line.starts_with("\x1b[")) line = cut(line, style_.columns);
        }
        return std::move(lines_);
    }

private:
    /// A line in a colour, cut before the colour is put around it.
    [[nodiscard]] std::string painted(const std::string& line, const char* colour) const {
        const std::string fits = cut(line, style_.columns);
        return style_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colour, fits) : fits;
    }

    void head() {
        const WorkspaceStatus& status = model_.status();
        const Millis ageMs = std::max<Millis>(0, style_.nowMs - model_.observedMs());
        const std::string right = isoTime(style_.nowMs).substr(11, 8) + " UTC  sample " + humanDuration(ageMs) + " old";
        const std::size_t room = style_.columns > right.size() + 2 ? style_.columns - right.size() - 2 : 10;
        lines_.push_back(painted(padded(cut("tributary watch  " + status.root, room), room) + "  " + right, "1"));
        std::string clusters;
        for (const ClusterRow& cluster : status.clusters) {
            std::size_t open = 0;
            for (const GatewayRow& gateway : cluster.gateways) open += gateway.running.value_or(false) ? 1 : 0;
            clusters += fmt::format("{}{} {}", clusters.empty() ? "" : " | ", cluster.name, cluster.state);
            if (cluster.ofMembers) {
                const auto answering = std::count_if(cluster.members.begin(), cluster.members.end(),
                                                     [](const MemberLook& each) { return each.answered(); });
                clusters += fmt::format(", {} of {} instances", answering, cluster.members.size());
            } else if (cluster.answered)
                clusters += fmt::format(", {} of {} gateways", open, cluster.gateways.size());
        }
        lines_.push_back(clusters.empty() ? "no clusters are drawn" : clusters);
        lines_.emplace_back();
    }

    [[nodiscard]] bool wide() const { return style_.columns >= kWideColumns; }

    [[nodiscard]] std::string sparkline(const LinkRow& link, std::size_t width) const {
        const LagSeries* series = model_.series(link);
        if (series == nullptr) return {};
        const auto glyphs = style_.unicode ? ChartGlyphs::Unicode : ChartGlyphs::Ascii;
        return renderSparkline(*series, LagFigure::Lag, style_.nowMs - kSparklineMs, style_.nowMs, width, glyphs);
    }

    [[nodiscard]] std::string age(const LinkRow& link) const {
        const auto known = model_.knownMs(link);
        return known ? humanDuration(std::max<Millis>(0, style_.nowMs - *known)) : "?";
    }

    void links(std::size_t reserved) {
        const std::vector<LinkRow>& all = model_.status().links;
        if (all.empty()) {
            lines_.emplace_back("no links: tables replicate once both sides have agreed (tributary runbook list)");
            return;
        }
        std::size_t path = 8;
        for (const LinkRow& link : all) path = std::max(path, link.from.size() + link.to.size() + 4);
        path = std::min(path, style_.columns - (wide() ? 66 : 4));
        const std::string figures = fmt::format("{:<18} {:>10} {:>10} {:>10} {:>8}  {}", "STATE", "LAG", "BYTES", "OPS",
                                                "AGE", wide() ? "LAG, 60 S" : "60 S");
        lines_.push_back(wide() ? fmt::format("  {:<{}} {}", "LINK", path, figures) : "    " + figures);
        const std::size_t each = wide() ? 1 : 2;
        std::size_t shown = 0;
        for (const LinkRow& link : all) {
            const bool room =
                style_.lines == 0 || lines_.size() + each + (shown + 1 < all.size() ? 1 : 0) + reserved <= style_.lines;
            if (!room) break;
            one(link, path);
            ++shown;
        }
        if (shown < all.size())
            lines_.push_back(fmt::format("  and {} more links (--once shows all)", all.size() - shown));
    }

    static const char* colourOf(LinkHealth health) {
        switch (health) {
            case LinkHealth::Good: return "32";
            case LinkHealth::Held: return "33";
            case LinkHealth::Bad: return "31";
            case LinkHealth::Unknown: break;
        }
        return "90";
    }

    void one(const LinkRow& link, std::size_t path) {
        const auto spell = [](const std::optional<std::int64_t>& value, auto text) {
            return value ? text(*value) : std::string("?");
        };
        const bool chosen = style_.keys && model_.selected() == &link;
        const std::string mark = chosen ? "> " : "  ";
        std::string state = link.state + (link.copyPercent ? fmt::format(" {} %", *link.copyPercent) : "") +
                            (link.synchronous ? (link.fellBack ? ", fell back" : ", sync") : "") +
                            (link.fault.empty() ? std::string() : ", " + link.fault);
        const std::string figures = fmt::format(
            "{:<18} {:>10} {:>10} {:>10} {:>8}  ", cut(state, 18), spell(link.lagMs, humanDuration),
            spell(link.bytesPending, [](std::int64_t n) { return humanBytes(static_cast<std::uint64_t>(n)); }),
            spell(link.operationsPending, [](std::int64_t n) { return groupedDigits(static_cast<std::uint64_t>(n)); }),
            age(link));
        const std::string name = link.from + " -> " + link.to;
        const std::string front = wide() ? mark + padded(cut(name, path), path) + " " + figures : "    " + figures;
        const std::size_t width = displayWidth(front) + 8 < style_.columns ? style_.columns - displayWidth(front) : 0;
        const std::string line =
            front + (width > 0 ? sparkline(link, std::min<std::size_t>(width, 60)) : std::string());
        const char* colour = colourOf(link.health());
        if (!wide()) lines_.push_back(painted(mark + name, chosen ? "1" : "0"));
        lines_.push_back(painted(line, colour));
    }

    /// Errors, alarms, the run and the message: what must not be pushed out by many links.
    std::vector<std::string> lower() {
        std::vector<std::string> out;
        for (const LinkRow& link : model_.status().links) {
            if (link.error.empty() || out.size() >= 3) continue;
            out.push_back(painted("  ! " + link.from + " -> " + link.to + ": " + link.error, "31"));
        }
        for (const LinkRow& link : model_.status().links) {
            const std::string note = linkNote(link);
            if (note.empty() || out.size() >= 5) continue;
            out.push_back(painted("  - " + link.from + " -> " + link.to + ": " + note, "33"));
        }
        std::vector<std::string> alarms;
        std::vector<std::string> silent;
        for (const ClusterRow& cluster : model_.status().clusters) {
            if (!cluster.answered && cluster.state != "down") silent.push_back(cluster.name);
            for (const AlarmRow& alarm : cluster.alarms) {
                alarms.push_back(fmt::format("  {} {} on {}, since {}", alarm.name, alarm.entity, cluster.name,
                                             humanDuration(std::max<Millis>(0, style_.nowMs - alarm.raisedMs))));
            }
        }
        out.emplace_back();
        out.push_back(alarms.empty()
                          ? "no alarms"
                          : painted(fmt::format("{} alarm{}", alarms.size(), alarms.size() == 1 ? "" : "s"), "31"));
        if (!silent.empty()) out.back() += "; those of " + join(silent, ", ") + " are unknown";
        const std::size_t shown = std::min<std::size_t>(alarms.size(), style_.lines == 0 ? alarms.size() : 4);
        out.insert(out.end(), alarms.begin(), alarms.begin() + static_cast<std::ptrdiff_t>(shown));
        if (shown < alarms.size()) out.push_back(fmt::format("  and {} more", alarms.size() - shown));
        out.push_back(run());
        return out;
    }

    [[nodiscard]] std::string run() const {
        if (!model_.run()) return "no run is under way";
        const WatchRun& run = *model_.run();
        const std::size_t width = 20;
        const std::size_t full =
            run.steps > 0 ? width * static_cast<std::size_t>(run.settled) / static_cast<std::size_t>(run.steps) : 0;
        const std::string bar = std::string(full, '#') + std::string(width - full, '.');
        return fmt::format("run {} [{}] {}/{} {}{}", run.runbook, bar, run.settled, run.steps,
                           run.step.empty() ? std::string() : run.step + " ", run.state);
    }

    /// The chosen link's chart, and those of others where there is room.
    void charts() {
        std::vector<const LinkRow*> links;
        if (const LinkRow* chosen = model_.selected(); chosen != nullptr && model_.series(*chosen) != nullptr)
            links.push_back(chosen);
        for (const LinkRow& link : model_.status().links) {
            if (!links.empty() && &link != links.front() && model_.series(link) != nullptr) links.push_back(&link);
        }
        if (links.empty() || style_.lines <= lines_.size() + 1) return;
        const std::size_t room = style_.lines - lines_.size() - 1;  // the keys' line stays
        const std::size_t count = std::clamp<std::size_t>(room / (kChartLinesGood + 2), 1, links.size());
        std::size_t height = room / count - 1;  // a line between
        const bool named = height > kChartLinesMin;
        if (named) --height;
        if (height < kChartLinesMin) return;
        for (std::size_t i = 0; i < count; ++i) chart(*links[i], named, std::min(kChartLinesMax, height));
    }

    void chart(const LinkRow& link, bool named, std::size_t height) {
        LagChartOptions options;
        options.fromMs = std::max(style_.nowMs - kChartMs, std::min(model_.firstMs(), style_.nowMs - kChartMsMin));
        options.toMs = style_.nowMs;
        options.width = std::max<std::size_t>(style_.columns, 25);
        options.height = height;
        options.glyphs = style_.unicode ? ChartGlyphs::Unicode : ChartGlyphs::Ascii;
        lines_.emplace_back();
        if (named) lines_.push_back(link.from + " -> " + link.to);
        std::vector<std::string> drawn = split(renderLagChart(*model_.series(link), options), '\n');
        if (!drawn.empty() && drawn.back().empty()) drawn.pop_back();
        lines_.insert(lines_.end(), drawn.begin(), drawn.end());
    }

    [[nodiscard]] std::string keys() const {
        if (!model_.message().empty()) return painted(model_.message(), "7");
        return painted("up/down: choose a link   p: pause it   r: resume it   q: quit", "2");
    }

    const WatchModel& model_;
    const WatchStyle& style_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> renderWatch(const WatchModel& model, const WatchStyle& style) {
    return Painter(model, style).paint();
}

Json watchJson(const WatchModel& model, Millis nowMs) {
    const WorkspaceStatus& status = model.status();
    Json document{{"at", isoTime(model.observedMs())}, {"workspace", status.root}};
    document["clusters"] = Json::array();
    document["links"] = Json::array();
    document["alarms"] = Json::array();
    for (const ClusterRow& cluster : status.clusters) {
        document["clusters"].push_back(
            Json{{"name", cluster.name}, {"state", cluster.state}, {"reason", cluster.reason}});
        for (const MemberLook& member : cluster.members) {
            document["clusters"].back()["instances"].push_back(
                Json{{"name", member.name}, {"state", member.state}, {"readOnly", orNull(member.readOnly)}});
        }
        for (const AlarmRow& alarm : cluster.alarms) {
            document["alarms"].push_back(Json{{"cluster", cluster.name},
                                              {"name", alarm.name},
                                              {"entity", alarm.entity},
                                              {"raised", isoTime(alarm.raisedMs)},
                                              {"description", alarm.description}});
        }
    }
    for (const LinkRow& link : status.links) {
        const auto known = model.knownMs(link);
        document["links"].push_back(Json{{"from", link.from},
                                         {"to", link.to},
                                         {"state", link.state == "?" ? "unknown" : link.state},
                                         {"lagMs", orNull(link.lagMs)},
                                         {"bytesPending", orNull(link.bytesPending)},
                                         {"operationsPending", orNull(link.operationsPending)},
                                         {"bytesPerSecond", orNull(link.bytesPerS)},
                                         {"operationsPerSecond", orNull(link.operationsPerS)},
                                         {"drainMs", orNull(link.drainMs)},
                                         {"sampleAgeMs", known ? Json(std::max<Millis>(0, nowMs - *known)) : Json()},
                                         {"stale", !known || nowMs - *known > kStaleMs},
                                         {"error", link.error}});
        if (link.ofMembers) document["links"].back()["idleMs"] = orNull(link.idleMs);
    }
    document["run"] = Json();
    if (model.run()) {
        const WatchRun& run = *model.run();
        document["run"] = Json{{"runbook", run.runbook},
                               {"step", run.step.empty() ? Json() : Json(run.step)},
                               {"state", run.state},
                               {"settled", run.settled},
                               {"steps", run.steps}};
    }
    return document;
}

}  // namespace tributary::app
