-- The pulse of one process of the call window: it lives with this limit, and it knows the window by its epoch.
--
-- KEYS[1]  epoch: hash { id, born_at, opens_at, reason, grants }: what is lost when Redis loses its data
-- KEYS[2]  processes: hash of process -> 'limit:window_ms:seen_at'; of one at rest seen_at lies ahead
-- ARGV     process, limit, window_ms, the epoch that it knows ('' none yet), an id for a new epoch,
--          wait_ms (how long a new epoch waits when this process knows none), closed_ms (how long the window is
--          closed after its state was lost), silent_ms (for how much longer than usual it may be silent), then the ids of Bottleneck's pools that have the limit of the token
-- Returns  { epoch, opens_in_ms, reason, limit, window_ms, processes }: the lowest limit and the longest window of
--          the processes that live hold for all
-- Atomic   a process that starts with a lower limit makes it hold before anybody can take one more slot; an
--          epoch that is missing is made once.
local ALIVE_MS = 10000
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local process, known, new_id = ARGV[1], ARGV[4], ARGV[5]
local wait_ms, closed_ms = tonumber(ARGV[6]), tonumber(ARGV[7])

redis.call('HSET', KEYS[2], process, ARGV[2] .. ':' .. ARGV[3] .. ':' .. string.format('%.0f', now + tonumber(ARGV[8])))
local limit, window_ms, processes = tonumber(ARGV[2]), tonumber(ARGV[3]), 0
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local l, w, seen_at = string.match(all[i + 1], '^(%d+):(%d+):(%d+)$')
  if not seen_at or tonumber(seen_at) < now - ALIVE_MS then
    redis.call('HDEL', KEYS[2], all[i])
  else
    limit, window_ms, processes = math.min(limit, tonumber(l)), math.max(window_ms, tonumber(w)), processes + 1
  end
end
for i = 9, #ARGV do
  local settings = 'b_' .. ARGV[i] .. '_settings'
  local holds = redis.call('HGET', settings, 'maxConcurrent')
  if holds and tonumber(holds) ~= limit then
    redis.call('HSET', settings, 'maxConcurrent', limit)
  end
end

local epoch = redis.call('HMGET', KEYS[1], 'id', 'opens_at', 'born_at', 'reason', 'rolled_back')
local id, opens_at, born_at, reason = epoch[1], tonumber(epoch[2]), tonumber(epoch[3]), epoch[4]
if not id then
  -- Whoever knew the window knows that calls were made which Redis has forgotten.
  local lost = known ~= '' or epoch[5]
  id, born_at = new_id, now
  opens_at = now + (lost and closed_ms or wait_ms)
  reason = lost and 'lost' or (wait_ms > 0 and 'empty' or '')
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'id', id, 'born_at', string.format('%.0f', now),
    'opens_at', string.format('%.0f', opens_at), 'reason', reason, 'grants', 0)
elseif known ~= '' and id ~= known and opens_at < born_at + closed_ms then
  -- It was made by a process that could not know how much was lost.
  opens_at, reason = born_at + closed_ms, 'lost'
  redis.call('HSET', KEYS[1], 'opens_at', string.format('%.0f', opens_at), 'reason', reason)
end
return { id, math.max(0, opens_at - now), reason, limit, window_ms, processes }
