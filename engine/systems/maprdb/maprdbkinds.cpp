// The kinds of data of MapR-DB, one line each.
#include "engine/systems/maprdb/maprdbkinds.h"

#include "engine/systems/maprdb/copying/maprdbsetup.h"
#include "engine/systems/maprdb/jsontables/jsoncontrol.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"
#include "engine/systems/maprdb/streams/streamcontrol.h"
#include "engine/systems/maprdb/streams/streamkind.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablekind.h"

namespace tributary::engine::maprdb {
namespace {

template <typename Control>
NodeKinds::MakeControl controlOf() {
    return [](Node& node) -> std::unique_ptr<ControlKind> { return std::make_unique<Control>(node); };
}

}  // namespace

std::shared_ptr<const NodeKinds> maprdbKinds() {
    std::vector<const DatasetKind*> kinds{&tableKind(), &jsonTableKind(), &streamKind()};
    std::vector<NodeKinds::MakeControl> controls{controlOf<TableControl>(), controlOf<JsonTableControl>(),
                                                 controlOf<StreamControl>()};
    std::vector<const LinkKind*> links(kinds.size(), &pushLinks());
    NodeKinds all{Kinds(std::move(kinds)), std::move(controls), std::move(links)};
    all.setups = &maprdbSetup();
    return std::make_shared<const NodeKinds>(std::move(all));
}

}  // namespace tributary::engine::maprdb
