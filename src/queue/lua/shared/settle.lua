--- @include execution
--- @include enqueue
--- @include fields
-- What a task of an execution means to those that wait for it, when it has ended.
local DEPENDANT = { 'status', 'job_type', 'sequence', 'priority', 'attempt' }

-- Reads a task that waits for others; nil when it waits no longer, or its hash was deleted by hand.
local function blocked_task(execution_id, slot)
  local id = redis.call('HGET', base .. 'members:' .. execution_id, slot)
  if not id or redis.call('HEXISTS', base .. 'blocked:' .. execution_id, id) == 0 then
    return nil
  end
  local f = redis.call('HMGET', task_key(id), unpack(DEPENDANT))
  if not f[2] then
    return nil
  end
  return {
    id = id, status = status_of(f[1], f[2]), job_type = f[2], sequence = f[3], priority = f[4] or '1', attempt = tonumber(f[5] or 0),
    execution_id = execution_id, slot = slot,
  }
end

-- Completed: each dependant waits for one less, and for none: into its queue, at its old place. The caller rings.
local function release_dependants(task, list)
  redis.call('HDEL', base .. 'dependencies:' .. task.execution_id, 'd' .. task.slot)
  for slot in each_slot(list) do
    local waiting = blocked_task(task.execution_id, slot)
    if waiting and redis.call('HINCRBY', base .. 'blocked:' .. task.execution_id, waiting.id, -1) == 0 then
      unblock(task.execution_id, waiting.id)
      enqueue(waiting.id, waiting.priority, waiting.sequence)
    end
  end
end

-- Failed for good or cancelled: so are its dependants, and theirs. end_one ends one task, without what follows.
local function end_dependants(task, list, end_one)
  local ended = { { task, list } }
  while #ended > 0 do
    local cause, slots = unpack(table.remove(ended))
    local word = cause.status == 'failed' and 'failed' or 'was cancelled'
    local error_type = cause.status == 'failed' and 'dependency_failed' or 'dependency_cancelled'
    for slot in each_slot(slots) do
      local waiting = blocked_task(task.execution_id, slot)
      if waiting then
        unblock(task.execution_id, waiting.id)
        local message = 'It was not run: its prerequisite ' .. cause.job_type .. ' (task ' .. cause.id .. ') ' .. word
          .. '. Retry that task or the execution, and this one follows.'
        end_one(waiting, cause.status, cause.status, waiting.attempt,
          { 'last_error_type', error_type, 'error_message', message }, {}, { 'error_type', error_type })
        ended[#ended + 1] = { waiting, redis.call('HGET', base .. 'dependencies:' .. task.execution_id, 'd' .. slot) }
      end
    end
  end
end

-- Cost: O(log n) for each task that waited for it, directly or not; an execution has 1,000 at most.
local function settle(task, end_one)
  local list = redis.call('HGET', base .. 'dependencies:' .. task.execution_id, 'd' .. task.slot)
  if not list then
    return
  end
  if task.status == 'completed' then
    release_dependants(task, list)
  else
    end_dependants(task, list, end_one)
  end
end
