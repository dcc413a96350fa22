-- The client of rates.sh: loads a master through net.box and waits until its replica has it.
-- Arguments: kind (single, group, latency, wait), master, replica, rows, in flight or rows of a transaction.
local netbox, clock, fiber = require('net.box'), require('clock'), require('fiber')
local kind, at, peer, rows, width = arg[1], arg[2], arg[3], tonumber(arg[4]), tonumber(arg[5])
local began = clock.monotonic()

local function dial(where)
    local until_ = clock.monotonic() + 30
    while true do
        local conn = netbox.connect('bench:secret@' .. where, {wait_connected = true, connect_timeout = 5})
        if conn.state == 'active' then return conn end
        if clock.monotonic() > until_ then error('nobody at ' .. where .. ': ' .. tostring(conn.error)) end
        conn:close()
        fiber.sleep(0.02)
    end
end

local master = dial(at)
if master.space.bench == nil then
    master.space._space:insert{600, 1, 'bench', 'memtx', 0, setmetatable({}, {__serialize = 'map'}),
                               setmetatable({}, {__serialize = 'seq'})}
    master.space._index:insert{600, 0, 'primary', 'tree', {unique = true}, {{0, 'unsigned'}}}
    master:reload_schema()
end
local space = master.space.bench
local replica = dial(peer)
local function has(id)
    local until_ = clock.monotonic() + 120
    while true do
        local ok, row = pcall(function() return replica.space.bench:get(id) end)
        if ok and row ~= nil then return end
        if not ok or replica.space.bench == nil then pcall(replica.reload_schema, replica) fiber.sleep(0.005) end
        if clock.monotonic() > until_ then error('the replica does not get row ' .. id) end
    end
end

local last = space:select({}, {iterator = 'LE', limit = 1})[1]
local first = last and last[1] + 1 or 2
if not last then space:insert{1, 'x'} end
has(1)
-- 116 bytes a row: array, id of five bytes, text
local text = string.rep('x', 108)
if kind ~= 'wait' then began = clock.monotonic() end
if kind == 'single' then
    local flying, from = {}, 1
    for i = first, first + rows - 1 do
        flying[#flying + 1] = space:insert({i, text}, {is_async = true})
        if i - first + 1 - from + 1 >= width then
            local ok, why = flying[from]:wait_result(60)
            if why then error(tostring(why)) end
            flying[from] = false
            from = from + 1
        end
    end
    for i = from, rows do
        local _, why = flying[i]:wait_result(60)
        if why then error(tostring(why)) end
    end
    has(first + rows - 1)
elseif kind == 'group' then
    local code = [[local first, last, text = ...
        local space = box.space.bench
        box.begin() for i = first, last do space:insert{i, text} end box.commit()]]
    for i = first, first + rows - 1, width do master:eval(code, {i, i + width - 1, text}) end
    has(first + rows - 1)
elseif kind == 'latency' then
    local took = {}
    for i = first, first + rows - 1 do
        local at_ = clock.monotonic()
        space:insert{i, text}
        while replica.space.bench:get(i) == nil do end
        took[#took + 1] = clock.monotonic() - at_
    end
    table.sort(took)
    print(string.format('%.0f %.0f', took[math.ceil(rows * 0.5)] * 1e6, took[math.ceil(rows * 0.99)] * 1e6))
    os.exit(0)
elseif kind == 'wait' then
    has(rows)
end
print(string.format('%.0f', rows / (clock.monotonic() - began)))
os.exit(0)
