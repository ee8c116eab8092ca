#!lua flags=allow-oom
-- The beat of a supervisor at rest: it lives, and does anything stir? Then tick.lua says what.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id, silent_ms (for how long it counts as alive without another beat), 1 when it copies ends of
--          tasks into Postgres, else 0
-- Returns  now (ms, clock of Redis) when nothing is queued, waits for a moment, runs, drains or is to be copied; else, and
--          when Redis did not know this supervisor, -1
-- Atomic   one moment.
-- Cost     O(log supervisors), four commands in all: this is what Redis has to do for one that has nothing to do.
--- @include append
local stirring = queue_keys()
for _, key in ipairs({ 'delayed', 'running', 'draining', ARGV[3] == '1' and 'audit' or nil }) do
  stirring[#stirring + 1] = base .. key
end
local unknown = redis.call('ZADD', base .. 'supervisors', now + tonumber(ARGV[2]), ARGV[1])
return unknown + redis.call('EXISTS', unpack(stirring)) == 0 and now or -1
