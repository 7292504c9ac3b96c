-- What wrk sends: the lines of a file, one request a line, every request written before the clock starts.
-- Environment: BODIES (file), KEY (API key), PAUSE_MS (mean pause of a connection between two requests, 0 = none).
local requests = {}
local last = 0
local pause = tonumber(os.getenv("PAUSE_MS") or "0")

function init()
   local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. os.getenv("KEY") }
   for body in io.lines(os.getenv("BODIES")) do
      requests[#requests + 1] = wrk.format("POST", nil, headers, body)
   end
end

function request()
   last = last % #requests + 1
   return requests[last]
end

if pause > 0 then
   -- Spread around the mean, so that the connections do not march in step.
   function delay()
      return math.random(math.floor(pause / 2), math.ceil(pause * 3 / 2))
   end
end

function done(summary, latency)
   local failed = summary.errors
   io.write(string.format(
      '\nRESULT {"requests": %d, "seconds": %f, "failed": %d, "p50_ms": %f, "p99_ms": %f, "max_ms": %f}\n',
      summary.requests, summary.duration / 1e6,
      failed.connect + failed.read + failed.write + failed.status + failed.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
