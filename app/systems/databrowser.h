// What a dataset holds, for people to look through: pages of texts, whatever the dataset is.
//
// Each kind of dataset that is looked through this way has one object behind this interface, in a table of its own
// (browsers.cpp); windows ask for words and texts, and never which system or kind it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/daemon/session.h"

namespace tributary::app {

/// How the window names things of such a dataset. An empty word: there is nothing of that sort.
struct BrowseWords {
    std::string page;         ///< of the tab: "Messages"
    std::string part;         ///< what is chosen inside the dataset: "Topic", "Instance"
    std::string section;      ///< of a part: "Partition"
    std::string from;         ///< where reading begins: "From offset"
    std::string readers;      ///< who reads on its own: "Consumer groups"
    std::string write;        ///< the button that adds to it: "Produce"; empty: nothing is written here
    std::string emptyPart;    ///< there is no part yet: "No topic is there yet"
    bool newestFirst = true;  ///< the other direction can be read
};

/// A part with its sections.
struct BrowsePart {
    std::string name;
    std::vector<std::string> sections;
    std::string note;  ///< what is known of it: "1,200 messages in 4 partitions"
};

/// What is read.
struct BrowseRequest {
    std::string dataset;  ///< as drawings name it
    std::string part;
    std::string section;       ///< empty: all of them
    std::string from;          ///< as a person typed it; empty: from the beginning (or the end)
    bool newestFirst = false;  ///< from the end backwards
    std::size_t rowsMost = 200;
    Bytes after;  ///< what an earlier page gave as `next`; then `from` counts for nothing
};

struct BrowseColumn {
    std::string title;
    bool isNumber = false;
    friend bool operator==(const BrowseColumn&, const BrowseColumn&) = default;
};

struct BrowseCell {
    std::string text;
    bool isThere = true;  ///< false: it has no such value, which is not an empty one
};

struct BrowsePage {
    std::vector<BrowseColumn> columns;
    std::vector<std::vector<BrowseCell>> rows;  ///< a cell per column; those at the end may be missing
    std::vector<std::string> details;           ///< per row: all of it, for a closer look
    std::optional<Bytes> next;                  ///< absent: there is nothing more in this direction
    std::string note;                           ///< what was read of how much; may be empty
};

/// A reader's place in one section.
struct BrowseReader {
    std::string reader;
    std::string part;
    std::string section;
    std::uint64_t committed = 0;
    std::optional<std::uint64_t> end;  ///< absent: unknown
    Millis committedMs = 0;            ///< UTC; 0: unknown

    /// How much it has not read; absent: unknown.
    [[nodiscard]] std::optional<std::uint64_t> behind() const {
        if (!end) return std::nullopt;
        return *end > committed ? *end - committed : 0;
    }
};

/// How far one section of a part reaches.
struct BrowseEnd {
    std::string part;
    std::string section;
    std::uint64_t low = 0;  ///< the oldest that is there
    std::uint64_t end = 0;  ///< the next that will come
};

struct BrowseWrite {
    std::string dataset;
    std::string part;
    std::string section;             ///< empty: the system chooses
    std::optional<std::string> key;  ///< escaped as core/base/escape.h does, as is `value`
    std::string value;
};

/// Every call but words() blocks, and takes any thread. Owner: the program, for ever. Errors: NotFound, InvalidInput,
/// PermissionDenied, Unavailable, Timeout.
class DataBrowser {
public:
    virtual ~DataBrowser() = default;

    [[nodiscard]] virtual BrowseWords words() const = 0;
    [[nodiscard]] virtual Result<std::vector<BrowsePart>> parts(Session& session, const std::string& dataset) const = 0;
    [[nodiscard]] virtual Result<BrowsePage> read(Session& session, const BrowseRequest& request) const = 0;
    /// Those of one part, or of all for an empty one; none where words() know no readers.
    [[nodiscard]] virtual Result<std::vector<BrowseReader>> readers(Session&, const std::string& /*dataset*/,
                                                                    const std::string& /*part*/) const {
        return std::vector<BrowseReader>();
    }
    /// Every section of every part; none where words() know no sections.
    [[nodiscard]] virtual Result<std::vector<BrowseEnd>> ends(Session&, const std::string& /*dataset*/) const {
        return std::vector<BrowseEnd>();
    }
    /// Says where it was put: "partition 2, offset 17".
    [[nodiscard]] virtual Result<std::string> write(Session& session, const BrowseWrite& write) const = 0;
};

/// Of the datasets of that system and kind (app/observe/statusmodel.h: TableRow::kind), or nullptr: they are looked
/// through in another way, or not at all.
[[nodiscard]] const DataBrowser* dataBrowser(std::string_view system, std::string_view kind);

}  // namespace tributary::app
