#!/usr/bin/env bash
# Sends what a form took in to Coachbot. bash and curl, no more.
#   lead_form.sh NAME PHONE [EMAIL] [CONSENT]      CONSENT: on, true or yes
# COACHBOT_URL and COACHBOT_API_KEY come from the environment.
# Ends with 0: the lead is in. 1: the form has to be corrected. 2: try it later.
set -u

attempts=3
patience=20 # seconds in all
base=${COACHBOT_URL%"${COACHBOT_URL##*[!/]}"} # without slashes at its end
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Writes a text as a JSON string; control characters become spaces.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}" | tr '\000-\037' ' '
}

# Writes what was typed, without the invisible characters that pasting brings along: soft hyphens,
# zero width spaces, marks of direction, byte order marks.
visible() {
  local LC_ALL=C text=$1 last
  text=${text//$'\xc2\xad'/}
  text=${text//$'\xef\xbb\xbf'/}
  for last in 8b 8c 8d 8e 8f aa ab ac ad ae; do
    text=${text//$(printf "\\xe2\\x80\\x$last")/}
  done
  for last in a0 a6 a7 a8 a9; do
    text=${text//$(printf "\\xe2\\x81\\x$last")/}
  done
  printf '%s' "$text"
}

# Reads one header of the last answer.
header() {
  sed -n "s/^$1: *//Ip" "$folder/headers" | tr -d '\r' | tail -n 1
}

case ${4-} in on | true | yes) consent=true ;; *) consent=false ;; esac
lead="{\"name\": $(json "${1-}"), \"phone\": $(json "$(visible "${2-}")"),
       \"email\": $(json "${3-}"), \"consent\": $consent}"
key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

for ((attempt = 0; attempt < attempts; attempt++)); do
  : >"$folder/headers" >"$folder/body"
  status=$(curl -s -o "$folder/body" -D "$folder/headers" -w '%{http_code}' --max-time 20 \
    "$base/api/public/leads" \
    -H "Authorization: Bearer $COACHBOT_API_KEY" \
    -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $key" \
    --data-binary "$lead") || status=000
  body=$(<"$folder/body")
  # A duplicate is a success: the lead is there already.
  if [[ $status == 201 || $body == *'"duplicate_phone"'* ]]; then
    location=$(header Location)
    printf '{"ok": true, "leadId": "%s"}\n' "${location##*/}"
    exit 0
  fi
  if [[ $status == 400 ]]; then
    printf '%s\n' "$body" # its `issues` name every field
    exit 1
  fi
  pause=$(header Retry-After)
  pause=${pause:-$((2 ** attempt))}
  case $status in 000 | 429 | 5??) ;; *) break ;; esac
  ((attempt == attempts - 1 || SECONDS + pause > patience)) && break
  sleep "$pause"
done
printf 'Coachbot: %s %s\n' "$status" "$body" >&2 # for your log, with what to keep and send later
printf '{"ok": false, "message": "Please try again later."}\n'
exit 2
