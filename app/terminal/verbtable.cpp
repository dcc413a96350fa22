// The one table of verbs: help, completion and dispatch read it.
#include <iterator>

#include "app/terminal/verb.h"

namespace tributary::app {
namespace {

std::vector<Verb> joinedVerbs() {
    std::vector<Verb> all;
    for (auto part : {workspaceVerbs, planVerbs, runbookVerbs, dialectVerbs, tarantoolVerbs, databaseVerbs, dataVerbs,
                      streamVerbs, workloadVerbs, faultVerbs, benchVerbs, certVerbs, careVerbs, helpVerbs}) {
        std::vector<Verb> verbs = part();
        all.insert(all.end(), std::make_move_iterator(verbs.begin()), std::make_move_iterator(verbs.end()));
    }
    return all;
}

}  // namespace

const std::vector<Verb>& verbTable() {
    static const std::vector<Verb> kVerbs = joinedVerbs();
    return kVerbs;
}

}  // namespace tributary::app
