#!lua flags=allow-oom
-- Postgres knows a higher fence of a type than Redis (Redis was emptied): the counter jumps over it.
--
-- KEYS[1]  key base
-- ARGV     task_id, supervisor_id, fence (of a run that holds its type), known (the fence that Postgres has)
-- Returns  1 raised (the next claim gets known + 2 or more), 0 the run has lost its claim, or no need
-- Atomic   only the holder may raise it, so that a zombie can't shut out its successor.
-- Cost     O(1).
--- @include owned
local task = owned_task(ARGV[1], ARGV[2], ARGV[3])
local known = tonumber(ARGV[4])
if not task or redis.call('GET', base .. 'type:' .. task.job_type) ~= task.id then
  return 0
end
local counter = base .. 'fence:' .. task.job_type
if tonumber(redis.call('GET', counter) or 0) > known then
  return 0
end
redis.call('SET', counter, known + 1)
return 1
