import { EPOCH, HASH, NEWS, script } from "./script";

/**
 * KEYS: session, epoch. ARGV: version that must be the current one or '', an n that the caller knows of, writer, seq, epoch or '', ttl, id, channel.
 * Answers epoch e | conflict v ttl hash | gone v | destroyed v | unknown v. One that was not known is marked all the same: a node may hold a copy.
 */
export const DESTROY = script(
  HASH,
  EPOCH,
  NEWS,
  `
local writer, seq, id, channel = ARGV[3], tonumber(ARGV[4]), ARGV[7], ARGV[8]
local active = over(ARGV[5])
if active then return {'epoch', active} end
local head = redis.call('HMGET', key, 'v', 'd', 'w:' .. writer)
local current, mark = head[1], head[2]
if head[3] and leading(head[3]) >= seq then
  redis.call('HSET', key, 'w:' .. writer, head[3])
  tell(channel, id, mark and current .. ' d' or current)
  return {mark == '0' and 'unknown' or 'destroyed', current}
end
if mark then return {'gone', current} end
if ARGV[1] ~= '' and current and current ~= ARGV[1] then return whole('conflict') end
local n = text(after(math.max(current and n_of(current) or 0, tonumber(ARGV[2]))))
local version = n .. '.' .. writer .. '-' .. ARGV[4]
entomb(version, current and '1' or '0', tonumber(ARGV[6]), channel, id)
redis.call('HSET', key, 'w:' .. writer, ARGV[4] .. ':' .. n)
return {current and 'destroyed' or 'unknown', version}
`,
);

/**
 * Tells a store that has lost it that a session was destroyed. ARGV: the destroyed version, its writer, its seq, ttl, id, channel. One that was
 * created after it stays. Answers whole v ttl hash | destroyed v.
 */
export const BURY = script(
  HASH,
  NEWS,
  `
local head = redis.call('HMGET', key, 'v', 'd', 'b')
if head[2] and n_of(head[1]) >= n_of(ARGV[1]) then return {'destroyed', head[1]} end
if head[1] and not head[2] and leading(head[3]) > n_of(ARGV[1]) then return whole('whole') end
entomb(ARGV[1], '1', tonumber(ARGV[4]), ARGV[6], ARGV[5])
redis.call('HSET', key, 'w:' .. ARGV[2], math.max(leading(redis.call('HGET', key, 'w:' .. ARGV[2])), ARGV[3]) .. ':' .. text(n_of(ARGV[1])))
return {'destroyed', ARGV[1]}
`,
);
