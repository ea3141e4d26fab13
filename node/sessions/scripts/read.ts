import { HASH, script } from "./script";

/** ARGV: version of the caller's copy or ''. Answers missing | destroyed v | same v ttl aside | whole v ttl hash. */
export const READ = script(
  HASH,
  `
local head = redis.call('HMGET', key, 'v', 'd', 'c')
if not head[1] then return {'missing'} end
if head[2] then return {'destroyed', head[1]} end
if head[1] == ARGV[1] then return {'same', head[1], redis.call('PTTL', key), head[3] or ''} end
return whole('whole')
`,
);
