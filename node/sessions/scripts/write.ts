import { EPOCH, HASH, NEWS, script } from "./script";

/** Deletions are forgotten beyond this many fields, the oldest first. */
const TIDY = `
local function forget(prefix, oldest)
  local hash = redis.call('HGETALL', key)
  for i = 1, #hash, 2 do
    local stamp = prefix == 'w:' and string.match(hash[i + 1], ':(%d+)$') or hash[i + 1]
    if starts(hash[i], prefix) and leading(stamp) < oldest then redis.call('HDEL', key, hash[i]) end
  end
end
local function tidy(n)
  for _, ms in ipairs({60000, 0}) do
    if redis.call('HLEN', key) > 2000 then forget('x:', n - ms) end
  end
end
`;

/**
 * KEYS: session, epoch. ARGV: mode (create, add, merge, cas), version the change was made on or '', version of the caller's copy or '', writer, seq,
 * epoch or '', lifetime or '', '=' and aside or '', id, channel, limit in bytes, an n that the caller knows of, number of keys to set, key and json
 * in turn, then the keys to remove. Answers epoch e | missing (or the store has lost what the caller has) | destroyed v | gone |
 * conflict v ttl hash | large bytes | stored v | whole v ttl hash moved conflicts. Nothing is changed by what is refused: all checks come before the first change.
 */
export const WRITE = script(
  HASH,
  EPOCH,
  NEWS,
  TIDY,
  `
local mode, base, copy, writer, seq, id, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[9], ARGV[10]
local first, sets = 14, tonumber(ARGV[13])
local removes = first + 2 * sets
local active = over(ARGV[6])
if active then return {'epoch', active} end
local head = redis.call('HMGET', key, 'v', 'd', 'w:' .. writer, 'b', 't')
local current, dead = head[1], head[2]
if head[3] and leading(head[3]) >= seq then
  -- Sent again. It is written again, so that a WAIT on this connection waits for it.
  redis.call('HSET', key, 'w:' .. writer, head[3])
  tell(channel, id, dead and current .. ' d' or current)
  if dead then return {'destroyed', current} end
  return whole('whole', 0, 0)
end
local isNew = mode == 'create' or mode == 'add'
local moved = current and current ~= base and 1 or 0
if isNew then
  if mode == 'add' and current and not dead then return whole('conflict') end
else
  -- A destroyed one from before the caller's: the store has lost what came after it.
  if not current or (dead and n_of(base) > n_of(current)) then return {'missing'} end
  if dead then return {'destroyed', current} end
  if mode == 'cas' and moved == 1 and isPart(base, current) then return whole('conflict') end
  if n_of(base) < leading(head[4]) then return {'gone'} end
  -- Before this writer's number goes up: by it, its earlier writes are taken to be there.
  if not isPart(base, current) or not isPart(copy, current) then return {'missing'} end
  if current ~= copy then
    local replaced, bytes = {}, ARGV[8] == '' and redis.call('HSTRLEN', key, 'c') or #ARGV[8] - 1
    for at = first, removes - 1, 2 do
      replaced['f:' .. ARGV[at]] = true
      bytes = bytes + #ARGV[at] + #ARGV[at + 1]
    end
    for at = removes, #ARGV do replaced['f:' .. ARGV[at]] = true end
    local hash = redis.call('HGETALL', key)
    for i = 1, #hash, 2 do
      if starts(hash[i], 'f:') and not replaced[hash[i]] then
        bytes = bytes + #hash[i] - 2 + #hash[i + 1] - string.find(hash[i + 1], ':', 1, true)
      end
    end
    if bytes > tonumber(ARGV[11]) then return {'large', bytes} end
  end
end
local number = after(math.max(current and n_of(current) or 0, tonumber(ARGV[12])))
local n = text(number)
local base_n = base ~= '' and n_of(base) or 0
local conflicts = 0
local function count(name)
  if moved == 0 or isNew then return end
  local value = redis.call('HGET', key, 'f:' .. name) or redis.call('HGET', key, 'x:' .. name)
  if leading(value) > base_n then conflicts = conflicts + 1 end
end
if isNew then
  -- Late writes to what was there before are refused by its birth.
  clear()
  redis.call('HSET', key, 'b', n)
end
for at = first, removes - 1, 2 do
  count(ARGV[at])
  redis.call('HSET', key, 'f:' .. ARGV[at], n .. ':' .. ARGV[at + 1])
  redis.call('HDEL', key, 'x:' .. ARGV[at])
end
for at = removes, #ARGV do
  count(ARGV[at])
  redis.call('HDEL', key, 'f:' .. ARGV[at])
  redis.call('HSET', key, 'x:' .. ARGV[at], n)
end
local version = n .. '.' .. writer .. '-' .. ARGV[5]
local lifetime = ARGV[7] ~= '' and ARGV[7] or head[5]
redis.call('HSET', key, 'v', version, 't', lifetime, 'w:' .. writer, ARGV[5] .. ':' .. n)
if ARGV[8] ~= '' then redis.call('HSET', key, 'c', string.sub(ARGV[8], 2)) end
if current and not head[3] then forget('w:', number - DAY) end
tidy(number)
redis.call('PEXPIRE', key, text(math.ceil(tonumber(lifetime) * 1.1)))
tell(channel, id, version)
if (not current) or (not isNew and current == copy) then return {'stored', version} end
return whole('whole', moved, conflicts)
`,
);
