#!lua flags=allow-oom
-- Ends runs of tasks and, in the same call, claims the next ones.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id, free, reserved, lease_ms, lock of the claim that follows (free = reserved = 0: none; see
--          claim.lua), then 9 a run: task_id, supervisor_id, fence, kind (completed | failed | retry |
--          handed_back | closed | cancelled), number (records_processed of completed, delay_ms of retry,
--          handed_back, closed), error_type, text (error_message, or the reason of handed_back, closed),
--          error_detail, lock (value of its type's lock, released here; '' where it is released elsewhere)
-- Returns  { claimed (as claim.lua), { { result, status }, … } }; result: done | unknown | not_running |
--          not_owner, status: the task's status after this call
-- Atomic   status, attempt, the type's holder, the parked head and the claim change together, so that no other
--          supervisor sees a free type with nobody in its queue, nor a finished task under a lease.
-- Cost     O(log n) a run.
--- @include owned
--- @include ending
--- @include take
local STRIDE = 9
local went_back = false

-- Back to pending: into its queue at its old place, or to wait until its moment.
local function put_back(task, kind, delay_ms, set, clear)
  clear[#clear + 1] = 'owner'
  clear[#clear + 1] = 'fence'
  clear[#clear + 1] = 'deadline_at'
  if delay_ms > 0 then
    for _, value in ipairs({ 'next_run_at', now + delay_ms, 'waits_for', kind }) do
      set[#set + 1] = value
    end
    delay(task.id, task.sequence, now + delay_ms)
  else
    enqueue(task.id, task.priority, task.sequence)
  end
  transition(task, 'pending', kind, set, clear)
end

-- Adds what went wrong to the fields to set; an older detail must not stand beside a newer message.
local function note_error(set, clear, error_type, message, detail)
  set[#set + 1] = 'last_error_type'
  set[#set + 1] = error_type
  set[#set + 1] = 'error_message'
  set[#set + 1] = message
  if detail ~= '' then
    set[#set + 1] = 'error_detail'
    set[#set + 1] = detail
  else
    clear[#clear + 1] = 'error_detail'
  end
end

local function finish(task, kind, number, error_type, text, detail)
  redis.call('ZREM', base .. 'running', task.id)
  local final = kind == 'completed' or kind == 'failed' or (kind == 'retry' and task.attempt + 1 >= task.max_attempts)
  if task.stop_requested_at and not final then
    kind = 'cancelled' -- an end that crossed the wish stands; but whatever is to be stopped does not go back to wait
  end
  if kind == 'completed' then
    end_task(task, 'completed', 'completed', task.attempt + 1, { 'progress', '100', 'records_processed', number },
      task.ended_badly and { 'error_message', 'error_detail', 'losses' })
  elseif final then
    local set, clear = {}, {}
    note_error(set, clear, error_type, text, detail)
    end_task(task, 'failed', 'failed', task.attempt + 1, set, clear, { 'error_type', error_type })
  elseif kind == 'cancelled' then
    end_task(task, 'cancelled', 'cancelled', task.attempt + 1, {}, {})
  elseif kind == 'retry' then
    -- The next attempt gets the full time again, and starts with no losses.
    local set, clear = { 'attempt', task.attempt + 1 }, { 'started_at', 'losses' }
    note_error(set, clear, error_type, text, detail)
    put_back(task, kind, tonumber(number), set, clear)
  elseif kind == 'handed_back' or kind == 'closed' then
    -- The same attempt goes on later, with the running time it has left.
    put_back(task, kind, tonumber(number), { 'time_left_ms', math.max(0, task.deadline_at - now), 'progress_message', text }, {})
  else
    error('unknown outcome: ' .. kind)
  end
  release_type(task.job_type, task.id)
  went_back = true
end

-- The answer to a finish was lost and it is sent again: it counts as done.
local function repeated(task_id, supervisor_id, fence, kind, status)
  if status ~= kind then
    return false
  end
  local f = redis.call('HMGET', task_key(task_id), 'owner', 'fence')
  return f[1] == supervisor_id and f[2] == fence
end

local results = {}
for i = 6, #ARGV, STRIDE do
  local id, supervisor_id, fence, kind = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local task, why, status = owned_task(id, supervisor_id, fence)
  local lock = ARGV[i + 8]
  if lock ~= '' then
    -- Also of a run that lost its claim: its thread has left, and the value says whether the lock is still its own.
    local job_type = task and task.job_type or redis.call('HGET', task_key(id), 'job_type')
    if job_type then
      unlock_type(job_type, lock)
    end
  end
  if task then
    finish(task, kind, ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7])
    results[#results + 1] = { 'done', task.status }
  elseif repeated(id, supervisor_id, fence, kind, status) then
    results[#results + 1] = { 'done', status }
  else
    results[#results + 1] = { why, status }
  end
end

local claimed = take(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5])
if went_back then
  -- What this supervisor did not take may be for another one that sleeps.
  ring_for_queued()
end
return { claimed, results }
