// Tells the server which time zone the browser is in, so that dates on pages are the reader's.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `time_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
