// Results as Tarantool's console prints them: YAML, byte for byte.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace tributary::engine::tarantool {

/// Whether a text would be read as another type and is therefore quoted: numbers as Lua converts them (" 1 ", "0x1p4",
/// "inf"), true, false, yes, no, null, ~.
[[nodiscard]] bool isQuotedByConsole(std::string_view text);

/// A number as the console prints it: whole ones in full up to 15 digits and beyond as they are, others by %.14g.
[[nodiscard]] std::string consoleNumber(double value);

/// One answer: the results of a statement are the items of a list. Values are given in order; arrays and maps are
/// opened and closed, a map takes key and value in turn. Tuples are arrays in Flow, as is what stands inside. An error
/// that the instance reports is a map {error: message}.
///
/// Decision: emitted by libyaml, which Tarantool's console is built on, so that folding at 80 columns and quoting
/// agree.
class ConsoleYaml {
public:
    enum class Style { Block, Flow };

    /// With `isList` the values are the items of one list, as results are; else the one value is the document.
    explicit ConsoleYaml(bool isList = true);
    ~ConsoleYaml();
    ConsoleYaml(const ConsoleYaml&) = delete;
    ConsoleYaml& operator=(const ConsoleYaml&) = delete;

    void nil() { plain("null"); }
    void boolean(bool value) { plain(value ? "true" : "false"); }
    void unsignedInteger(std::uint64_t value) { plain(std::to_string(value)); }
    void integer(std::int64_t value) { plain(std::to_string(value)); }
    void real(double value) { plain(consoleNumber(value)); }
    /// Bytes that are no UTF-8 come out as !!binary.
    void string(BytesView text);
    void binary(BytesView bytes);
    /// A text that is a value of a type of its own: decimals, uuids.
    void plain(std::string_view text);
    /// With an anchor ("0") the same table can stand elsewhere as an alias.
    void beginArray(Style style, const std::string& anchor = {});
    void endArray();
    void beginMap(Style style, const std::string& anchor = {});
    void endMap();
    void alias(const std::string& anchor);
    /// One encoded value with all that is in it, in the given style; damaged bytes show as such.
    void value(BytesView msgpack, Style style);

    /// The whole answer: "---\n- 1\n...\n"; "---\n...\n" without results. Once.
    [[nodiscard]] std::string finish();

private:
    struct Emitter;

    void scalar(std::string_view text, int style, bool isBinary);

    std::unique_ptr<Emitter> emitter_;
    bool isList_;
    std::size_t values_ = 0;  ///< that began at the top
    std::size_t depth_ = 0;
    std::size_t flowDepth_ = 0;  ///< arrays and maps in flow that are open
};

}  // namespace tributary::engine::tarantool
