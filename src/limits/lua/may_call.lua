-- Whether an API may be called now: not closed, and its daily quota not used up.
--
-- KEYS[1]  the closures (close.lua)
-- KEYS[2]  the calls of the day: hash of api_name -> calls, field 'day' -> the day they belong to (Shanghai)
-- ARGV     api_name, '1' to count a call that is about to be made (else only asked), quota (calls a day, -1 none),
--          probe_ms (how long a probe may take at most)
-- Returns  { state, closed_for, ask_again_in, reason }:
--          state 'open'; 'probe' (this call is the one that finds out whether the API is open again); 'closed'
--          closed_for: ms until the closure ends, -1 until a person reopens it
--          ask_again_in: ms until a probe is due, or the closure ends (-1 never by itself)
-- Atomic   one caller only gets the probe, and the last call of a quota is given once.
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local api_name, counted, quota, probe_ms = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3]), tonumber(ARGV[4])
-- Shanghai has no summer time: UTC+8 all year.
local SHANGHAI_MS, DAY_MS = 8 * 3600000, 86400000

local function closed(ends, ask_again_at, reason)
  local function left(moment)
    return moment < 0 and -1 or math.ceil(moment - now)
  end
  return { 'closed', left(ends), left(ask_again_at), reason }
end

local probe = false
for _, scope in ipairs({ 'all', api_name }) do
  local stored = redis.call('HGET', KEYS[1], scope)
  local closure = stored and cjson.decode(stored) or nil
  if closure and closure['until'] >= 0 and closure['until'] <= now then
    redis.call('HDEL', KEYS[1], scope)
    closure = nil
  end
  if closure then
    local due = closure.next_probe_at
    if due < 0 or due > now then
      local ask_again_at = closure['until']
      if due > 0 and (ask_again_at < 0 or due < ask_again_at) then
        ask_again_at = due
      end
      return closed(closure['until'], ask_again_at, closure.reason)
    end
    probe = true
    if counted then
      closure.next_probe_at = now + probe_ms
      redis.call('HSET', KEYS[1], scope, cjson.encode(closure))
    end
  end
end

if quota >= 0 or counted then
  local day = math.floor((now + SHANGHAI_MS) / DAY_MS)
  if tonumber(redis.call('HGET', KEYS[2], 'day') or '-1') ~= day then
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[2], 'day', day)
    redis.call('PEXPIREAT', KEYS[2], (day + 1) * DAY_MS - SHANGHAI_MS)
  end
  local calls = tonumber(redis.call('HGET', KEYS[2], 'calls:' .. api_name) or '0')
  if quota >= 0 and calls >= quota then
    local tomorrow = (day + 1) * DAY_MS - SHANGHAI_MS
    return closed(tomorrow, tomorrow, 'its ' .. ARGV[3] .. ' calls of today are used up')
  end
  if counted then
    redis.call('HINCRBY', KEYS[2], 'calls:' .. api_name, 1)
  end
end
return { probe and 'probe' or 'open', 0, 0, '' }
