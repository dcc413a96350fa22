// The typed schema of every verb: which parameters it takes, of which type, and the validation against it.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/operations/operation.h"

namespace tributary {

/// What a parameter's value may be, and its canonical spelling.
enum class ParamType {
    Path,     ///< absolute path; doubled and trailing slashes fall away; "." and ".." are refused
    Bool,     ///< true|false; yes|no|1|0 pass with a warning
    Int,      ///< decimal within [min, max]
    Text,     ///< any single line
    Enum,     ///< one of `values`, case-insensitive
    EnumSet,  ///< comma list of `values`, kept in schema order
    Columns,  ///< cf,cf:qualifier,... (core/operations/columns.h)
    Ace,      ///< access control expression (core/operations/ace.h); "" denies all
    Names,    ///< names separated by blanks, as "gw1 gw2"
    Instance  ///< an application, or one of its instances: "master_master", "master_master:instance001"
};

/// One parameter of a verb.
struct ParamSpec {
    std::string name;  ///< lower-case, without dash
    ParamType type = ParamType::Text;
    bool required = false;
    std::string fallback;  ///< what the system assumes when it is not given; empty when nothing is
    std::string help;
    std::string since;                ///< first release that knows it; empty when all do
    std::vector<std::string> values;  ///< of Enum and EnumSet; "on=lz4" accepts `on` and means lz4
    std::int64_t min = 0;
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    bool jsonTablesOnly = false;  ///< no binary table has it
    bool bare = false;            ///< may stand without a value, which means true
    std::string notCarried;       ///< understood, but refused as Unsupported, for this reason; empty when it is carried
};

/// One verb.
struct VerbSpec {
    Verb verb = Verb::TableInfo;
    std::string name;     ///< stable name, "table replica add"
    std::string summary;  ///< one sentence for help
    std::vector<ParamSpec> params;
    bool mutates = false;      ///< changes data, catalog or services
    bool takesGlobals = true;  ///< understands -cluster and -json
    [[nodiscard]] const ParamSpec* find(std::string_view paramName) const;
};

/// The schema of a verb. Never fails; the reference lives as long as the program.
[[nodiscard]] const VerbSpec& specOf(Verb verb);
/// Every verb in order.
[[nodiscard]] const std::vector<VerbSpec>& allVerbSpecs();
/// The verb of a stable name; NotFound with a suggestion otherwise.
[[nodiscard]] Result<Verb> verbFromName(std::string_view name);

/// How strictly values are read.
struct MakeOptions {
    /// Template values (`<path to the source table>`, `{{source}}`) may stand for any value; they are kept verbatim.
    bool placeholders = false;
};

/// A valid operation and what a careful reader would still remark about it.
struct CheckedOperation {
    Operation operation;
    std::vector<std::string> warnings;
};

/// Builds an operation from raw option names (any case, no dash) and raw values. The names `cluster` and `json` set
/// the members of that name where the verb takes them. Errors name the option in `where` ("-path") and are
/// InvalidInput, or Unsupported for what is not carried.
[[nodiscard]] Result<CheckedOperation> checkOperation(Verb verb, const std::map<std::string, std::string>& raw,
                                                      MakeOptions options = {});
/// checkOperation() for callers who do not show warnings.
[[nodiscard]] Result<Operation> makeOperation(Verb verb, const std::map<std::string, std::string>& raw,
                                              MakeOptions options = {});

/// The parameter as given, else the schema's documented default, else "".
[[nodiscard]] std::string effectiveText(const Operation& operation, std::string_view name);

/// True for `<words>` and `{{name}}`: a value that is still to be filled in.
[[nodiscard]] bool isPlaceholder(std::string_view value);

}  // namespace tributary
