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
--- @include fields
local f = redis.call('HMGET', task_key(ARGV[1]), 'status', 'job_type')
local status = status_of(f[1], f[2])
if not status then
  return { 'unknown', '' }
end
if status ~= 'running' then
  return { 'not_running', status }
end
wish_stop(ARGV[1], f[2])
return { 'done', 'running' }
