-- One page of executions, newest submission first.
--
-- KEYS[1]  key base
-- ARGV     offset, limit, then the statuses
-- Returns  { total, execution, … }; an execution is its id, then field, value, field, value, …
-- Atomic   one moment: an execution that changes its status is on one page, once.
-- Cost     O((offset + limit) log n) a status.
--- @include execution
local offset, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local newest, total = {}, 0
for i = 3, #ARGV do
  local index = base .. 'executions:' .. ARGV[i]
  total = total + redis.call('ZCARD', index)
  local entries = redis.call('ZREVRANGE', index, 0, offset + limit - 1, 'WITHSCORES')
  for j = 1, #entries, 2 do
    newest[#newest + 1] = { entries[j], tonumber(entries[j + 1]) }
  end
end
table.sort(newest, function(a, b) return a[2] > b[2] end)

local reply = { total }
for i = offset + 1, math.min(offset + limit, #newest) do
  local id = newest[i][1]
  local fields = redis.call('HGETALL', execution_key(id))
  if #fields > 0 then -- else it has expired and is not pruned yet
    reply[#reply + 1] = { id, unpack(fields) }
  end
end
return reply
