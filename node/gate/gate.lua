-- The gate's valve. HAProxy runs this in one thread (nbthread 1): nothing can come between the return of the action and the rule after
-- it that counts the request, so `inFlight` is exact.

local HOLD_STEP_MS = 2
-- A request held longer than this is refused, so that a hold whose holder died does not hang clients for ever.
local HOLD_LIMIT_S = 30

local mode = "open"
local admitted = 0

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
  if mode == "open" then
    admitted = admitted + 1
    -- Set only here: when the client leaves while it is held, HAProxy ends this function early and goes on with the next rule.
    txn:set_var("txn.admitted", true)
  end
end)

local function connections(counter)
  local entry = core.backends[counter].stktable:lookup("all")
  return entry and entry.conn_cur or 0
end

local function status()
  local in_flight = connections("in_flight")
  return string.format(
    '{"mode":"%s","inFlight":%d,"held":%d,"admitted":%d}\n',
    mode, in_flight, connections("arrived") - in_flight, admitted
  )
end

local function command(verb, meaning, act)
  core.register_cli({ "gate", verb }, "gate " .. verb .. " : " .. meaning, function(applet)
    act()
    applet:send(status())
  end)
end

command("open", "let requests through", function() mode = "open" end)
command("hold", "keep requests waiting", function() mode = "hold" end)
command("refuse", "answer requests with 503", function() mode = "refuse" end)
command("status", "say how the gate is", function() end)
