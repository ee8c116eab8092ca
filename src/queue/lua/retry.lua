-- Runs a task that failed or was cancelled once more, as a new task with everything the old one had.
--
-- KEYS[1]  key base
-- ARGV     task_id, params (JSON), priority, max_attempts, timeout_seconds ('' = as the old one's), then new task ids
-- Returns  { done, new task_id } | { unknown } | { not_ended, status } | { retried, the newer task_id }
--          | { hindered, task_id of a prerequisite that can't complete } | { ids, how many new ids it takes }
-- Atomic   the new task appears in the step that marks the old one as retried, so that of two callers one is
--          refused; in an execution it takes the old one's place, counts and dependants included.
-- Cost     O(log n); in an execution O(its tasks and dependencies).
--- @include revive
local id = ARGV[1]
local f = redis.call('HMGET', task_key(id), 'status', 'retried_as', 'execution_id', 'slot', 'job_type')
local status = status_of(f[1], f[5])
if not status then
  return { 'unknown' }
end
if f[2] then
  return { 'retried', f[2] }
end
if not is_dead(status) then
  return { 'not_ended', status }
end

local function given(i)
  return ARGV[i] ~= '' and ARGV[i] or nil
end
local changes = { params = given(2), priority = given(3), max_attempts = given(4), timeout_seconds = given(5) }
local new_ids = { unpack(ARGV, 6) }

if not f[3] or redis.call('EXISTS', execution_key(f[3])) == 0 then
  enqueue_new(copy_task(id, new_ids[1], changes), new_ids[1])
  ring(1)
  return { 'done', new_ids[1] }
end

local slot = tonumber(f[4])
local plan, hindrance = plan_revival(f[3], slot)
if hindrance then
  return { 'hindered', hindrance }
end
if #plan > #new_ids then
  return { 'ids', #plan }
end
revive(f[3], plan, new_ids, slot, changes)
return { 'done', new_ids[1] }
