// A remark about one place of an imported text.
#pragma once

#include <cstddef>
#include <string>

namespace tributary::runbooks {

struct ImportNote {
    std::size_t line = 0;  ///< from 1; 0 = the whole text
    std::string text;      ///< for people; holds no control characters and is UTF-8
};

}  // namespace tributary::runbooks
