// One undoable step: a change of the text and of the layout, kept as what was replaced.
#pragma once

#include <QUndoCommand>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/desktop/document/layoutsidecar.h"

namespace tributary::desktop {

/// The one stretch in which two texts differ.
struct TextSplice {
    std::size_t offset = 0;
    std::string removed;
    std::string inserted;

    [[nodiscard]] static TextSplice between(std::string_view before, std::string_view after);
    [[nodiscard]] bool empty() const { return removed.empty() && inserted.empty(); }
    /// The text after, from the text before.
    [[nodiscard]] std::string applied(std::string text) const;
    /// The text before, from the text after.
    [[nodiscard]] std::string reverted(std::string text) const;
};

using LayoutPtr = std::shared_ptr<const LayoutSidecar>;

/// Undo is total because the text itself goes back, comments and all; the drawing is read from it again.
class DrawingCommand final : public QUndoCommand {
public:
    enum class Merge {
        Never,
        Typing,  ///< joins the typing before it
        Moving   ///< joins the move of the same items before it (arrow keys)
    };
    struct Step {
        QString title;
        TextSplice splice;
        LayoutPtr layoutBefore;
        LayoutPtr layoutAfter;
        Merge merge = Merge::Never;
    };
    enum class Direction { Do, Undo };
    /// Puts a step into effect; owned by the document, which outlives its undo stack's commands.
    using Perform = std::function<void(const Step&, Direction)>;

    DrawingCommand(Step step, Perform perform);
    void redo() override { perform_(step_, Direction::Do); }
    void undo() override { perform_(step_, Direction::Undo); }
    [[nodiscard]] int id() const override { return static_cast<int>(step_.merge); }
    bool mergeWith(const QUndoCommand* other) override;

private:
    Step step_;
    Perform perform_;
};

}  // namespace tributary::desktop
