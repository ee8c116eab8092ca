-- Claims for a supervisor that sleeps at the doorbell: sent behind its BLPOP on the same connection, so that the ring
-- itself runs it, and no time passes between waking up and claiming.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id, free, reserved, lease_ms, lock (as claim.lua), alive_ms
-- Returns  { now (ms, clock of Redis: the leases begin then), what was claimed (as claim.lua) }
-- Atomic   as claim.lua. A supervisor that does not count as alive for alive_ms more has missed a beat: it may be frozen,
--          and would hold the task for a lease. It gets nothing, and the ring goes on to another one.
-- Cost     as claim.lua; three commands when nothing is queued.
--- @include take
if redis.call('EXISTS', unpack(queue_keys())) == 0 then
  return { now, { 0 } }
end
local alive_until = tonumber(redis.call('ZSCORE', base .. 'supervisors', ARGV[1])) or 0
if alive_until < now + tonumber(ARGV[6]) then
  ring_for_queued()
  return { now, { 0 } }
end
return { now, take(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]) }
