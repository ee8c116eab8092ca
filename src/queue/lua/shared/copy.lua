--- @include create
-- Makes a new task of one that has ended, with everything it was submitted with. It is not put anywhere yet.
-- changes: { params, priority, max_attempts, timeout_seconds }, nil for what stays. Returns priority, sequence.
local function copy_task(id, new_id, changes)
  local f = redis.call('HMGET', task_key(id), 'job_type', 'priority', 'max_attempts', 'timeout_seconds', 'params',
    'dataset', 'mode', 'execution_id', 'slot', 'key')
  local params = changes.params or params_of(id, f[5])
  local priority = changes.priority or f[2] or '1'
  local sequence = redis.call('INCR', base .. 'sequence')
  create_task(new_id, f[1], priority, sequence, changes.max_attempts or f[3] or DEFAULTS.max_attempts,
    changes.timeout_seconds or f[4] or DEFAULTS.timeout_seconds, params,
    { 'dataset', f[6], 'mode', f[7], 'execution_id', f[8], 'slot', f[9], 'key', f[10], 'retry_of', id })
  redis.call('HSET', task_key(id), 'retried_as', new_id, 'updated_at', now)
  return priority, sequence
end
