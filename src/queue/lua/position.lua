-- Where a task stands.
--
-- KEYS[1]  key base
-- ARGV     task_id
-- Returns  { place, ahead }, or nil when there is no such task. place and ahead as in shared/place.lua; of a task
--          that doesn't wait its status, and -1
-- Atomic   one moment.
-- Cost     O(log n).
--- @include place
local f = redis.call('HMGET', task_key(ARGV[1]), 'status', 'job_type', 'priority', 'sequence', 'execution_id')
if not f[1] then
  return false
end
if f[1] ~= 'pending' then
  return { f[1], -1 }
end
local place, ahead = place_of(ARGV[1], f[2], tonumber(f[3] or 1), tonumber(f[4]), f[5])
return { place, ahead }
