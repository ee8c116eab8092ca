--- @include base
-- Notes that something has reached a terminal state, for the auditors to copy into Postgres. Nothing caps the list:
-- an entry goes when Postgres has it. kind: task | execution; attempt: which of its ends this is; counts: of an
-- execution, which may move on before its entry is read.
local function note_audit(kind, id, status, attempt, counts)
  local entry = { kind = kind, id = id, status = status, attempt = attempt, at = now, counts = counts }
  redis.call('RPUSH', base .. 'audit', cjson.encode(entry))
end

-- An entry of the list as a table; an empty one when somebody else wrote it.
local function read_entry(text)
  local readable, entry = pcall(cjson.decode, text)
  return readable and type(entry) == 'table' and entry or {}
end
