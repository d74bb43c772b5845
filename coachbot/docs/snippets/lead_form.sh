#!/usr/bin/env bash
# Sends what a form took in to Coachbot. bash and curl, no more.
#   lead_form.sh NAME PHONE [EMAIL] [CONSENT]      CONSENT: on, true or yes
# COACHBOT_URL and COACHBOT_API_KEY come from the environment.
# Ends with 0: the lead is in. 1: the form has to be corrected. 2: try it later.
set -u
if [[ -z ${COACHBOT_URL-} || -z ${COACHBOT_API_KEY-} ]]; then
  printf 'Set COACHBOT_URL and COACHBOT_API_KEY.\n' >&2
  exit 2
fi

address=$COACHBOT_URL
while [[ $address == */ ]]; do address=${address%/}; done
address+=/api/public/leads
attempts=3
patience=20 # seconds in all
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Writes a text as a JSON string; control characters become spaces.
json() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}" | tr '\000-\037' ' '
}

# Drops what cannot be seen and comes along when a phone is pasted. Coachbot reads the rest.
# In UTF-8: U+00AD, U+061C, U+180E, U+200B to U+200F, U+202A to U+202E, U+2060 to U+206F, U+FEFF.
visible() {
  local invisible=$'\xc2\xad|\xd8\x9c|\xe1\xa0\x8e|\xe2\x80[\x8b-\x8f\xaa-\xae]'
  invisible+=$'|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf'
  printf '%s' "$1" | LC_ALL=C sed -E "s/$invisible//g"
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
  status=$(curl -sS -o "$folder/body" -D "$folder/headers" -w '%{http_code}' --max-time 20 \
    "$address" \
    -H "Authorization: Bearer $COACHBOT_API_KEY" \
    -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $key" \
    --data-binary "$lead") || status=000
  body=$(<"$folder/body")
  # A duplicate is a success: the lead is there already.
  if [[ $status == 201 || ($status == 409 && $body == *'"duplicate_phone"'*) ]]; then
    location=$(header Location)
    printf '{"ok": true, "leadId": "%s"}\n' "${location##*/}"
    exit 0
  fi
  if [[ $status == 400 && ($body == *'"issues"'* || $body == *'`consent`'*) ]]; then
    printf '%s\n' "$body" # its `issues` name every field
    exit 1
  fi
  pause=$(header Retry-After)
  [[ $pause =~ ^[0-9]+$ ]] || pause=$((2 ** attempt))
  case $status in 000 | 429 | 5??) ;; *) break ;; esac
  ((attempt == attempts - 1 || SECONDS + pause > patience)) && break
  sleep "$pause"
done
printf 'Coachbot: %s %s\n' "$status" "$body" >&2 # for your log, with what to keep and send later
printf '{"ok": false, "message": "Please try again later."}\n'
exit 2
