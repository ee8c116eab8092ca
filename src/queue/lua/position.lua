-- Where a task stands.
--
-- KEYS[1]  key base
-- ARGV     task_id
-- Returns  { place, ahead }, or nil when there is no such task. place and ahead as in shared/place.lua; of a task
--          that doesn't wait its status, and -1
-- Atomic   one moment.
-- Cost     O(log n).
--- @include place
--- @include fields
local f = redis.call('HMGET', task_key(ARGV[1]), 'status', 'job_type', 'priority', 'sequence', 'execution_id')
local status = status_of(f[1], f[2])
if not status then
  return false
end
if status ~= 'pending' then
  return { status, -1 }
end
local place, ahead = place_of(ARGV[1], f[2], tonumber(f[3] or 1), tonumber(f[4]), f[5])
return { place, ahead }
