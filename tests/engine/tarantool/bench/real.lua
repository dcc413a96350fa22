-- A real instance for rates.sh. Arguments: folder, listen, peers ("host:port,..."), wal_mode, read-only until joined.
local dir, listen, peers, mode = arg[1], arg[2], arg[3], arg[4]
local replication = {}
for peer in peers:gmatch('[^,]+') do table.insert(replication, 'replicator:secret@' .. peer) end
box.cfg{
    work_dir = dir, log = dir .. '/tarantool.log', pid_file = dir .. '/tarantool.pid', feedback_enabled = false,
    memtx_memory = 2 * 1024 * 1024 * 1024, listen = listen, replication = replication, wal_mode = mode,
    replication_connect_quorum = 1, replication_connect_timeout = 20, read_only = arg[5] == 'ro',
}
if not box.info.ro then
    box.once('init', function()
        box.schema.user.create('replicator', {password = 'secret'})
        box.schema.user.grant('replicator', 'replication')
        box.schema.user.create('bench', {password = 'secret'})
        box.schema.user.grant('bench', 'super')
    end)
end
