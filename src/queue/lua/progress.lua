-- Notes how far a running task is.
--
-- KEYS[1]  key base
-- ARGV     task_id, supervisor_id, fence, progress (0..100), records_processed, message ('' = leave as it is)
-- Returns  done | unknown | not_running | not_owner
-- Atomic   owner and fence are checked in the same step, so that a zombie's late progress is refused; progress
--          and records never fall.
-- Cost     O(1).
--- @include owned
--- @include transition
local task, why = owned_task(ARGV[1], ARGV[2], ARGV[3])
if not task then
  return why
end
local known = redis.call('HMGET', task_key(task.id), 'progress', 'records_processed')
local progress = math.max(tonumber(ARGV[4]), tonumber(known[1] or 0))
local records = math.max(tonumber(ARGV[5]), tonumber(known[2] or 0))
-- tostring: as a number 33.3 would be stored as 33.299999999999997.
progress = tostring(progress)
redis.call('HSET', task_key(task.id), 'progress', progress, 'records_processed', records, 'updated_at', now)
if ARGV[6] ~= '' then
  redis.call('HSET', task_key(task.id), 'progress_message', ARGV[6])
end
emit('progress', task.id, task.job_type, 'running', { 'progress', progress, 'records_processed', records })
return 'done'
