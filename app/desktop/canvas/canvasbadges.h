// The problems of a drawing by the item that shows them. Of the canvas' own sources.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "app/desktop/canvas/canvasscene.h"

namespace tributary::desktop {

/// What is wrong with each item, and how badly.
struct CanvasScene::Badges {
    struct Badge {
        Severity worst = Severity::Info;
        int count = 0;
        void add(Severity severity) {
            worst = count == 0 ? severity : std::min(worst, severity);
            ++count;
        }
        [[nodiscard]] std::optional<Severity> shown() const { return count == 0 ? std::nullopt : std::optional(worst); }
    };
    std::map<std::string, Badge, std::less<>> clusters;
    std::map<std::string, Badge, std::less<>> datasets;
    std::map<ItemRef, Badge> links;
    std::map<std::string, Badge, std::less<>> regions;  ///< their own
};

}  // namespace tributary::desktop
