#!lua flags=allow-oom
-- Postgres knows a higher fence of a type than Redis (Redis was emptied): the counter jumps over it.
--
-- KEYS[1]  key base
-- ARGV     job_type, task_id (must hold the type), known (the fence that Postgres has)
-- Returns  1 raised (the next claim gets known + 2 or more), 0 the task doesn't hold the type, or no need
-- Atomic   only the holder may raise it, so that a zombie can't shut out its successor.
-- Cost     O(1).
--- @include base
local counter = base .. 'fence:' .. ARGV[1]
local known = tonumber(ARGV[3])
if redis.call('GET', base .. 'type:' .. ARGV[1]) ~= ARGV[2] or tonumber(redis.call('GET', counter) or 0) > known then
  return 0
end
redis.call('SET', counter, known + 1)
return 1
