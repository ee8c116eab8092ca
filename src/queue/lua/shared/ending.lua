--- @include transition
--- @include audit
--- @include settle
-- A task reaches a terminal status. It stays in Redis until Postgres has it, and 7 days more (audited.lua).
--
-- task and set as in transition; attempt: attempts that have ended, this one included.
local function end_one(task, status, event, attempt, set, clear, more)
  set[#set + 1] = 'completed_at'
  set[#set + 1] = now_text
  set[#set + 1] = 'attempt'
  set[#set + 1] = attempt
  transition(task, status, event, set, clear, more)
  note_audit('task', task.id, status, attempt)
end

-- The same, with what follows for the tasks of its execution that wait for it.
local function end_task(task, status, event, attempt, set, clear, more)
  end_one(task, status, event, attempt, set, clear, more)
  if task.execution_id then
    settle(task, end_one)
  end
end
