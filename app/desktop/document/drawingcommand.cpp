// Splices of text and the command made of them.
#include "app/desktop/document/drawingcommand.h"

#include <algorithm>

namespace tributary::desktop {

TextSplice TextSplice::between(std::string_view before, std::string_view after) {
    const std::size_t shortest = std::min(before.size(), after.size());
    std::size_t head = 0;
    while (head < shortest && before[head] == after[head]) ++head;
    std::size_t tail = 0;
    while (tail < shortest - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
    return {head, std::string(before.substr(head, before.size() - head - tail)),
            std::string(after.substr(head, after.size() - head - tail))};
}

std::string TextSplice::applied(std::string text) const {
    text.replace(std::min(offset, text.size()), removed.size(), inserted);
    return text;
}

std::string TextSplice::reverted(std::string text) const {
    text.replace(std::min(offset, text.size()), inserted.size(), removed);
    return text;
}

DrawingCommand::DrawingCommand(Step step, Perform perform) : step_(std::move(step)), perform_(std::move(perform)) {
    setText(step_.title);
}

bool DrawingCommand::mergeWith(const QUndoCommand* other) {
    const auto* next = dynamic_cast<const DrawingCommand*>(other);
    if (next == nullptr || step_.merge == Merge::Never || next->step_.merge != step_.merge) return false;
    const Step& after = next->step_;
    if (step_.merge == Merge::Moving) {
        if (after.title != step_.title) return false;
        step_.layoutAfter = after.layoutAfter;
        return true;
    }
    // Typing: the new stretch begins where the old one ends, or takes back part of it.
    TextSplice& mine = step_.splice;
    const TextSplice& theirs = after.splice;
    if (theirs.removed.empty() && theirs.offset == mine.offset + mine.inserted.size()) {
        mine.inserted += theirs.inserted;
        return true;
    }
    const bool inside =
        theirs.offset >= mine.offset && theirs.offset + theirs.removed.size() <= mine.offset + mine.inserted.size();
    if (!inside) return false;
    mine.inserted.replace(theirs.offset - mine.offset, theirs.removed.size(), theirs.inserted);
    return true;
}

}  // namespace tributary::desktop
