-- How long a running task may still run, to the µs.
--
-- KEYS[1]  key base
-- ARGV     task_id, supervisor_id, fence
-- Returns  µs until its deadline, or past it (negative); nil when the run has lost its claim
-- Atomic   deadline and clock are of one moment.
-- Cost     O(1).
--- @include owned
local task = owned_task(ARGV[1], ARGV[2], ARGV[3])
return task and task.deadline_at * 1000 - (clock[1] * 1000000 + clock[2])
