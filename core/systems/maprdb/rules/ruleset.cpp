// All rules of MapR-DB.
#include "core/systems/maprdb/rules/rulesets.h"
#include "core/systems/rulesets.h"

namespace tributary::rulesets {

void addMaprDbRules(std::vector<Rule>& rules) {
    maprdb::addPathRules(rules);
    maprdb::addAgreementRules(rules);
    maprdb::addFamilyRules(rules);
    maprdb::addFilterRules(rules);
    maprdb::addGatewayRules(rules);
    maprdb::addPermissionRules(rules);
    maprdb::addMasterRules(rules);
    maprdb::addModeRules(rules);
}

}  // namespace tributary::rulesets
