// config.yaml as what one of its instances is told.
#pragma once

#include "app/instances/instanceplace.h"
#include "engine/systems/tarantool/instance/instancesettings.h"

namespace tributary::app {

struct InstanceSetup {
    engine::tarantool::InstanceSettings settings;
};

/// Reads both files of the application. Uuids are pinned there or made of names (uuidFromName). Errors: InvalidInput at
/// file:line:column; NotFound when config.yaml does not name the instance; Unsupported for what this version has no
/// word for.
[[nodiscard]] Result<InstanceSetup> readInstance(const InstancePlace& place);

/// From now on the instance is like that Tarantool; it stays in a file of its folder. Errors: Conflict when it has data
/// of another era; Io.
[[nodiscard]] Status setEra(const InstancePlace& place, engine::tarantool::Era era);

}  // namespace tributary::app
