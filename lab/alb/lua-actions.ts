/**
 * What HAProxy 2.6 cannot say in its configuration. ALB_COOKIE_KEY is 64 bytes in hex, the block of SHA-256.
 *
 * alb_read_cookie and alb_write_cookie, the AWSALB cookie: which server, and when, encrypted and signed with a key of this appliance's life. HAProxy 2.6 cannot encrypt with
 * AES (and Lua cannot call its hmac), so the key stream is an HMAC over a fresh value (32 bytes, as long as the text), and the tag one over both.
 * Layout before base64: 16 bytes fresh value, 24 bytes server name and time, 16 bytes tag.
 *
 * alb_targets counts the servers of the backend that get requests. nbsrv would say 0 in every worker that a reload told to finish.
 */
export const LUA_ACTIONS = String.raw`
local key = os.getenv("ALB_COOKIE_KEY")
local inner, outer = "", ""
for digit in key:gmatch("%x%x") do
  inner = inner .. string.char(tonumber(digit, 16) ~ 0x36)
  outer = outer .. string.char(tonumber(digit, 16) ~ 0x5c)
end

local function hmac(c, text)
  return c:sha2(outer .. c:sha2(inner .. text, 256), 256)
end

local function xor(a, b)
  local out = {}
  for i = 1, #a do out[i] = string.char(a:byte(i) ~ b:byte(i)) end
  return table.concat(out)
end

local function server_of(c, cookie, seconds)
  local bytes = cookie and c:b64dec(cookie)
  if not bytes or #bytes ~= 56 then return nil end
  if hmac(c, "tag" .. bytes:sub(1, 40)):sub(1, 16) ~= bytes:sub(41) then return nil end
  local text = xor(bytes:sub(17, 40), hmac(c, "key" .. bytes:sub(1, 16)))
  local at = tonumber(text:sub(17), 16)
  if not at or at + seconds < core.now().sec then return nil end
  return text:sub(1, 16)
end

core.register_action("alb_read_cookie", { "http-req" }, function(txn, seconds)
  for _, name in ipairs({ "AWSALB", "AWSALBCORS" }) do
    local server = server_of(txn.c, txn.f:req_cook(name), tonumber(seconds))
    if server then
      txn:set_var("txn.albserver", server)
      return
    end
  end
end, 1)

core.register_action("alb_targets", { "http-req" }, function(txn)
  txn:set_var("txn.albtargets", tonumber(core.backends[txn.f:be_name()]:get_stats().act))
end)

core.register_action("alb_write_cookie", { "http-res" }, function(txn)
  local text = txn.f:srv_name() .. string.format("%08x", core.now().sec)
  local fresh = hmac(txn.c, txn.f:uuid()):sub(1, 16)
  local hidden = xor(text, hmac(txn.c, "key" .. fresh))
  local tag = hmac(txn.c, "tag" .. fresh .. hidden):sub(1, 16)
  txn:set_var("txn.albcookie", txn.c:base64(fresh .. hidden .. tag))
end)
`;
