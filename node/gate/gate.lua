-- The gate's valve. HAProxy runs this in one thread (nbthread 1): nothing can come between the return of the action and the rule after
-- it that counts the request, so `inFlight` is exact.

local HOLD_STEP_MS = 2
-- A request held longer than this is refused, so that a hold whose holder died does not hang clients for ever.
local HOLD_LIMIT_S = 30

-- open: to the own application; peers: to the other nodes; hold: wait; refuse: 503.
local mode = "open"
local admitted = 0
local passed = 0
local broken_off = 0

local function seconds()
  local now = core.now()
  return now.sec + now.usec / 1000000
end

core.register_action("gate", { "http-req" }, function(txn)
  if mode == "hold" then
    local deadline = seconds() + HOLD_LIMIT_S
    while mode == "hold" and seconds() < deadline do
      core.msleep(HOLD_STEP_MS)
    end
  end
  -- Set only here: when the client leaves while it is held, HAProxy ends this function early and goes on with the next rule.
  if mode == "open" then
    admitted = admitted + 1
    txn:set_var("txn.admitted", true)
  elseif mode == "peers" and not txn:get_var("txn.from_peer") then
    passed = passed + 1
    txn:set_var("txn.passed", true)
  end
end)

-- Asked only for an answer that the application broke off. Not open: it hung, and was ended.
core.register_fetches("hung", function()
  if mode == "open" then return 0 end
  broken_off = broken_off + 1
  return 1
end)

local function connections(counter)
  local entry = core.backends[counter].stktable:lookup("all")
  return entry and entry.conn_cur or 0
end

local function status()
  local in_flight = connections("in_flight")
  return string.format(
    '{"mode":"%s","inFlight":%d,"held":%d,"admitted":%d,"passed":%d,"inApp":%d,"brokenOff":%d}\n',
    mode, in_flight, connections("arrived") - in_flight, admitted, passed, connections("in_app"), broken_off
  )
end

local function command(verb, meaning, act)
  core.register_cli({ "gate", verb }, "gate " .. verb .. " : " .. meaning, function(applet)
    act()
    applet:send(status())
  end)
end

command("open", "let requests through to the own application", function() mode = "open" end)
command("peers", "pass requests on to the other nodes", function() mode = "peers" end)
command("hold", "keep requests waiting", function() mode = "hold" end)
command("refuse", "answer requests with 503", function() mode = "refuse" end)
command("status", "say how the gate is", function() end)
