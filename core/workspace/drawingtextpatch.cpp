// Patching only the items that an edit touches, each with its neighbours as a small text of its own.
#include <map>
#include <type_traits>
#include <utility>

#include "core/workspace/drawingsections.h"
#include "core/workspace/drawingtext.h"
#include "core/workspace/elementmatch.h"

namespace tributary {

namespace {
/// An edit of more items than this is quicker made on the whole text.
constexpr std::size_t kItemsMax = 400;
}  // namespace

/// Collects what takes the place of which items. Every step answers whether it is certain to do what patching the
/// whole text does.
class DrawingText::Patcher {
public:
    explicit Patcher(const DrawingText& drawing) : drawing_(drawing) {}

    /// nullopt: the whole text must be patched.
    std::optional<std::string> run(const Topology& wanted) {
        if (drawing_.units_.empty()) return std::nullopt;
        Topology target = wanted;
        bool certain = true;
        eachSection(*drawing_.topology_, [&](std::size_t section, const auto& current) {
            certain = certain && changeSection(static_cast<Section>(section), current, sectionOf(target, current));
        });
        if (!certain) return std::nullopt;
        std::string out;
        std::size_t at = 0;
        for (const auto& [begin, change] : changes_) {
            out.append(drawing_.text_, at, begin - at);
            out.append(change.with);
            at = change.end;
        }
        return out.append(drawing_.text_, at);
    }

private:
    struct Change {
        std::size_t end = 0;
        std::string with;
    };

    template <typename T>
    bool changeSection(Section section, const std::vector<T>& current, std::vector<T>& wanted) {
        const std::vector<std::optional<std::size_t>> matches = matchedElements(current, wanted);
        std::vector<std::optional<std::size_t>> becomes(current.size());
        std::vector<T> added;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (matches[i]) {
                becomes[*matches[i]] = i;
            } else {
                added.push_back(std::move(wanted[i]));
            }
        }
        std::vector<std::size_t> touched;
        for (std::size_t i = 0; i < current.size(); ++i) {
            if (!becomes[i] || !(wanted[*becomes[i]] == current[i])) touched.push_back(i);
        }
        if (touched.empty() && added.empty()) return true;
        const std::optional<std::size_t> first = firstItem(section);
        if (!first || touched.size() + added.size() > kItemsMax) return false;
        // New elements follow the last one.
        if (!added.empty() && (touched.empty() || touched.back() + 1 != current.size()))
            touched.push_back(current.size() - 1);
        for (std::size_t i = 0; i < touched.size();) {
            std::size_t end = i + 1;
            while (end < touched.size() && touched[end] == touched[end - 1] + 1) ++end;
            std::vector<T> target;
            for (std::size_t k = i; k < end; ++k) {
                if (becomes[touched[k]]) target.push_back(std::move(wanted[*becomes[touched[k]]]));
            }
            if (end == touched.size()) target.insert(target.end(), added.begin(), added.end());
            if (!changeRun(section, *first + touched[i], *first + touched[end - 1], std::move(target))) return false;
            i = end;
        }
        return true;
    }

    /// Unit of the section's first item.
    [[nodiscard]] std::optional<std::size_t> firstItem(Section section) const {
        for (std::size_t i = 0; i < drawing_.units_.size(); ++i) {
            if (drawing_.units_[i].item && drawing_.units_[i].section == section) return i;
        }
        return std::nullopt;
    }

    template <typename T>
    bool changeRun(Section section, std::size_t first, std::size_t last, std::vector<T> target) {
        const std::size_t begin = drawing_.units_[first].begin;
        const std::size_t end = drawing_.endOf(last);
        const std::string head = headOf(section);
        Topology wanted;
        sectionOf(wanted, target) = std::move(target);
        Result<PatchedText> patched =
            patchTopology(head + drawing_.text_.substr(begin, end - begin), drawing_.file_, wanted);
        if (!patched || patched->rewritten || !patched->text.starts_with(head)) return false;
        changes_[begin] = {end, patched->text.substr(head.size())};
        return true;
    }

    const DrawingText& drawing_;
    std::map<std::size_t, Change> changes_;  ///< by the byte offset where the old text ends to hold
};

Result<PatchedText> DrawingText::patched(const Topology& wanted) const {
    if (auto text = Patcher(*this).run(wanted)) return PatchedText{std::move(*text), false};
    return patchTopology(text_, file_, wanted);
}

}  // namespace tributary
