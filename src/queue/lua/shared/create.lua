--- @include emit
--- @include fields
-- Stores a new pending task. The caller puts it where it waits.
-- priority: '0' | '1' | '2'; params: JSON; more: list of field, value, …, of which empty ones are left out.
local function create_task(id, job_type, priority, sequence, max_attempts, timeout_seconds, params, more)
  local fields = { 'job_type', job_type, 'sequence', sequence, 'created_at', now }
  local function keep(name, value, default)
    if value and value ~= default then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  keep('priority', priority, DEFAULTS.priority)
  keep('max_attempts', max_attempts, DEFAULTS.max_attempts)
  keep('timeout_seconds', timeout_seconds, DEFAULTS.timeout_seconds)
  for i = 1, #more, 2 do
    keep(more[i], more[i + 1], '')
  end
  store_params(id, params, fields)
  redis.call('HSET', task_key(id), unpack(fields))
  emit('submitted', id, job_type, 'pending')
end
