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

# Returns what was typed, without the invisible characters that pasting brings along.
def visible(text)
  text.to_s.dup.force_encoding("UTF-8").scrub("").gsub(/\p{Cf}/, "").strip
end

# Sends a form's fields. Returns the status and the JSON for your page.
def submit_lead(form)
  lead = {
    name: form["name"].to_s.dup.force_encoding("UTF-8"),
    phone: visible(form["phone"]),
    email: visible(form["email"]),
    goal: form["goal"].to_s.dup.force_encoding("UTF-8"),
    consent: %w[on true yes].include?(form["consent"])
  }
  key = SecureRandom.uuid
  finish = now + PATIENCE
  ATTEMPTS.times do |attempt|
    answer, body = post(lead, key)
    status = answer ? answer.code.to_i : 0
    if status == 201 || body["error"] == "duplicate_phone"
      # A duplicate is a success: the lead is there already.
      return [200, { ok: true, leadId: answer["Location"].split("/").last }]
    end
    return [422, { ok: false, fields: messages(body) }] if status == 400

    may_pass = [0, 429].include?(status) || status >= 500
    pause = ((answer && answer["Retry-After"]) || 2**attempt).to_i
    if !may_pass || attempt == ATTEMPTS - 1 || now + pause > finish
      warn "Coachbot: #{status} #{body}" # for your log, with what to keep and send later
      break
    end
    sleep pause
  end
  [503, { ok: false, message: "Please try again later." }]
end

# Sends one request. Returns the answer, nil where there was none, and its body.
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
  [answer, JSON.parse(answer.body)]
rescue SystemCallError, SocketError, IOError, Timeout::Error, OpenSSL::SSL::SSLError, JSON::ParserError
  [nil, {}]
end

# Returns a message for each field of the form that has to be corrected.
def messages(body)
  return { "consent" => body["error"] } unless body["issues"]

  body["issues"].to_h { |issue| [issue["path"].first.to_s, issue["message"]] }
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: ENV.fetch("PORT", "8080").to_i)
server.mount_proc("/lead") do |request, response|
  response.status, answer = submit_lead(request.query)
  response["Content-Type"] = "application/json"
  response.body = JSON.generate(answer)
end
trap("TERM") { server.shutdown }
server.start
