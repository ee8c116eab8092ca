-- A page of executions, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     before ('+inf', or the sequence that all of the page are below), offset, limit, then what they must be like,
--          '' = anything: beginning of the id, kind, submitted from and before (ms); then the statuses. With anything
--          but statuses the offset is 0.
-- Returns  { total, next, looked_at, execution, … }, as list.lua does; an execution is its id, then field, value, …
-- Atomic   one moment: an execution that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status; a search at most 1,000 short reads, however many executions there are.
--- @include execution
--- @include newest
local SEARCHED_AT_MOST = 1000
local before, offset, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local begins, kind, from, to = unpack(ARGV, 4, 7)
local reads_execution = kind ~= '' or from ~= '' or to ~= ''
local reach = (reads_execution or begins ~= '') and SEARCHED_AT_MOST or offset + limit

local function wanted(id)
  if string.sub(id, 1, #begins) ~= begins then
    return false
  end
  if not reads_execution then
    return true
  end
  local f = redis.call('HMGET', execution_key(id), 'kind', 'created_at')
  if not f[1] then
    return false -- it has expired and is not pruned yet
  end
  local is_one = in_span(f[2], from, to)
  return is_one and (kind == '' or f[1] == kind)
end

local sources, total = {}, 0
for i = 8, #ARGV do
  local index = 'executions:' .. ARGV[i]
  total = total + redis.call('ZCARD', base .. index)
  sources[#sources + 1] = indexed(index, before, reach + 1) -- one more says whether anything is left
end
local page, next, looked_at = search(sources, reach, offset, limit, wanted)

local reply = { total, next, looked_at }
for _, id in ipairs(page) do
  local fields = redis.call('HGETALL', execution_key(id))
  if #fields > 0 then -- else it has expired and is not pruned yet
    reply[#reply + 1] = { id, unpack(fields) }
  end
end
return reply
