/**
 * The budget of nodes that may be taken out, as scripts that Valkey runs whole: KEYS are SERVING_KEY and TOKENS_KEY. The store's clock
 * counts, so that nodes need not agree on the time.
 */
const PRELUDE = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local serving, tokens, node = KEYS[1], KEYS[2], ARGV[1]
redis.call("ZREMRANGEBYSCORE", serving, "-inf", now)
redis.call("ZREMRANGEBYSCORE", tokens, "-inf", now)
`;

/** ARGV: node, ttl in milliseconds. Renews the node among those who serve; 0 when it has a token, and so does not serve. */
export const SERVE_SCRIPT = `${PRELUDE}
if redis.call("ZSCORE", tokens, node) then return 0 end
redis.call("ZADD", serving, now + ARGV[2], node)
return 1`;

/** ARGV: node, ttl of a token in milliseconds, n. Answers {1 when the node has a token now, how many others serve}. */
export const TAKE_SCRIPT = `${PRELUDE}
local others = redis.call("ZCARD", serving)
if redis.call("ZSCORE", serving, node) then others = others - 1 end
if not redis.call("ZSCORE", tokens, node) and others < tonumber(ARGV[3]) then return {0, others} end
redis.call("ZREM", serving, node)
redis.call("ZADD", tokens, now + ARGV[2], node)
return {1, others}`;

/** ARGV: node. It serves no more, with or without a token: its application or its gate is gone. */
export const WITHDRAW_SCRIPT = `${PRELUDE}
return redis.call("ZREM", serving, node)`;

/** ARGV: node. */
export const GIVE_BACK_SCRIPT = `${PRELUDE}
return redis.call("ZREM", tokens, node)`;

/** ARGV: node, ttl of a token in milliseconds. Renews a token that the node holds, also when it ran out meanwhile: the node is out. */
export const KEEP_SCRIPT = `${PRELUDE}
redis.call("ZREM", serving, node)
redis.call("ZADD", tokens, now + ARGV[2], node)
return 1`;
