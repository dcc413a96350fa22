// The statements of a console that lines of runbooks may hold.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace tributary::runbooks {

/// One form.
struct StatementForm {
    std::string_view form;  ///< "box.space.NAME:insert(...)", for help
    std::string_view summary;
    bool mutates = false;  ///< it can change data, schema or configuration
};

/// All forms, in the order of help.
[[nodiscard]] const std::vector<StatementForm>& statementForms();

/// The form of a statement. Errors: InvalidInput for a statement that is not whole (quotes, brackets), holds two, or
/// has none of the forms; Unsupported for transactions over several lines and for SQL.
[[nodiscard]] Result<StatementForm> statementForm(std::string_view statement);

}  // namespace tributary::runbooks
