// Steps that any dialect may have.
#include "runbooks/dialects/stepshape.h"

namespace tributary::runbooks {

StepShape shapeOfLook(const std::string& id, const std::string& title, const std::string& check) {
    StepShape shape;
    shape.id = id;
    shape.title = title;
    shape.verify = {check};
    shape.undo = "none";
    shape.repeatable = true;
    return shape;
}

StepShape shapeByHand(const Operation& op) {
    StepShape shape;
    shape.id = "by-hand";
    shape.title = "Run " + std::string(verbName(op.verb));
    shape.byHand = true;
    return shape;
}

}  // namespace tributary::runbooks
