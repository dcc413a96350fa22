// The rules of MapR-DB, one file per theme.
#pragma once

#include <vector>

#include "core/rules/rule.h"
#include "core/systems/maprdb/rules/context.h"

namespace tributary::maprdb {

void addPathRules(std::vector<Rule>& rules);        ///< paths, what edges name
void addAgreementRules(std::vector<Rule>& rules);   ///< the two halves, limits, duplicates
void addFamilyRules(std::vector<Rule>& rules);      ///< kinds, families, columns
void addFilterRules(std::vector<Rule>& rules);      ///< column lists against each other
void addGatewayRules(std::vector<Rule>& rules);     ///< gateways of the destination
void addPermissionRules(std::vector<Rule>& rules);  ///< access control expressions
void addMasterRules(std::vector<Rule>& rules);      ///< multi-master: deletettl, stream offsets
void addModeRules(std::vector<Rule>& rules);        ///< bulk load, synchronous, throttle, encryption, compression

}  // namespace tributary::maprdb
