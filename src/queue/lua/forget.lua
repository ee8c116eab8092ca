#!lua flags=allow-oom
-- Forgets a task that stood under a lease and is no running task any more: its hash was deleted or changed by hand.
--
-- KEYS[1]  key base
-- ARGV     task_id, then the job types that it may hold
-- Returns  1 forgotten, 0 it is a running task
-- Atomic   the type is freed only while it is held by this very task, so that a successor keeps it.
-- Cost     O(log n) for each type.
--- @include enqueue
local id = ARGV[1]
if redis.call('HGET', task_key(id), 'status') == 'running' then
  return 0
end
for i = 2, #ARGV do
  release_type(ARGV[i], id)
end
redis.call('ZREM', base .. 'running', id)
ring_for_queued()
return 1
