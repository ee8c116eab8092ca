--- @include fields
-- Reads a running task on behalf of whoever says that it runs it. Only the claim that is valid now may write:
-- a supervisor that lost its lease (a zombie) is refused by owner or fence, whatever it thinks.

-- Returns the task { id, job_type, sequence, status, … }, or nil and why: unknown | not_running | not_owner.
local function owned_task(task_id, supervisor_id, fence)
  local f = redis.call('HMGET', task_key(task_id), 'status', 'owner', 'fence', 'job_type', 'sequence', 'priority',
    'attempt', 'max_attempts', 'deadline_at', 'stop_requested_at',
    'execution_id', 'slot', 'losses')
  local status = status_of(f[1], f[4])
  if not status then
    return nil, 'unknown', ''
  end
  if status ~= 'running' then
    return nil, 'not_running', status
  end
  if f[2] ~= supervisor_id or f[3] ~= fence then
    return nil, 'not_owner', f[1]
  end
  return {
    id = task_id, status = f[1], owner = f[2], fence = f[3], job_type = f[4], sequence = f[5],
    priority = f[6] or '1', attempt = tonumber(f[7] or 0), max_attempts = tonumber(f[8] or DEFAULTS.max_attempts),
    deadline_at = tonumber(f[9]), stop_requested_at = f[10],
    execution_id = f[11], slot = f[12],
    -- An earlier attempt or supervisor: only then may an error stand in it.
    ended_badly = f[7] and f[7] ~= '0' or f[13],
  }
end
