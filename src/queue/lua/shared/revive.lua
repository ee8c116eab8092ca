--- @include copy
--- @include days
--- @include execution
--- @include enqueue
-- Runs the failed or cancelled part of an execution again, in new tasks that take the places of the old ones.

local function is_dead(status)
  return status == 'failed' or status == 'cancelled'
end

-- Looks at what a slot needs. Returns how many prerequisites have not completed, whether one of them comes back,
-- and the task of one that can never complete (false when there is none).
local function look_at_needs(id, slot, slots)
  local unmet, comes_back, dead = 0, false, false
  for need in each_slot(redis.call('HGET', base .. 'dependencies:' .. id, 'n' .. slot)) do
    if redis.call('HEXISTS', base .. 'dependencies:' .. id, 'd' .. need) == 1 then
      local other = slots[tonumber(need)]
      unmet = unmet + 1
      comes_back = comes_back or other.revived
      if not other.revived and other.status ~= 'pending' and other.status ~= 'running' then
        dead = other.task_id
      end
    end
  end
  return unmet, comes_back, dead
end

-- What is to run again. chosen: one slot, with those that it had kept from running; nil: all that failed or was
-- cancelled. Slots come after what they need, so that one pass is enough. O(tasks + dependencies) of the execution.
-- Returns the slots { slot, task_id, status, unmet }, and the task that keeps `chosen` from running, or false.
local function plan_revival(id, chosen)
  local slots, plan, hindrance = {}, {}, false
  for slot = 0, tonumber(redis.call('HGET', execution_key(id), 'total')) - 1 do
    local task_id = redis.call('HGET', base .. 'members:' .. id, slot)
    local f = redis.call('HMGET', task_key(task_id), 'status', 'last_error_type', 'job_type')
    local entry = { slot = slot, task_id = task_id, status = status_of(f[1], f[3]), revived = false }
    slots[slot] = entry
    if is_dead(f[1]) then
      local unmet, comes_back, dead = look_at_needs(id, slot, slots)
      local follows = comes_back and (f[2] == 'dependency_failed' or f[2] == 'dependency_cancelled')
      if chosen == slot and dead then
        hindrance = dead
      elseif not dead and (not chosen or chosen == slot or follows) then
        entry.revived, entry.unmet = true, unmet
        plan[#plan + 1] = entry
      end
    end
  end
  return plan, hindrance
end

-- It has ended and goes on: neither it nor what has ended in it expires, and its next end will be another one.
local function reopen(id)
  local f = redis.call('HMGET', execution_key(id), 'status', 'sequence')
  redis.call('HSET', execution_key(id), 'updated_at', now)
  if f[1] ~= 'pending' and f[1] ~= 'running' then
    for _, task_id in ipairs(redis.call('HVALS', base .. 'members:' .. id)) do
      if has_days('task', task_id) then
        hold_days('task', task_id)
      end
    end
    hold_days('execution', id)
    redis.call('ZREM', base .. 'expiring', 'execution:' .. id)
    redis.call('HDEL', execution_key(id), 'completed_at')
    move_execution(id, f[1], 'running', f[2], {})
  end
  emit_execution('execution_retried', id, redis.call('HGET', execution_key(id), 'status'))
end

-- plan as from plan_revival; new_ids: one for each; changes as in copy_task, for the slot `changed` alone.
local function revive(id, plan, new_ids, changed, changes)
  for i, entry in ipairs(plan) do
    local new_id = new_ids[i]
    local priority, sequence = copy_task(entry.task_id, new_id, entry.slot == changed and changes or {})
    redis.call('HSET', base .. 'members:' .. id, entry.slot, new_id)
    if has_days('task', entry.task_id) then
      start_days('task', entry.task_id) -- it is no part any more
    end
    redis.call('HINCRBY', execution_key(id), entry.status, -1)
    redis.call('HINCRBY', execution_key(id), 'pending', 1)
    if entry.unmet == 0 then
      enqueue_new(priority, new_id)
    else
      block(id, new_id, sequence, entry.unmet)
    end
  end
  reopen(id)
  ring(#plan)
end
