--- @include transition
--- @include enqueue
--- @include fields
--- @include lock
-- Claims tasks for a supervisor: high before normal before low, first come first served within a priority.
--
-- A task whose type is busy is parked on the way. How many tasks one call may look at is bounded, so that ten
-- thousand queued tasks of one busy type don't block Redis; each is parked once, so the cost stays O(log n) a task.
local LOOKED_AT_MOST = 200

-- claim: { supervisor_id, lease_ms, lease_end (text), lock }
local function claim_one(id, f, priority, claim)
  local job_type = f[1]
  local left = tonumber(f[8]) or tonumber(f[7] or DEFAULTS.timeout_seconds) * 1000
  local fence = redis.call('INCR', base .. 'fence:' .. job_type)
  local fence_text = string.format('%.0f', fence)
  redis.call('ZADD', base .. 'running', claim.lease_end, id)
  local set = { 'owner', claim.supervisor_id, 'fence', fence_text, 'deadline_at', string.format('%.0f', now + left) }
  -- With time left over from a hand-back it is still the same attempt, which began when it began.
  if not f[8] or not f[10] then
    set[#set + 1] = 'started_at'
    set[#set + 1] = now_text
    write_defaults(set, f[5], f[6], f[7])
  end
  local task = { id = id, job_type = job_type, sequence = f[12], status = 'pending', execution_id = f[11] }
  -- What was never claimed before has none of these.
  local clear = f[5] and { 'next_run_at', 'waits_for', 'time_left_ms' }
  transition(task, 'running', 'claimed', set, clear, { 'supervisor_id', claim.supervisor_id, 'fence', fence_text })
  local params = params_of(id, f[4])
  local locked = claim.lock ~= '' and lock_type(job_type, claim.lock, claim.lease_ms) or 0
  return { id, job_type, f[2] or '', f[3] or '', params, f[5] or '0', f[6] or DEFAULTS.max_attempts, fence, left, priority,
    locked }
end

-- Returns { more, task, task, … }, and whether it met a task whose hash is gone.
local function take_queued(supervisor_id, free, reserved, lease_ms, lock)
  local taken, looked, others, gone = { 0 }, 0, 0, false
  local claim = { supervisor_id = supervisor_id, lease_ms = lease_ms, lease_end = string.format('%.0f', now + lease_ms),
    lock = lock }
  for priority = 0, 2 do
    while true do
      local room = free + reserved - (#taken - 1)
      if priority > 0 then
        room = math.min(room, free - others)
      end
      if room <= 0 then
        break
      end
      if looked >= LOOKED_AT_MOST then
        taken[1] = 1
        return taken, gone
      end
      local popped = pop_queued(priority, math.min(room, LOOKED_AT_MOST - looked))
      if #popped == 0 then
        break
      end
      for _, id in ipairs(popped) do
        looked = looked + 1
        local f = redis.call('HMGET', task_key(id), 'job_type', 'dataset', 'mode', 'params', 'attempt', 'max_attempts',
          'timeout_seconds', 'time_left_ms', 'status', 'started_at', 'execution_id', 'sequence')
        if status_of(f[9], f[1]) ~= 'pending' then
          -- It was cancelled in its place, or its hash was deleted or evicted by hand: nothing is left to run.
          gone = not forget_removed(priority, id) and not f[1] or gone
        elseif not redis.call('SET', base .. 'type:' .. f[1], id, 'NX') then
          park(id, f[1], priority, tonumber(f[12]))
        else
          taken[#taken + 1] = claim_one(id, f, priority, claim)
          if priority > 0 then
            others = others + 1
          end
        end
      end
    end
  end
  return taken, gone
end

-- Takes up to `free` tasks of any priority plus up to `reserved` of high priority only, and their locks where those
-- stand here (lock: their value, '' elsewhere).
-- Returns { more, task, task, … }; more = 1: it stopped at the bound, or others came back to the queue: ask again.
local function take(...)
  local taken, gone = take_queued(...)
  if gone then
    unpark_unheld()
    taken[1] = 1
  end
  return taken
end
