import { HASH, NEWS, script } from "./script";

/**
 * Brings back what a store has lost. ARGV: version of the copy, the n that created it, writer and seq of the version that a merge makes, lifetime,
 * ttl, aside, id, channel, numbers of writers, keys and deleted keys, then writer and seq, key, stamp and json, and deleted key and stamp in turn.
 * Key by key, what was modified last stays; destroyed wins. Answers destroyed v | same v ttl aside | whole v ttl hash.
 */
export const RESTORE = script(
  HASH,
  NEWS,
  `
local copy, born, id, channel = ARGV[1], tonumber(ARGV[2]), ARGV[8], ARGV[9]
local writers = 13
local fields = writers + 2 * tonumber(ARGV[10])
local deleted = fields + 3 * tonumber(ARGV[11])
local head = redis.call('HMGET', key, 'v', 'd', 'b', 'c')
local current, dead, lower = head[1], head[2], leading(head[3])
if dead and n_of(current) >= born then return {'destroyed', current} end
if current == copy then return {'same', current, redis.call('PTTL', key), head[4] or ''} end
local isPart = current and not dead
for at = writers, fields - 1, 2 do
  if leading(redis.call('HGET', key, 'w:' .. ARGV[at])) < tonumber(ARGV[at + 1]) then isPart = false end
end
if isPart then return whole('whole') end
local isOther = dead or (current and born > lower)
if isOther then
  -- The copy's session was created after the store's.
  clear()
end
local function stamp_of(name)
  local value = redis.call('HGET', key, 'f:' .. name) or redis.call('HGET', key, 'x:' .. name)
  return value and leading(value) or -1
end
local function isLast(name, stamp) return tonumber(stamp) > stamp_of(name) and tonumber(stamp) >= lower end
for at = fields, deleted - 1, 3 do
  if isLast(ARGV[at], ARGV[at + 1]) then
    redis.call('HDEL', key, 'x:' .. ARGV[at])
    redis.call('HSET', key, 'f:' .. ARGV[at], ARGV[at + 1] .. ':' .. ARGV[at + 2])
  end
end
for at = deleted, #ARGV, 2 do
  if isLast(ARGV[at], ARGV[at + 1]) then
    redis.call('HDEL', key, 'f:' .. ARGV[at])
    redis.call('HSET', key, 'x:' .. ARGV[at], ARGV[at + 1])
  end
end
for at = writers, fields - 1, 2 do
  local seq = math.max(leading(redis.call('HGET', key, 'w:' .. ARGV[at])), tonumber(ARGV[at + 1]))
  redis.call('HSET', key, 'w:' .. ARGV[at], text(seq) .. ':' .. text(n_of(copy)))
end
if isOther or not current or n_of(copy) > n_of(current) then redis.call('HSET', key, 't', ARGV[5], 'c', ARGV[7]) end
if isOther or not current then redis.call('HSET', key, 'b', ARGV[2]) end
local version = copy
if current then
  local n = text(after(math.max(n_of(current), n_of(copy))))
  version = n .. '.' .. ARGV[3] .. '-' .. ARGV[4]
  redis.call('HSET', key, 'w:' .. ARGV[3], ARGV[4] .. ':' .. n)
end
redis.call('HSET', key, 'v', version)
live(tonumber(ARGV[6]))
tell(channel, id, version)
return whole('whole')
`,
);
