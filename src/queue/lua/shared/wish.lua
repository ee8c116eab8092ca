--- @include transition
-- Notes in a running task that it is to end. Wishing twice is harmless.
local function wish_stop(id, job_type)
  if redis.call('HSETNX', task_key(id), 'stop_requested_at', now) == 1 then
    redis.call('HSET', task_key(id), 'updated_at', now)
    emit('stop_requested', id, job_type, 'running')
  end
end
