-- Who may take a slot now: a part of Bottleneck's own script `register`, put in before its check of the capacity
-- (bottleneck-patches.ts), so that it is decided and counted in one step. Every refusal says when to ask again.
--
-- KEYS     those of register; besides, by the same hash tag: the window's epoch (beat.lua), and of this pool
--          <settings>_turns (hash), <settings>_people and <settings>_jobs (zsets: process -> until when it waits),
--          <settings>_burst (set of slots, see below)
-- ARGV     after those of register: key of the epoch, process, kind ('person' or 'job'), '1' when people / jobs of
--          this process wait behind this one, window_ms, the epoch and the number of grants that the process knows
-- Adds to the reply: the number of grants, or after a refusal: ask again in ms, why
--
-- Lost state  A slot is given only while the epoch is the one that the process knows and its grants have not gone
--          back: a Redis that was emptied, or failed over without its last data, gives none until beat.lua has
--          closed the window for its length.
-- People first  While people wait anywhere, jobs leave what comes free to them, but every tenth slot is a job's.
-- Pacing   Jobs take `burst` slots as soon as they are free; the rest, `paced`, not faster than they come free in one
--          window. So after any burst slots come free all the time, and a person never waits for a whole window.
--          A person takes the next of them, and a step of the pace with it: would jobs go on as before, the rest
--          would be used up before the burst is free again, and since every slot comes free in the pattern in which
--          it was taken, that hole would stay for as long as there is work.
local BURST_SHARE = 0.55 -- a little over half: 100 calls on an idle window of 195 wait for nothing (R83)
local PACED_FROM = 20 -- below, one step of the pace would be longer than a person likes to wait anyway
local CATCH_UP_SHARE = 1 / 30 -- of a window, 2 s of 60: steps that are late by less are made up for
local PEOPLE_IN_A_ROW = 9
local WAITS_MS = 2000 -- whoever does not ask again within this has gone

local a = num_static_argv + 3
local epoch_key, process, kind = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]
local people_behind, jobs_behind = ARGV[a + 4] == '1', ARGV[a + 5] == '1'
local window_ms, known_epoch, known_grants = tonumber(ARGV[a + 6]), ARGV[a + 7], tonumber(ARGV[a + 8])
local turns_key, people_key, jobs_key = settings_key .. '_turns', settings_key .. '_people', settings_key .. '_jobs'
local burst_key = settings_key .. '_burst'

local function waiting(key)
  return redis.call('zcount', key, '(' .. now, '+inf') > 0
end

-- The slots of jobs that are not paced; the others are `limit - burst`.
local limit = tonumber(redis.call('hget', settings_key, 'maxConcurrent'))
local burst = math.ceil(limit * BURST_SHARE)

local function paced_due()
  return tonumber(redis.call('hget', turns_key, 'paced_due') or '0')
end

local function use_step()
  local due = paced_due()
  local from = now - due > window_ms * CATCH_UP_SHARE and now or due
  redis.call('hset', turns_key, 'paced_due', from + window_ms / (limit - burst))
end

-- Whether the slot that is taken now is not one of the burst.
local function of_the_rest()
  return limit >= PACED_FROM and redis.call('scard', burst_key) >= burst
end

-- @return which of them the slot is ('burst' or 'rest'), or nil, ask again in ms, why
local function admit(free)
  local epoch = redis.call('hmget', epoch_key, 'id', 'opens_at', 'grants')
  if not epoch[1] or epoch[1] ~= known_epoch then
    return nil, 0, 'lost'
  end
  if tonumber(epoch[3]) < known_grants then
    redis.call('hdel', epoch_key, 'id')
    redis.call('hset', epoch_key, 'rolled_back', 1)
    return nil, 0, 'lost'
  end
  if tonumber(epoch[2]) > now then
    return nil, tonumber(epoch[2]) - now, 'opens_later'
  end
  if free < 1 then
    local first = redis.call('zrange', job_expirations_key, 0, 0, 'withscores')
    return nil, first[2] and tonumber(first[2]) - now or 0, 'full'
  end
  local in_a_row = tonumber(redis.call('hget', turns_key, 'people_in_a_row') or '0')
  local jobs_turn = in_a_row >= PEOPLE_IN_A_ROW
  if kind == 'person' then
    if jobs_turn and free == 1 and waiting(jobs_key) then
      return nil, 50, 'turn_of_jobs'
    end
    if of_the_rest() then
      use_step()
    end
    return 'rest'
  end
  if waiting(people_key) and not jobs_turn then
    return nil, 50, 'people_first'
  end
  if not of_the_rest() then
    return 'burst'
  end
  if paced_due() > now and not jobs_turn then
    return nil, paced_due() - now, 'paced'
  end
  use_step()
  return 'rest'
end

local of, again_ms, why = admit(capacity or 0)
if not of then
  redis.call('zadd', kind == 'person' and people_key or jobs_key, now + WAITS_MS, process)
  return { false, 0, false, math.ceil(again_ms), why }
end

if of == 'burst' then
  redis.call('sadd', burst_key, index)
end
if kind == 'job' then
  redis.call('hset', turns_key, 'people_in_a_row', 0)
elseif waiting(jobs_key) then
  redis.call('hincrby', turns_key, 'people_in_a_row', 1)
end
if not people_behind then
  redis.call('zrem', people_key, process)
end
if not jobs_behind then
  redis.call('zrem', jobs_key, process)
end
local grants = redis.call('hincrby', epoch_key, 'grants', 1)
