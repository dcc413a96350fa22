// One line per dialect.
#include "app/systems/dialects.h"

#include "runbooks/dialects/box/box.h"
#include "runbooks/dialects/hbase/hbase.h"
#include "runbooks/dialects/instance/instance.h"
#include "runbooks/dialects/mapr/mapr.h"
#include "runbooks/dialects/maprcli/maprcli.h"
#include "runbooks/dialects/sqlcmd/sqlcmd.h"
#include "runbooks/dialects/tt/tt.h"
#include "runbooks/dialects/voltadmin/voltadmin.h"
#include "runbooks/dialects/voltdb/voltdb.h"

namespace tributary::app {

runbooks::Dialects dialects() {
    return {
        &runbooks::maprcli(),       &runbooks::hbase(),  &runbooks::mapr(),      &runbooks::tt(),     &runbooks::box(),
        &runbooks::instanceLines(), &runbooks::voltdb(), &runbooks::voltadmin(), &runbooks::sqlcmd(),
    };
}

}  // namespace tributary::app
