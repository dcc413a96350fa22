// Puts the catalogue together and runs it.
#include "core/systems/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "core/base/text.h"
#include "core/systems/rulesets.h"

namespace tributary {

namespace {

void sortFindings(std::vector<Finding>& findings) {
    // Findings without a position come last.
    const auto line = [](const Finding& finding) {
        return finding.pos.known() ? finding.pos.line : std::numeric_limits<int>::max();
    };
    std::stable_sort(findings.begin(), findings.end(), [&](const Finding& left, const Finding& right) {
        return std::make_tuple(line(left), left.pos.column, std::string_view(left.rule), std::string_view(left.where),
                               std::string_view(left.reason)) <
               std::make_tuple(line(right), right.pos.column, std::string_view(right.rule),
                               std::string_view(right.where), std::string_view(right.reason));
    });
}

}  // namespace

std::vector<Rule> ruleCatalogue() {
    std::vector<Rule> rules;
    rulesets::addDrawingRules(rules);
    rulesets::addMaprDbRules(rules);
    rulesets::addTarantoolRules(rules);
    rulesets::addVoltDbRules(rules);
    std::sort(rules.begin(), rules.end(), [](const Rule& left, const Rule& right) { return left.id < right.id; });
    return rules;
}

std::vector<Finding> checkTopology(const Topology& topology, const CheckOptions& options) {
    const RuleContext context(topology, options);
    std::vector<Finding> findings;
    for (const Rule& rule : ruleCatalogue()) {
        FindingSink sink(rule, findings);
        rule.check(context, sink);
    }
    sortFindings(findings);
    return findings;
}

Result<std::vector<Finding>> checkRule(std::string_view id, const Topology& topology, const CheckOptions& options) {
    std::vector<std::string> ids;
    for (const Rule& rule : ruleCatalogue()) {
        if (rule.id != id) {
            ids.push_back(rule.id);
            continue;
        }
        const RuleContext context(topology, options);
        std::vector<Finding> findings;
        FindingSink sink(rule, findings);
        rule.check(context, sink);
        sortFindings(findings);
        return findings;
    }
    const std::string near = nearest(id, ids);
    return Error{ErrorCode::NotFound,
                 fmt::format("there is no rule '{}'", id),
                 {},
                 near.empty() ? "tributary help rules" : fmt::format("did you mean '{}'?", near)};
}

}  // namespace tributary
