# Takes a form on your site and sends it to Coachbot. Ruby 3; needs: gem install webrick
# COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.

require "json"
require "net/http"
require "securerandom"
require "webrick"

ADDRESS = URI("#{ENV.fetch("COACHBOT_URL").sub(%r{/+\z}, "")}/api/public/leads")
KEY = ENV.fetch("COACHBOT_API_KEY")
ATTEMPTS = 3
PATIENCE = 20 # seconds in all

# Drops what cannot be seen and comes along when a phone is pasted. Coachbot reads the rest.
def visible(text)
  text.gsub(/\p{Cf}/, "")
end

# Sends a form's fields. Returns the status and the JSON for your page.
def submit_lead(form)
  lead = {
    name: form["name"].to_s,
    phone: visible(form["phone"].to_s),
    email: form["email"].to_s,
    goal: form["goal"].to_s,
    consent: %w[on true yes].include?(form["consent"])
  }
  key = SecureRandom.uuid
  finish = now + PATIENCE
  ATTEMPTS.times do |attempt|
    status, headers, body = post(lead, key)
    if status == 201 || body["error"] == "duplicate_phone"
      # A duplicate is a success: the lead is there already.
      return [200, { ok: true, leadId: headers["Location"].to_s.split("/").last.to_s }]
    end
    fields = messages(body)
    return [422, { ok: false, fields: fields }] if fields.any?

    may_pass = status == 0 || status == 429 || status >= 500
    pause = headers["Retry-After"].to_s.match?(/\A\d+\z/) ? headers["Retry-After"].to_i : 2**attempt
    if !may_pass || attempt == ATTEMPTS - 1 || now + pause > finish
      warn "Coachbot: #{status} #{body}" # for your log, with what to keep and send later
      break
    end
    sleep pause
  end
  [503, { ok: false, message: "Please try again later." }]
end

# Sends one request. Returns status (0: no answer), headers and body, {} for one without JSON.
def post(lead, key)
  headers = {
    "Authorization" => "Bearer #{KEY}",
    "Content-Type" => "application/json",
    "Idempotency-Key" => key
  }
  http = Net::HTTP.new(ADDRESS.host, ADDRESS.port)
  http.use_ssl = ADDRESS.scheme == "https"
  http.open_timeout = http.read_timeout = 20
  http.max_retries = 0
  answer = http.post(ADDRESS.path, JSON.generate(lead), headers)
  [answer.code.to_i, answer, parsed(answer.body)]
rescue SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError,
       Net::ProtocolError, Net::HTTPBadResponse => error
  [0, {}, { "error" => error.message }]
end

def parsed(text)
  JSON.parse(text.to_s)
rescue JSON::ParserError
  {}
end

# Returns a message for each field of the form that has to be corrected.
def messages(body)
  return { "consent" => body["error"] } if body["error"] == "`consent` must be true."

  issues = (body["issues"] || []).reject { |issue| issue["path"].empty? }
  issues.to_h { |issue| [issue["path"].first.to_s, issue["message"]] }
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: ENV.fetch("PORT", "8080").to_i)
server.mount_proc("/lead") do |request, response|
  raise WEBrick::HTTPStatus::MethodNotAllowed unless request.request_method == "POST"

  # WEBrick gives bytes; a form's are UTF-8.
  form = request.query.transform_values { |value| value.to_s.dup.force_encoding("UTF-8").scrub }
  response.status, answer = submit_lead(form)
  response["Content-Type"] = "application/json"
  response.body = JSON.generate(answer)
end
trap("TERM") { server.shutdown }
server.start
