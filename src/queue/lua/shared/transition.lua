--- @include emit
--- @include execution
-- The one place where a task's status changes.
--
--   pending ──claim──▶ running ──▶ completed | failed
--      ▲  │               │
--      │  └─▶ cancelled ◀─┤ a stop was wished
--      └──────────────────┘ retry, handed_back, closed, lost
--   and pending ──▶ failed | cancelled, when that is what a prerequisite in its execution became
--
-- A script checks the present state (and the owner's fence) first; a transition that is not drawn here is a
-- fault of the script and aborts it before it has written anything of that task.
local LEGAL = {
  pending = { running = true, cancelled = true, failed = true },
  running = { pending = true, completed = true, failed = true, cancelled = true },
}
-- Moves a task from one status to another: its hash, the index of what has ended, one event, the counts of its execution.
-- A claimed task comes from its queue; where one waits is the caller's to say (enqueue.lua).
-- task: { id, job_type, sequence, status, execution_id (false: none) }; set: list of field, value, …; clear: list of fields.
local function transition(task, status, event, set, clear, more)
  if not (LEGAL[task.status] and LEGAL[task.status][status]) then
    error('illegal transition of task ' .. task.id .. ': ' .. task.status .. ' to ' .. status)
  end
  if task.status == 'pending' and status ~= 'running' then
    redis.call('ZREM', base .. 'index:waiting', task.id)
  end
  if status ~= 'pending' and status ~= 'running' then
    redis.call('ZADD', base .. 'index:' .. status, task.sequence, task.id)
  end
  redis.call('HSET', task_key(task.id), 'status', status, 'updated_at', now_text, unpack(set))
  if clear and #clear > 0 then
    redis.call('HDEL', task_key(task.id), unpack(clear))
  end
  if task.execution_id then
    more = more or {}
    more[#more + 1] = 'execution_id'
    more[#more + 1] = task.execution_id
  end
  emit(event, task.id, task.job_type, status, more)
  local from = task.status
  task.status = status
  if task.execution_id then
    count_task(task.execution_id, from, status)
  end
end
