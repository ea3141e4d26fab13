import { createHash } from "node:crypto";

/** A server-side script and its digest, by which the server knows it once it has run. */
export interface Script {
  source: string;
  sha1: string;
}

/** Its last part answers. The key goes with the answer: it shows that the answer is this question's, and no session is ever taken for another. */
export const script = (...parts: string[]): Script => {
  const body = parts.pop();
  const source = `${parts.join("")}local function answer()${body}end
local reply = answer()
reply[#reply + 1] = key
return reply
`;
  return { source, sha1: createHash("sha1").update(source).digest("hex") };
};

/*
 * A session's hash: `v` version, `b` the n that created it, `t` lifetime in ms, `c` aside, `f:<key>` = `<stamp>:<json>`, `x:<key>` = stamp of a
 * deletion, `w:<writer>` = `<seq>:<n>` of that writer's last write. A destroyed one: `v`, `w:*`, and `d` (1: it existed, 0: it was not known).
 */

/** An n is at least the store's clock: so it tells which of two modifications was the later one, whatever the store has lost in between. */
export const HASH = `
local key = KEYS[1]
local function n_of(version) return tonumber(string.match(version, '^(%d+)%.')) end
local function leading(value) return value and tonumber(string.match(value, '^%d+')) or 0 end
local function text(n) return string.format('%.0f', n) end
local function starts(name, with) return string.sub(name, 1, 2) == with end
local function whole(word, ...)
  return {word, redis.call('HGET', key, 'v'), redis.call('PTTL', key), redis.call('HGETALL', key), ...}
end
local function after(n)
  local time = redis.call('TIME')
  return math.max(n + 1, time[1] * 1000 + math.floor(time[2] / 1000))
end
-- What is a day old is not disputed any more, and who wrote it is forgotten.
local DAY = 86400000
local function isPart(version, current)
  if version == '' or version == current or n_of(version) < n_of(current) - DAY then return true end
  local writer, seq = string.match(version, '^%d+%.(.*)-(%d+)$')
  return leading(redis.call('HGET', key, 'w:' .. writer)) >= tonumber(seq)
end
local function clear()
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if not starts(field, 'w:') then redis.call('HDEL', key, field) end
  end
end
local function live(ttl) redis.call('PEXPIRE', key, text(math.max(ttl, redis.call('PTTL', key)))) end
`;

/** KEYS[2]: the active epoch. */
export const EPOCH = `
local function over(epoch)
  if epoch == '' then return nil end
  local active = redis.call('GET', KEYS[2])
  if active and tonumber(active) > tonumber(epoch) then return active end
  return nil
end
`;

/** News: `<id> <version>`, and `d` after it for a session that was destroyed. */
export const NEWS = `
local function tell(channel, id, version) redis.call('PUBLISH', channel, id .. ' ' .. version) end
local function entomb(version, mark, ttl, channel, id)
  local left = redis.call('PTTL', key)
  local hash = redis.call('HGETALL', key)
  redis.call('DEL', key)
  redis.call('HSET', key, 'v', version, 'd', mark)
  for i = 1, #hash, 2 do
    if starts(hash[i], 'w:') then redis.call('HSET', key, hash[i], hash[i + 1]) end
  end
  redis.call('PEXPIRE', key, text(math.max(ttl, left)))
  tell(channel, id, version .. ' d')
end
`;
