import { HASH, NEWS, script } from "./script";

/**
 * ARGV: version of the caller's copy, aside, id, channel. The aside is kept out when the copy is not the newest. Answers missing | destroyed v |
 * touched v. The life comes first: a store without memory refuses the rest.
 */
export const TOUCH = script(
  HASH,
  NEWS,
  `
local head = redis.call('HMGET', key, 'v', 'd', 't', 'c')
if not head[1] then return {'missing'} end
if head[2] then return {'destroyed', head[1]} end
redis.call('PEXPIRE', key, text(math.ceil(tonumber(head[3]) * 1.1)))
if head[1] == ARGV[1] and head[4] ~= ARGV[2] then redis.call('HSET', key, 'c', ARGV[2]) end
tell(ARGV[4], ARGV[3], head[1])
return {'touched', head[1]}
`,
);
