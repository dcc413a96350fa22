// `box`, written in Lua: what a statement says becomes calls to the backend.
#include "engine/systems/tarantool/script/boxprelude.h"

namespace tributary::engine::tarantool {
namespace {

// Everything is kept in locals: a script that changes the globals changes nothing in here.
constexpr std::string_view kPrelude = R"lua(
local call, calltuples, newtuple, istuple, fields, names, updated, NULL, codes, encode, decode, yamlencode = ...
local error, type, pairs, ipairs, tostring, tonumber, setmetatable, getmetatable, pcall, select, unpack =
    error, type, pairs, ipairs, tostring, tonumber, setmetatable, getmetatable, pcall, select, unpack
local insert, upper, format, concat, sort = table.insert, string.upper, string.format, table.concat, table.sort

-- Errors -----------------------------------------------------------------------------------------------------------
local failure = {__metatable = 'box.error'}
failure.__tostring = function(self) return self.message end
failure.__serialize = failure.__tostring
failure.__index = function(self, key)
    if key ~= 'unpack' then return nil end
    return function() return {type = self.type, code = self.code, message = self.message} end
end
local function raise(code, message)
    error(setmetatable({type = 'ClientError', code = code, message = message}, failure), 0)
end
local function checked(ok, ...)
    if ok then return ... end
    raise(...)
end
local function illegal(what) raise(1, 'Illegal parameters, ' .. what) end
local tellatonce = codes.tellatonce
local function watching(run)
    return function(...)
        checked(tellatonce())
        return run(...)
    end
end
pcall, _G.xpcall = watching(pcall), watching(xpcall)
_G.pcall = pcall
coroutine.create, coroutine.wrap = watching(coroutine.create), watching(coroutine.wrap)

-- Tuples -----------------------------------------------------------------------------------------------------------
local methods = {}
local function maketuple(list)
    local tuple, why = newtuple(list)
    if tuple == nil then error(why, 0) end
    return tuple
end
function methods.totable(self) return (fields(self)) end
function methods.unpack(self)
    local list, count = fields(self)
    return unpack(list, 1, count)
end
function methods.tomap(self, options)
    local list, count = fields(self)
    local map = {}
    if not (options and options.names_only) then for i = 1, count do map[i] = list[i] end end
    for i, name in ipairs(names(self)) do map[name] = list[i] end
    return map
end
function methods.update(self, operations)
    return checked(updated(self, operations))
end
function methods.bsize(self) return select(3, fields(self)) end
local function tupleindex(self, key)
    local list, count = fields(self)
    if type(key) == 'number' then return list[key] end
    for i, name in ipairs(names(self)) do if name == key then return list[i] end end
    return methods[key]
end
codes.settuplemethods(tupleindex, function(self) return select(2, fields(self)) end)

-- Keys and arguments -----------------------------------------------------------------------------------------------
local function keyof(key)
    if key == nil then return {} end
    if type(key) == 'table' or istuple(key) then return key end
    return {key}
end
local iterators = {[0] = 'EQ', 'REQ', 'ALL', 'LT', 'LE', 'GE', 'GT'}
local function iteratorof(options, key)
    local asked = options
    if type(options) == 'table' then asked = options.iterator end
    if asked == nil then return #key == 0 and 'ALL' or 'EQ' end
    if type(asked) == 'number' then return iterators[asked] or tostring(asked) end
    return tostring(asked)
end
local function keylist(key)
    key = keyof(key)
    if istuple(key) then return (fields(key)) end
    return key
end

-- Indexes ----------------------------------------------------------------------------------------------------------
local function result(ok, ...)
    if not ok then raise(...) end
    return ...
end
local indexmethods = {}
function indexmethods.get(self, key)
    return result(calltuples(self._names, 'get', self.space_id, self.id, keyof(key)))
end
function indexmethods.select(self, key, options)
    local list = keylist(key)
    local limit = type(options) == 'table' and options.limit or nil
    local offset = type(options) == 'table' and options.offset or nil
    local iterator = iteratorof(options, list)
    return {result(calltuples(self._names, 'select', self.space_id, self.id, list, iterator, offset or 0, limit))}
end
function indexmethods.count(self, key, options)
    local list = keylist(key)
    return checked(call('count', self.space_id, self.id, list, iteratorof(options, list)))
end
function indexmethods.len(self) return checked(call('len', self.space_id)) end
local function edge(self, key, whole, part)
    local list = keylist(key)
    return (result(calltuples(self._names, 'select', self.space_id, self.id, list, #list == 0 and whole or part, 0, 1)))
end
function indexmethods.min(self, key) return edge(self, key, 'GE', 'EQ') end
function indexmethods.max(self, key) return edge(self, key, 'LE', 'REQ') end
function indexmethods.delete(self, key)
    return result(calltuples(self._names, 'delete', self.space_id, self.id, keyof(key)))
end
function indexmethods.update(self, key, operations)
    return result(calltuples(self._names, 'update', self.space_id, self.id, keyof(key), operations))
end
function indexmethods.pairs(self, key, options)
    local list, i = indexmethods.select(self, key, options), 0
    return setmetatable({}, {__call = function()
        i = i + 1
        if list[i] ~= nil then return i, list[i] end
    end, __index = {totable = function() return list end}})
end
function indexmethods.drop(self)
    checked(call('drop_index', self.space_id, self.id))
    codes.schemachanged()
end
local indextype = {__index = indexmethods, __order = 'unique parts id space_id type name'}
local parttype = {__order = 'type is_nullable fieldno'}

-- Spaces -----------------------------------------------------------------------------------------------------------
local spacemethods, spacetype = {}, {__order = 'engine before_replace field_count is_sync ck_constraint on_replace ' ..
    'temporary index is_local enabled name id'}
spacetype.__index = spacemethods
local function primary(self)
    local index = self.index[0]
    if index == nil then raise(35, format("No index #0 is defined in space '%s'", self.name)) end
    return index
end
local known = {}
local function spaceof(which)
    if known[which] ~= nil then return known[which] end
    local ok, id, name, spaceformat, indexes = call('space', which)
    if not ok or id == nil then return nil end
    local fieldnames = {}
    for i, field in ipairs(spaceformat) do fieldnames[i] = field[1] end
    local space = setmetatable({engine = 'memtx', field_count = 0, is_sync = false, ck_constraint = {},
        temporary = false, index = {}, is_local = false, enabled = #indexes > 0, name = name, id = id,
        before_replace = spacemethods.before_replace, on_replace = spacemethods.on_replace},
        {__index = function(_, key) if key == '_names' then return fieldnames end return spacemethods[key] end,
         __order = spacetype.__order})
    for _, plan in ipairs(indexes) do
        local parts = {}
        for i, part in ipairs(plan[5]) do
            parts[i] = setmetatable({fieldno = part[1], type = part[2], is_nullable = part[3]}, parttype)
        end
        local index = setmetatable({id = plan[1], name = plan[2], type = plan[3], unique = plan[4], parts = parts,
            space_id = id}, {__index = function(_, key)
                if key == '_names' then return fieldnames end
                return indexmethods[key]
            end, __order = indextype.__order})
        space.index[plan[1]] = index
        space.index[plan[2]] = index
    end
    known[name], known[id] = space, space
    return space
end
function codes.schemachanged() known = {} end
for _, method in ipairs({'get', 'select', 'count', 'delete', 'update', 'pairs'}) do
    spacemethods[method] = function(self, ...) return indexmethods[method](primary(self), ...) end
end
function spacemethods.insert(self, tuple) return result(calltuples(self._names, 'insert', self.id, tuple)) end
function spacemethods.replace(self, tuple) return result(calltuples(self._names, 'replace', self.id, tuple)) end
spacemethods.put = spacemethods.replace
function spacemethods.upsert(self, tuple, operations) checked(call('upsert', self.id, tuple, operations)) end
function spacemethods.len(self) return checked(call('len', self.id)) end
function spacemethods.bsize(self) return checked(call('bsize', self.id)) end
function spacemethods.truncate(self) checked(call('truncate', self.id)) end
function spacemethods.drop(self)
    checked(call('drop_space', self.id))
    codes.schemachanged()
end
function spacemethods.rename(self, name)
    checked(call('rename_space', self.id, name))
    codes.schemachanged()
end
function spacemethods.auto_increment(self, tuple)
    local last = primary(self):max()
    local list = {}
    for i, value in pairs(tuple) do list[i + 1] = value end
    list[1] = (last == nil and 0 or last[1]) + 1
    return self:insert(list)
end
function spacemethods.frommap(self, map)
    local list = {}
    for i, name in ipairs(self._names) do list[i] = map[name] == nil and NULL or map[name] end
    return maketuple(list)
end
local function triggertext(f)
    if f == nil then return NULL end
    local text, why = codes.textof(f)
    if text == nil then illegal(why) end
    return text
end
for name, when in pairs({before_replace = 'before', on_replace = 'after'}) do
    spacemethods[name] = function(self, fresh, old)
        if fresh == nil and old == nil then return checked(call('triggers', self.id, when)) end
        checked(call('set_trigger', self.id, when, triggertext(fresh), triggertext(old)))
        return fresh
    end
end
local function fieldplan(field)
    if type(field) == 'string' then return {field, 'any', false} end
    local name, kind = field.name or field[1], field.type or field[2]
    return {name, kind or 'any', field.is_nullable and true or false}
end
function spacemethods.format(self, fieldlist)
    if fieldlist == nil then
        local ok, _, _, spaceformat = call('space', self.id)
        local shown = {}
        for i, field in ipairs(ok and spaceformat or {}) do
            local entry = setmetatable({name = field[1], type = field[2]}, {__serialize = 'map', __order = 'name type'})
            if field[3] then
                entry.is_nullable = true
                getmetatable(entry).__order = 'type name is_nullable'
            end
            shown[i] = entry
        end
        return setmetatable(shown, {__serialize = 'seq'})
    end
    if type(fieldlist) ~= 'table' then illegal('format should be a table') end
    local plans = {}
    for i, field in ipairs(fieldlist) do plans[i] = fieldplan(field) end
    checked(call('set_format', self.id, plans))
    codes.schemachanged()
end
local function partplan(part)
    if type(part) ~= 'table' then return {part, NULL, NULL} end
    local nullable = part.is_nullable
    if nullable == nil then nullable = NULL end
    return {part.field or part[1], part.type or part[2] or NULL, nullable}
end
function spacemethods.create_index(self, name, options)
    options = options or {}
    if type(name) ~= 'string' then illegal('name should be a string') end
    local space = spaceof(self.id)
    if space == nil then raise(36, format("Space '%s' does not exist", self.id)) end
    if space.index[name] ~= nil and options.if_not_exists then return space.index[name], 'not created' end
    local parts, plans = options.parts or {1}, {}
    if type(parts) ~= 'table' then parts = {parts} end
    if type(parts[1]) == 'number' and type(parts[2]) == 'string' then
        for i = 1, #parts, 2 do insert(plans, {parts[i], parts[i + 1], NULL}) end
    else
        for i, part in ipairs(parts) do plans[i] = partplan(part) end
    end
    local unique = options.unique
    if unique == nil then unique = true end
    checked(call('create_index', self.id, name, upper(options.type or 'tree'), unique, plans))
    codes.schemachanged()
    local fresh = spaceof(self.id)
    self.index, self.enabled = fresh.index, true
    return fresh.index[name]
end

-- box --------------------------------------------------------------------------------------------------------------
box = {NULL = NULL, tuple = {is = istuple}, schema = {space = {}}, error = {}, index = {EQ = 'EQ', REQ = 'REQ',
    ALL = 'ALL', LT = 'LT', LE = 'LE', GE = 'GE', GT = 'GT'}}
function box.tuple.new(...)
    local list = ...
    if select('#', ...) == 1 and (type(list) == 'table' or istuple(list)) then return maketuple(list) end
    return maketuple({...})
end
box.space = setmetatable({}, {__index = function(_, which) return spaceof(which) end})
function box.schema.space.create(name, options)
    options = options or {}
    if type(name) ~= 'string' then illegal('name should be a string') end
    local engine = options.engine or 'memtx'
    if engine ~= 'memtx' then raise(57, format("Space engine '%s' does not exist", engine)) end
    local existing = spaceof(name)
    if existing ~= nil and options.if_not_exists then return existing, 'not created' end
    local id = checked(call('create_space', name))
    codes.schemachanged()
    if options.format then spaceof(id):format(options.format) end
    return spaceof(id), 'created'
end
box.schema.create_space = box.schema.space.create
function box.schema.space.drop(id) spaceof(id):drop() end
function box.snapshot() return checked(call('snapshot')) end
function box.begin() checked(call('begin')) end
function box.commit() checked(call('commit')) end
function box.rollback() checked(call('rollback')) end
function box.is_in_txn() return checked(call('in_transaction')) end
function box.atomic(work, ...)
    box.begin()
    local answer = {pcall(work, ...)}
    if not answer[1] then
        box.rollback()
        error(answer[2], 0)
    end
    box.commit()
    return unpack(answer, 2)
end
setmetatable(box.error, {__call = function(_, code, ...)
    if type(code) == 'table' then raise(code.code or 0, code.reason or code.message or 'Unknown error') end
    raise(tonumber(code) or 0, tostring((...) or 'Unknown error'))
end})
-- The order of a clock's components is that of LuaJIT's hash, which depends on which there are.
local clockorders = {['1,2'] = '2 1', ['1,3'] = '3 1', ['2,3'] = '3 2', ['1,2,3,4'] = '4 1 2 3',
    ['0,1,2,3,4'] = '0 2 3 1 4', ['1,2,3,4,5'] = '2 5 3 1 4'}
local function shownclock(clock)
    local ids = {}
    for id in pairs(clock) do insert(ids, id) end
    sort(ids)
    return setmetatable(clock, {__serialize = 'map', __order = clockorders[concat(ids, ',')] or concat(ids, ' ')})
end
local function ordered(map, order, serialize)
    return setmetatable(map, {__order = order, __serialize = serialize})
end
local function showninfo(map)
    for _, member in pairs(map.replication) do
        local up, down = member.upstream, member.downstream
        if up then
            ordered(up, up.message and 'peer lag status idle message system_message' or 'status idle peer lag')
        end
        if down then
            if down.vclock then shownclock(down.vclock) end
            ordered(down, 'status idle vclock lag message system_message')
        end
        ordered(member, 'id uuid lsn upstream name downstream')
    end
    ordered(map.replication, '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16', 'mapping')
    if map.replicaset then ordered(map.replicaset, 'uuid name') end
    shownclock(map.vclock)
    return ordered(map, 'version id ro ro_reason uuid pid cluster replicaset package listen replication signature ' ..
        'status uptime lsn vclock name')
end
-- What is no part of box.info as it is printed, and asked by its name.
local function besides(map)
    local gc, anonymous = map.gc, map.replication_anon
    map.gc, map.replication_anon = nil, nil
    if gc then
        for _, consumer in ipairs(gc.consumers) do
            shownclock(consumer.vclock)
            ordered(consumer, 'signature name vclock')
        end
        shownclock(gc.vclock)
        ordered(gc, 'signature checkpoint_is_in_progress checkpoints vclock consumers')
    end
    return {gc = gc and function() return gc end, replication_anon = anonymous}
end
local function info(key)
    local uuid, cluster, rows = checked(call('info'))
    if type(uuid) == 'table' then
        local more = besides(uuid)
        if key and more[key] then return more end
        return showninfo(uuid)
    end
    local own = setmetatable({id = 1, uuid = uuid, lsn = rows}, {__order = 'id uuid lsn'})
    local clock = rows == 0 and {} or {[1] = rows}
    return setmetatable({version = codes.version, id = 1, ro = false, uuid = uuid, package = 'Tributary',
        cluster = {uuid = cluster}, replication = {[1] = own}, signature = rows, status = 'running',
        vclock = setmetatable(clock, {__serialize = 'map'}), lsn = rows},
        {__order = 'version id ro uuid package cluster replication signature status vclock lsn'})
end
box.info = setmetatable({}, {__index = function(_, key) return info(key)[key] end,
    __call = function() return info() end, __serialize = function() return info() end})

local function settings()
    return ordered(checked(call('cfg')), 'instance_name instance_uuid listen memtx_memory read_only replicaset_name ' ..
        'replicaset_uuid replication wal_mode')
end
local cfg = setmetatable({}, {__index = function(_, key) return settings()[key] end, __serialize = settings,
    __call = function(_, options) checked(call('set_cfg', options or {})) end})
-- What has no configuration has no box.cfg.
setmetatable(box, {__index = function(_, key) if key == 'cfg' and call('cfg') then return cfg end end})

-- Libraries --------------------------------------------------------------------------------------------------------
local function orraise(ok, ...)
    if ok then return ... end
    error((...), 0)
end
local libraries = {
    json = {encode = function(value) return orraise(encode(value)) end,
            decode = function(text) return orraise(decode(text)) end, NULL = NULL},
    yaml = {encode = function(value) return yamlencode(value) end, NULL = NULL},
}
json, yaml = libraries.json, libraries.yaml
libraries.console = {eval = watching(codes.consoletext)}
local config = {}
function config.reload() checked(call('reload')) end
function config.info()
    return ordered(checked(call('config')), 'status alerts')
end
function require(name)
    if name == 'config' and call('config') then return config end
    if libraries[name] == nil then
        error(format("module '%s' not found: this console has json, yaml and console, and nothing outside itself",
            tostring(name)), 2)
    end
    return libraries[name]
end
)lua";

}  // namespace

std::string_view boxPrelude() {
    return kPrelude;
}

}  // namespace tributary::engine::tarantool
