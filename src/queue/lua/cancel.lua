#!lua flags=allow-oom
-- Cancels a pending task, wherever it waits: queue, parked, delayed or blocked.
--
-- KEYS[1]  key base
-- ARGV     task_id
-- Returns  { done | unknown | not_pending, status before }
-- Atomic   the task leaves its waiting place in the step that sets the status, so that a claim comes either
--          before (and the cancel is refused) or never.
-- Cost     O(log n), and O(log n) for each task of its execution that depends on it.
--- @include cancel_waiting
local task = waiting_task(ARGV[1])
if not task.status then
  return { 'unknown', '' }
end
if task.status ~= 'pending' then
  return { 'not_pending', task.status }
end
cancel_waiting(task)
return { 'done', 'pending' }
