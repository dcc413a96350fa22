// The parts the catalogue is put together from: one for every drawing, one of each system that has rules.
#pragma once

#include <vector>

#include "core/rules/rule.h"

namespace tributary::rulesets {

void addDrawingRules(std::vector<Rule>& rules);    ///< clusters, kinds, networks, edges between systems
void addMaprDbRules(std::vector<Rule>& rules);     ///< core/systems/maprdb/rules
void addTarantoolRules(std::vector<Rule>& rules);  ///< core/systems/tarantool/rules
void addVoltDbRules(std::vector<Rule>& rules);     ///< core/systems/voltdb/rules

}  // namespace tributary::rulesets
