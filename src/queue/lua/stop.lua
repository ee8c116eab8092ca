#!lua flags=allow-oom
-- Wishes that a running task ends.
--
-- KEYS[1]  key base
-- ARGV     task_id
-- Returns  { done | unknown | not_running, status }
-- Atomic   the wish stands in the task as long as it runs: tick.lua tells its supervisor, whoever that is, and
--          no script lets a task that has it go back to wait. It needs no fence: it is for every owner.
-- Cost     O(1).
--- @include wish
local f = redis.call('HMGET', task_key(ARGV[1]), 'status', 'job_type')
if not f[1] then
  return { 'unknown', '' }
end
if f[1] ~= 'running' then
  return { 'not_running', f[1] }
end
wish_stop(ARGV[1], f[2])
return { 'done', 'running' }
