// The text of a drawing and what it draws, kept together: a small change of a large text costs a small reading.
//
// Decision: reading half a megabyte of YAML takes 70 ms, too long for every edit on the GUI thread. Reading it on
// another thread was rejected: text, drawing and undo would run apart. A parser of our own was rejected as in
// strictyaml.h. Instead the text is cut at the lines on which the items of its sections begin; a change inside items
// is read as a small document of its own, with the same parser, and whatever is not certain to mean the same there
// makes the whole text be read.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologypatch.h"

namespace tributary {

/// A value: copies share nothing but the drawing, which never changes. Not for several threads at once.
class DrawingText {
public:
    /// An empty drawing without a text. `file` is used in errors only.
    explicit DrawingText(std::string file = {}) : file_(std::move(file)) {}
    /// Reads the whole text. Errors: those of parseTopology.
    [[nodiscard]] static Result<DrawingText> read(std::string text, std::string file);

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::shared_ptr<const Topology>& topology() const { return topology_; }

    /// Takes `text` in place of the old one; the same as reading it whole, positions included. Errors: those of
    /// parseTopology; then nothing changed.
    [[nodiscard]] Status take(std::string text);
    /// Makes the text draw `wanted`: the same as patchTopology(text(), ..., wanted). Errors: those of patchTopology.
    [[nodiscard]] Result<PatchedText> patched(const Topology& wanted) const;
    /// How often take() had to read the whole text.
    [[nodiscard]] std::size_t wholeReadings() const { return wholeReadings_; }

private:
    /// The sections in which single items are read alone; None stands for everything else.
    enum class Section : std::size_t {
        Clusters,
        Datasets,
        Replicas,
        Upstreams,
        Peers,
        Connections,
        Wan,
        Regions,
        None
    };
    static constexpr std::size_t kSections = static_cast<std::size_t>(Section::None);
    /// A stretch of whole lines: an item, or what stands before the first item of a section.
    struct Unit {
        std::size_t begin = 0;  ///< byte offset of a line's start; it reaches to the next unit
        int line = 1;           ///< of its begin
        Section section = Section::None;
        bool item = false;
    };
    /// Whether a section's items stand on lines of their own, and how deep.
    struct Cut {
        bool open = false;
        std::optional<std::size_t> indent;  ///< nullopt: it has no items
    };
    /// Units [first, last) of the old text give way to bytes [begin, end) of the new one.
    struct Hunk {
        std::size_t first = 0;
        std::size_t last = 0;
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    struct Reading;
    class Patcher;

    [[nodiscard]] static std::string headOf(Section section);
    void cutText(const StrictNode& root);
    [[nodiscard]] std::size_t endOf(std::size_t unit) const;
    [[nodiscard]] std::string_view unitText(std::size_t unit) const;
    /// nullopt: the whole text must be read.
    [[nodiscard]] std::optional<std::vector<Hunk>> hunksTo(std::string_view text) const;
    void addHunk(std::vector<Hunk>& hunks, Hunk hunk) const;
    [[nodiscard]] std::optional<Reading> readAlone(const Hunk& hunk, std::string_view text) const;
    [[nodiscard]] bool namesAreFree(const Hunk& hunk, const Reading& reading) const;
    [[nodiscard]] bool takeChanges(const std::string& text);
    void install(const Hunk& hunk, Reading reading, Topology& topology);
    /// Place of an item's element in its vector.
    [[nodiscard]] std::size_t elementAt(std::size_t unit) const;

    std::string text_;
    std::string file_;
    std::shared_ptr<const Topology> topology_ = std::make_shared<const Topology>();
    std::vector<Unit> units_;  ///< empty: the text is always read whole
    std::array<Cut, kSections> cuts_;
    std::size_t nodes_ = 0;  ///< at least as many as the text holds (StrictLimits)
    std::size_t wholeReadings_ = 0;
};

}  // namespace tributary
