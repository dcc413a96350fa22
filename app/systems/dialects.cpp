// One line per dialect.
#include "app/systems/dialects.h"

#include "runbooks/dialects/hbase/hbase.h"
#include "runbooks/dialects/mapr/mapr.h"
#include "runbooks/dialects/maprcli/maprcli.h"

namespace tributary::app {

runbooks::Dialects dialects() {
    return {
        &runbooks::maprcli(),
        &runbooks::hbase(),
        &runbooks::mapr(),
    };
}

}  // namespace tributary::app
