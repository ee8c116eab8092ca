#!lua flags=allow-oom
-- Work of a running task is committed: losses in a row start from 0 again.
--
-- KEYS[1]  key base
-- ARGV     task_id, supervisor_id, fence
-- Returns  done | unknown | not_running | not_owner
-- Atomic   owner and fence are checked in the same step, so that a zombie can't clear the losses of its successor.
-- Cost     O(1).
--- @include owned
local task, why = owned_task(ARGV[1], ARGV[2], ARGV[3])
if not task then
  return why
end
redis.call('HDEL', task_key(task.id), 'losses')
redis.call('HSET', task_key(task.id), 'updated_at', now)
return 'done'
