#!/bin/sh
# Starts nginx in compose.yaml: with HTTPS where there are certificates, else without.
set -eu
folder=$(cd "$(dirname "$0")/.." && pwd)  # /etc/nginx

if [ -s "$folder/certs/fullchain.pem" ] && [ -s "$folder/certs/privkey.pem" ]; then
  kind=https
else
  kind=http
fi
port=${HTTPS_PORT:-443}
port=${port##*:}  # without the address that may stand before it
[ "$port" = 443 ] && suffix= || suffix=:$port

# In place of the image's own site.
sed "s/@HTTPS_PORT@/$suffix/" "$folder/coachbot/$kind.conf" > "$folder/conf.d/default.conf"
exec nginx -p "$folder/" -c "$folder/nginx.conf" -g 'daemon off;'
