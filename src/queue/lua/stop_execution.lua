#!lua flags=allow-oom
-- Ends an execution: what waits is cancelled, what runs is to be stopped.
--
-- KEYS[1]  key base
-- ARGV     execution_id
-- Returns  { done, cancelled, to be stopped } | { unknown } | { ended, status }
-- Atomic   nothing of it can start after this. It has ended when the last of its threads has.
-- Cost     O(log n) a task, 1,000 at most: 50 to 75 ms, measured on two busy cores.
--- @include cancel_waiting
--- @include wish
local id = ARGV[1]
local f = redis.call('HMGET', execution_key(id), 'status', 'total')
if not f[1] then
  return { 'unknown' }
end
if f[1] ~= 'pending' and f[1] ~= 'running' then
  return { 'ended', f[1] }
end
redis.call('HSET', execution_key(id), 'updated_at', now)
emit_execution('execution_stop_requested', id, f[1])
local cancelled, stopping = 0, 0
-- From the last: dependants first, so that each is cancelled for itself.
for slot = tonumber(f[2]) - 1, 0, -1 do
  local task = waiting_task(redis.call('HGET', base .. 'members:' .. id, slot))
  if task.status == 'pending' then
    cancel_waiting(task)
    cancelled = cancelled + 1
  elseif task.status == 'running' then
    wish_stop(task.id, task.job_type)
    stopping = stopping + 1
  end
end
return { 'done', cancelled, stopping }
