// Links that are registered otherwise than they are drawn.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "runbooks/planner/planlinkparts.h"

namespace tributary::runbooks::detail {
namespace {

using Kind = DifferenceKind;

bool covered(const std::string& column, const std::set<std::string>& list) {
    return list.count(column) > 0 || list.count(column.substr(0, column.find(':'))) > 0;
}

class Changes {
public:
    explicit Changes(LinkSteps& steps) : steps_(steps) {}

    void change(const Link& link) {
        const ReplicaId id{link.drawn->from, link.drawn->to};
        const auto columns = steps_.work.of(id, "columns");
        if (columns) changeColumns(link, *columns);
        changeOptions(link);
        const auto paused = steps_.work.of(id, "paused");
        if (paused && link.drawn->paused) {
            steps_.pause(Phase::Edit, ReplicaId{link.drawn->from, link.drawn->to},
                         "It is drawn as paused: its source keeps what it would send.", paused);
            steps_.work.guard(check("replica-has", {id.from, id.to, "paused", "false"}));
        } else if (paused && !(columns && widens(link))) {
            steps_.resume(link, paused);
            steps_.work.guard(check("replica-paused", {id.from, id.to}));
            if (link.both) steps_.arriving.push_back(link.drawn);
        }
        if (const auto state = steps_.work.of(id, "state")) {
            steps_.work.leave(*state, "the records are as they are drawn: what fails is told by the link",
                              "tributary status");
        }
    }

    void changeOptions(const Link& link) {
        const ReplicaId id{link.drawn->from, link.drawn->to};
        if (link.stale) return;  // the record is made anew
        std::vector<LinkOption> options;
        std::vector<std::size_t> closes;
        std::vector<std::string> reasons;
        for (const std::size_t at : steps_.work.of(id)) {
            const Difference& difference = steps_.work.differences()[at];
            if (difference.attribute == "networkencryption") {
                steps_.work.leave(at,
                                  "a plan leaves networkencryption out: certificates are no part of a drawing "
                                  "(tributary help security)",
                                  {});
            }
            const bool plain = difference.attribute == "synchronous" || difference.attribute == "throttle" ||
                               difference.attribute == "networkcompression";
            if (!plain || difference.kind != Kind::Different) continue;
            options.push_back({difference.attribute, *difference.observed, *difference.drawn});
            closes.push_back(at);
            reasons.push_back(
                fmt::format("{} is {} and drawn as {}", difference.attribute, *difference.observed, *difference.drawn));
        }
        if (options.empty()) return;
        std::vector<std::string> names;
        names.reserve(options.size());
        for (const LinkOption& each : options) names.push_back(each.name);
        // Writes to a link that is still paused would wait for what is not sent.
        const bool later = link.drawn->synchronous && !link.drawn->paused && link.there->paused.value_or(false);
        Draft& draft = steps_.work.step(
            later ? Phase::Settle : Phase::Edit, "edit", linkSlug(id.from, id.to), id, StepEffect::Alters,
            fmt::format("Set {} of {} to {}", join(names, ", "), id.from, id.to), join(reasons, "; ") + ".");
        draft.info.closes = std::move(closes);
        LinkSteps::edit(draft.step, id, options, steps_.work.noun(link.drawn->from));
        for (const Check& each : draft.step.requirements) steps_.work.guard(each);
    }

private:
    [[nodiscard]] static std::set<std::string> setOf(const std::vector<std::string>& list) {
        return {list.begin(), list.end()};
    }

    /// The columns that the replica gets from now on and did not before; all of the table counts as one.
    [[nodiscard]] std::vector<std::string> addedColumns(const Link& link) const {
        const std::set<std::string> before = setOf(link.there->columns.value_or(std::vector<std::string>{}));
        std::vector<std::string> out;
        if (before.empty()) return out;
        for (const std::string& column : setOf(link.drawn->columns)) {
            if (!covered(column, before)) out.push_back(column);
        }
        return out;
    }
    [[nodiscard]] bool widens(const Link& link) const {
        const bool whole =
            link.drawn->columns.empty() && !link.there->columns.value_or(std::vector<std::string>{}).empty();
        return whole || !addedColumns(link).empty();
    }

    void changeColumns(const Link& link, std::size_t difference) {
        const Replica& drawn = *link.drawn;
        const ReplicaId id{drawn.from, drawn.to};
        const bool runs = !link.there->paused.value_or(false);
        const bool wide = widens(link);
        if (wide && runs && !drawn.columns.empty()) {
            steps_.pause(Phase::Edit, ReplicaId{link.drawn->from, link.drawn->to},
                         "What is added is copied before anything newer of it is sent.", difference);
        }
        if (drawn.columns.empty()) {
            replaceByWhole(link, difference);
        } else {
            editColumns(link, difference);
        }
        if (!wide) return;
        if (!link.copied) {
            steps_.copy(link, join(addedColumns(link), ","),
                        "Rows hold columns that the replica has not been sent so far.");
        }
        if (drawn.paused) return;
        steps_.resume(link, steps_.work.of(id, "paused"));
        if (link.both) steps_.arriving.push_back(&drawn);
    }

    void editColumns(const Link& link, std::size_t difference) {
        const Replica& drawn = *link.drawn;
        const std::string now = optionsOf(*link.there).columns;
        Draft& draft = columnsStep(link, difference, "columns", "Change what of {} is sent to {}");
        LinkSteps::edit(draft.step, {drawn.from, drawn.to}, {{"columns", now, optionsOf(drawn).columns}},
                        steps_.work.noun(link.drawn->from));
        if (now.empty()) {
            // No edit takes a list away again: the record is made anew.
            draft.step.undo = remade(drawn, optionsOf(*link.there), link.there->paused.value_or(false));
        }
        for (const Check& each : draft.step.requirements) steps_.work.guard(each);
    }

    void replaceByWhole(const Link& link, std::size_t difference) {
        const Replica& drawn = *link.drawn;
        ReplicaOptions options = optionsOf(*link.there);
        Draft& draft = columnsStep(link, difference, "whole", "{} sends {} the whole table");
        Step& step = draft.step;
        step.why +=
            " No edit takes a list of columns away, so that the record is made anew; the copy brings what falls "
            "between.";
        step.targets = {drawn.from};
        step.doneWhen = {check("whole-table", {drawn.from, drawn.to}), check("replica-paused", {drawn.from, drawn.to})};
        step.requirements = {check("replica-has", {drawn.from, drawn.to, "columns", options.columns})};
        steps_.work.guard(step.requirements.front());
        step.undo = remade(drawn, options, link.there->paused.value_or(false));
        options.columns.clear();
        step.commands = {
            {Line("maprcli table replica remove").with("path", drawn.from).with("replica", drawn.to),
             check("replica-absent", {drawn.from, drawn.to}),
             {}},
            {replicaAddLine(drawn.from, drawn.to, options, true), check("replica-listed", {drawn.from, drawn.to}), {}}};
        for (const Check& each : step.doneWhen) step.verify.push_back({VerifyClause::Kind::Becomes, each});
        step.safeToStop = false;
    }

    Draft& columnsStep(const Link& link, std::size_t difference, const char* verb, const char* title) {
        const Difference& what = steps_.work.differences()[difference];
        Draft& draft = steps_.work.step(
            Phase::Edit, verb, linkSlug(link.drawn->from, link.drawn->to), ReplicaId{link.drawn->from, link.drawn->to},
            StepEffect::Alters, fmt::format(fmt::runtime(title), link.drawn->from, link.drawn->to),
            fmt::format("It is sent {} and drawn to be sent {}.", *what.observed, *what.drawn));
        draft.info.closes = {difference};
        return draft;
    }

    static std::vector<CommandLine> remade(const Replica& drawn, const ReplicaOptions& options, bool paused) {
        std::vector<CommandLine> out{
            {Line("maprcli table replica remove").with("path", drawn.from).with("replica", drawn.to), {}, {}},
            {replicaAddLine(drawn.from, drawn.to, options, paused), {}, {}}};
        return out;
    }

    LinkSteps& steps_;
};

}  // namespace

void changeLink(LinkSteps& steps, const Link& link) {
    Changes(steps).change(link);
}

}  // namespace tributary::runbooks::detail
