// The text of `help drawing`.
#include "app/terminal/helpdrawing.h"

#include <fmt/format.h>

#include "app/terminal/helptopics.h"
#include "core/base/text.h"
#include "core/systems/maprdb/vocabulary.h"
#include "core/systems/tarantool/vocabulary.h"
#include "core/systems/voltdb/vocabulary.h"
#include "core/workspace/drawingkeys.h"

namespace tributary::app {
namespace {

constexpr const char* kWholeDrawing =
    "  # All that can be drawn. One line per element is usual; blocks do as well.\n"
    "  tributary: 1\n"
    "  clusters:\n"
    "    sanfrancisco:\n"
    "      system: maprdb\n"
    "      gateways: [gw-sf-1, {name: gw-sf-2, address: \"127.0.0.1:17660\"}]\n"
    "      users: [ana, ben]\n"
    "      groups: {loaders: [ben]}\n"
    "      secure: true\n"
    "    newyork: {gateways: [gw-ny-1, gw-ny-2], users: [ana, ben], secure: true}\n"
    "    replicaset001:\n"
    "      system: tarantool\n"
    "      app: bands\n"
    "      group: group001\n"
    "      failover: off\n"
    "      bootstrap-strategy: config\n"
    "      bootstrap-leader: instance001\n"
    "      advertise: replicator\n"
    "      members:\n"
    "        instance001: {mode: rw, listen: \"127.0.0.1:3301\"}\n"
    "        instance002:\n"
    "          mode: ro\n"
    "          listen: \"127.0.0.1:3302\"\n"
    "          uuid: 9bb111c2-3ff5-46a7-80f4-2b9a573ea660\n"
    "        reader001: {mode: ro, anonymous: true}\n"
    "      users: {replicator: {roles: [replication]}}\n"
    "    replicaset002:\n"
    "      system: tarantool\n"
    "      failover: manual\n"
    "      leader: orders001\n"
    "      members:\n"
    "        orders001: {listen: \"127.0.0.1:3311\"}\n"
    "        orders002: {listen: \"127.0.0.1:3312\"}\n"
    "      users: {replicator: {roles: [replication]}}\n"
    "    east:\n"
    "      system: voltdb\n"
    "      id: 1\n"
    "      role: master\n"
    "      members: {e1: {}, e2: {listen: \"dr.e2:5556\"}}\n"
    "      sites-per-host: 2\n"
    "      kfactor: 1\n"
    "      command-log: synchronous\n"
    "      schema: schema.sql\n"
    "      port: 5555\n"
    "      flush-interval: 1s\n"
    "      overflow: /data/dr_overflow\n"
    "      overflow-limit: 80%\n"
    "    west:\n"
    "      system: voltdb\n"
    "      id: 2\n"
    "      role: replica\n"
    "      members: {w1: {}}\n"
    "      command-log: synchronous\n"
    "      max-buffers: 256\n"
    "    pool:\n"
    "      system: voltdb\n"
    "      members: {p1: {}}\n"
    "      conflict-retention: 7d\n"
    "      max-bytes: 52428800\n"
    "  datasets:\n"
    "    /mapr/sanfrancisco/customers:\n"
    "      kind: binary-table\n"
    "      exists: true\n"
    "      deletettl: 7d\n"
    "      bulkload: false\n"
    "      families:\n"
    "        - profile\n"
    "        - name: orders\n"
    "          versions: 3\n"
    "          minversions: 1\n"
    "          ttl: 30d\n"
    "          compression: lz4\n"
    "          inmemory: true\n"
    "          perms: {readperm: \"u:ana | g:loaders\", writeperm: u:ana}\n"
    "      perms:\n"
    "        replperm: u:ana\n"
    "        bulkloadperm: u:ana\n"
    "        defaultreadperm: \"u:ana | g:loaders\"\n"
    "    /mapr/newyork/customers:\n"
    "      kind: binary-table\n"
    "      deletettl: 7d\n"
    "      families:\n"
    "        - profile\n"
    "        - {name: orders, versions: 3, minversions: 1, ttl: 30d,\n"
    "           compression: lz4, inmemory: true}\n"
    "    /mapr/sanfrancisco/documents:\n"
    "      kind: json-table\n"
    "      families: [default, {name: address, jsonpath: a.address}]\n"
    "    /mapr/sanfrancisco/clicks: {kind: stream, topics: [web, mobile]}\n"
    "    replicaset001:bands:\n"
    "      kind: space\n"
    "      format:\n"
    "        - [id, unsigned]\n"
    "        - [band_name, string]\n"
    "        - {name: year, type: unsigned, nullable: true}\n"
    "      primary: [id]\n"
    "      engine: memtx\n"
    "      local: false\n"
    "      temporary: false\n"
    "      synchronous: false\n"
    "    east:votes:\n"
    "      kind: dr-table\n"
    "      format:\n"
    "        - [id, bigint]\n"
    "        - [name, varchar(32)]\n"
    "        - {name: cast_at, type: timestamp, nullable: true}\n"
    "      primary: [id]\n"
    "      unique: [\"id, name\"]\n"
    "      partition: id\n"
    "      data: true\n"
    "    west:votes:\n"
    "      {kind: dr-table, primary: [id], unique: [\"id, name\"], partition: id}\n"
    "  replicas:\n"
    "    - {from: /mapr/sanfrancisco/customers, to: /mapr/newyork/customers,\n"
    "       synchronous: false, paused: false, throttle: false,\n"
    "       columns: [profile, \"orders:total\"],\n"
    "       networkcompression: lz4, networkencryption: false}\n"
    "  upstreams:\n"
    "    - {at: /mapr/newyork/customers, from: /mapr/sanfrancisco/customers}\n"
    "  peers:\n"
    "    - {at: replicaset001/instance001, from: replicaset001/instance002}\n"
    "    - {at: replicaset001/instance002, from: replicaset001/instance001}\n"
    "    - {at: replicaset001/reader001, from: replicaset001/instance001}\n"
    "    - {at: replicaset001/reader001, from: replicaset001/instance002}\n"
    "  connections:\n"
    "    - {at: west, from: east, source: [e1, e2], preferred: false}\n"
    "  wan:\n"
    "    - {between: [sanfrancisco, newyork],\n"
    "       latency: 35ms, bandwidth: 200Mbit/s, outage: 2d}\n"
    "  regions:\n"
    "    america: {clusters: [sanfrancisco, newyork]}\n";

constexpr const char* kSmallest =
    "  tributary: 1\n"
    "  clusters:\n"
    "    sanfrancisco: {gateways: [gw-sf-1]}\n"
    "    newyork: {gateways: [gw-ny-1]}\n"
    "  datasets:\n"
    "    /mapr/sanfrancisco/customers:\n"
    "      {kind: binary-table, families: [profile], exists: true}\n";

std::string keyLine(const DrawingKey& key) {
    const std::string fallback(key.fallback);
    const std::string when = fallback == "required" ? ", required" : "; without it: " + fallback;
    return fmt::format("- {} ({}{}): {}.\n", key.key, key.form, when, key.meaning);
}

std::string elementsText(int columns) {
    std::string out;
    for (const DrawingElement& element : drawingElements()) {
        std::string text = fmt::format("\n{} ({}): {}.\n", element.thing, element.section, element.meaning);
        for (const DrawingKey& key : element.keys) text += keyLine(key);
        out += flowing(text, columns);
    }
    return out;
}

std::string drawingWords(int columns) {
    return flowing(
        "\nValues\n"
        "- flag: true, false, yes or no, without quotes.\n"
        "- seconds: a whole number, or a duration of whole seconds: 86400, 7d.\n"
        "- duration: a number with ms, s, m, h or d: 35ms, 1.5s; nothing finer than a whole millisecond.\n"
        "- rate: a number with bit, kbit, Mbit, Gbit, B, kB, MB, GB, KiB, MiB or GiB, per second: 200Mbit/s.\n"
        "- name (of clusters, gateways, users, groups, families, instances, hosts): letters, digits and . _ - @ + with "
        "none "
        "of . - @ + "
        "first; no blanks, no slashes, no colons.\n"
        "- path: /mapr/CLUSTER/PATH, where CLUSTER is drawn; no blanks. A space is named CLUSTER:SPACE, an instance "
        "CLUSTER/INSTANCE, a replicated table CLUSTER:TABLE.\n"
        "- column: FAMILY, or FAMILY:QUALIFIER.\n"
        "- ace: an access control expression of u:USER, g:GROUP and p (everybody), with | (or), & (and), ! (not) and "
        "( ). An empty text (\"\") lets nobody. The roles of the real system (r:ROLE) are refused: they are not "
        "drawn.\n"
        "- PERMISSION of a table: " +
            join(permissionNames(DatasetKind::BinaryTable), ", ") +
            ".\n"
            "- PERMISSION of a stream: " +
            join(permissionNames(DatasetKind::Stream), ", ") +
            ".\n"
            "- PERMISSION of a family: " +
            join(familyPermissionNames(), ", ") +
            ".\n"
            "- type of a space's field: " +
            join(tarantool::fieldTypeNames(), ", ") +
            ".\n"
            "- type of a replicated table's column: " +
            join(voltdb::columnTypeNames(), ", ") +
            "; varchar, varbinary and geography take a size: varchar(32).\n"
            "- readperm of a table is short for defaultreadperm; draw one of the two. The real system has no option "
            "-readperm for tables, and maprcli takes -defaultreadperm there; -readperm it takes for families and "
            "columns.\n"
            "- A default... permission is what a family gets that is drawn without its own: defaultwriteperm becomes "
            "writeperm. A permission drawn nowhere is that of whoever creates the table (`up`: you, or --as).\n",
        columns);
}

}  // namespace

std::string drawingText(int columns) {
    return flowing(
               "The drawing is the file topology.yaml of a workspace: what you intend, as text. The designer edits "
               "the same file and keeps its comments. It is read strictly: an unknown or repeated key is an error with "
               "its line and column.\n"
               "\n"
               "The smallest that can be brought up:\n"
               "\n",
               columns) +
           kSmallest + "\nEverything at once:\n\n" + kWholeDrawing + elementsText(columns) + drawingWords(columns) +
           yamlQuotingText(columns) +
           flowing(
               "\n"
               "Positions of elements in the designer's canvas stand in a file of their own and need not be written.\n"
               "\n"
               "What becomes of it\n"
               "- check proves it. Errors make it exit with 1, warnings and infos do not (tributary help rules).\n"
               "- up starts the clusters and makes the datasets with exists: true. It registers no edges: the commands "
               "maprcli table replica add and upstream add do, by hand or in a runbook (tributary runbook list). "
               "status names the edges that are drawn and not registered.\n"
               "- A stream that is to exist is made with its topics, each with one partition. topics: are those whose "
               "messages begin there, produced by clients of that stream. A replica has its source's topics without "
               "their being drawn. One topic drawn at two streams whose messages meet, in one replica or in each "
               "other, is a collision of offsets, an error of check; one that goes on at the replica after a failover "
               "is none.\n"
               "- Of a replica set of Tarantool up makes instances.enabled/APP/config.yaml and instances.yml in the "
               "workspace, and starts each instance as a process of its own; tributary tt then works there as well. "
               "Files that somebody edited are kept, and count. A password that the environment does not give "
               "(REPLICATOR_PASSWORD) is made, for its owner's eyes, in .tributary/passwords. Spaces are created by "
               "statements (tributary tt connect APP:INSTANCE). export --to config writes the files elsewhere, import "
               "--config draws such files.\n"
               "- Clusters of VoltDB may be drawn and are judged by its rules; export --to config writes a deployment "
               "file for each. up runs clusters of one host, a process for each.\n"
               "\n"
               "Try a drawing: put it into a folder as topology.yaml, then\n"
               "\n"
               "  tributary check -w DIR\n"
               "  tributary up -w DIR\n"
               "\n"
               "The rules it is proved against: tributary help rules\n",
               columns);
}

}  // namespace tributary::app
