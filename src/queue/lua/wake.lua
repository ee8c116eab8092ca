#!lua flags=allow-oom
-- Wakes a supervisor that sleeps at the doorbell: it stops, or has something better to do.
--
-- KEYS[1]  key base
-- ARGV     supervisor_id
-- Returns  1
-- Atomic   the ring never stands without its end: nobody answers it once the supervisor is gone.
-- Cost     O(1).
--- @include append
wake(ARGV[1])
return 1
