// What `box` in a script reaches: calls by name, encoded arguments in, encoded results out.
#pragma once

#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

class BoxBackend {
public:
    virtual ~BoxBackend() = default;
    /// `arguments` is an encoded array; so are the results. Never throws on any bytes.
    virtual BoxAnswer call(std::string_view method, BytesView arguments) = 0;
};

}  // namespace tributary::engine::tarantool
