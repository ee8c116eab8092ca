--- @include transition
-- A longer value would turn the compact hash (listpack) into a full one.
local PARAMS_INLINE_BYTES = 64

-- Stores a new pending task. The caller puts it into the index and where it waits.
-- priority: '0' | '1' | '2'; params: JSON; more: list of field, value, …, of which empty ones are left out.
local function create_task(id, job_type, priority, sequence, max_attempts, timeout_seconds, params, more)
  local fields = { 'status', 'pending', 'job_type', job_type, 'sequence', sequence, 'attempt', '0',
    'max_attempts', max_attempts, 'timeout_seconds', timeout_seconds, 'created_at', now }
  local function keep(name, value, default)
    if value and value ~= default then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  keep('priority', priority, '1')
  for i = 1, #more, 2 do
    keep(more[i], more[i + 1], '')
  end
  if #params <= PARAMS_INLINE_BYTES then
    keep('params', params, '{}')
  else
    redis.call('SET', params_key(id), params)
  end
  redis.call('HSET', task_key(id), unpack(fields))
  emit('submitted', id, job_type, 'pending')
end
