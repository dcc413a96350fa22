// Permissions of the acting user.
#include "app/adapters/enginepermissions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::app {
namespace {

using runbooks::CheckOutcome;
using runbooks::CheckVerdict;

// One entry of one list of permissions; an entry that is not there denies, as the clusters hold it.
CheckOutcome grants(const engine::maprdb::Permissions& perms, const std::string& name, const AceSubject& subject,
                    const std::string& owner) {
    const auto at = perms.find(name);
    if (at == perms.end()) return {CheckVerdict::False, fmt::format("{} of {} is not set", name, owner)};
    std::string evidence = fmt::format("{} of {} is '{}', asked for u:{}", name, owner, at->second, subject.user);
    const Result<Ace> ace = parseAce(at->second);
    if (!ace) return {CheckVerdict::Unknown, evidence + ", which cannot be read"};
    if (!ace->groups().empty()) {
        evidence += subject.groups.empty() ? ", who is in no group" : ", who is in " + join(subject.groups, ", ");
    }
    return {ace->allows(subject) ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

// All must grant: the first that does not decides; one that cannot be told makes the whole Unknown.
CheckOutcome both(const CheckOutcome& a, const CheckOutcome& b) {
    if (a.verdict == CheckVerdict::False) return a;
    if (b.verdict == CheckVerdict::False) return b;
    return a.verdict == CheckVerdict::Unknown ? a : b;
}

CheckOutcome either(const CheckOutcome& a, const CheckOutcome& b) {
    if (a.verdict == CheckVerdict::True) return a;
    if (b.verdict == CheckVerdict::True) return b;
    return a.verdict == CheckVerdict::Unknown ? a : b;
}

std::string ownerOf(const engine::maprdb::TableRecord& table, const engine::maprdb::FamilyRecord& family) {
    return fmt::format("family {} of {}", family.name, table.path);
}

}  // namespace

bool turnsOnGroups(const engine::maprdb::TableRecord& table) {
    const auto named = [](const engine::maprdb::Permissions& perms) {
        return std::any_of(perms.begin(), perms.end(), [](const auto& each) {
            const Result<Ace> ace = parseAce(each.second);
            return ace && !ace->groups().empty();
        });
    };
    return named(table.perms) || std::any_of(table.families.begin(), table.families.end(),
                                             [&](const auto& family) { return family.live() && named(family.perms); });
}

CheckOutcome holdsPermission(const engine::maprdb::TableRecord& table, const AceSubject& subject,
                             const std::string& permission) {
    const bool ofFamilies = (permission == "readperm" || permission == "writeperm") && table.kind != "stream";
    if (!ofFamilies) return grants(table.perms, permission, subject, table.path);
    CheckOutcome all = grants(table.perms, "default" + permission, subject, table.path);
    bool first = permission == "writeperm";  // the default only counts while there is no family
    for (const engine::maprdb::FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        const CheckOutcome one = grants(family.perms, permission, subject, ownerOf(table, family));
        all = first ? one : both(all, one);
        first = false;
    }
    return all;
}

CheckOutcome anyFamilyGrants(const engine::maprdb::TableRecord& table, const AceSubject& subject,
                             const std::string& permission) {
    CheckOutcome any{CheckVerdict::False, fmt::format("{} has no column family", table.path)};
    for (const engine::maprdb::FamilyRecord& family : table.families) {
        if (family.live()) any = either(grants(family.perms, permission, subject, ownerOf(table, family)), any);
    }
    return any;
}

}  // namespace tributary::app
