--- @include base
-- The live feed keeps about the last 10,000 transitions (some 1 MB).
local EVENTS_KEPT = '10000'

-- Appends one line to the live feed. `more` is a list of field, value, field, value, …
local function emit(event, task_id, job_type, status, more)
  redis.call('XADD', base .. 'events', 'MAXLEN', '~', EVENTS_KEPT, '*',
    'event', event, 'task_id', task_id, 'job_type', job_type, 'status', status, unpack(more or {}))
end
