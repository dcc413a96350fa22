-- One instance of the scenarios. Arguments: folder, uuid, port, ports of all peers ("1,2"), and settings as key=value.
local dir, uuid, port, peers = arg[1], arg[2], arg[3], arg[4]
local set = {}
for i = 5, #arg do
    local key, value = arg[i]:match('^([%w_]+)=(.*)$')
    set[key] = value
end
local replication = {}
for peer in peers:gmatch('[^,]+') do
    table.insert(replication, 'replicator:' .. (set.password or 'topsecret') .. '@127.0.0.1:' .. peer)
end
box.cfg{
    work_dir = dir, log = dir .. '/tarantool.log', pid_file = dir .. '/tarantool.pid', feedback_enabled = false,
    memtx_memory = 32 * 1024 * 1024, listen = '127.0.0.1:' .. port, instance_uuid = uuid, replication = replication,
    replicaset_uuid = set.replicaset or 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', read_only = set.mode == 'ro',
    replication_connect_quorum = tonumber(set.quorum or 1), replication_connect_timeout = tonumber(set.connect or 20),
    replication_sync_timeout = tonumber(set.sync or 5), replication_skip_conflict = set.skip == 'yes',
    checkpoint_count = tonumber(set.checkpoints or 2),
}
if not box.info.ro then
    box.once('init', function()
        box.schema.user.create('replicator', {password = 'topsecret'})
        box.schema.user.grant('replicator', 'replication')
        box.schema.user.create('operator', {password = 'operator'})
        box.schema.user.grant('operator', 'super')
    end)
end
