<?php
// Takes a form on your site and sends it to Coachbot. PHP 8 with curl.
// COACHBOT_URL and COACHBOT_API_KEY come from the environment.
// Put it on your server, or try it: php -S 127.0.0.1:8080 lead_form.php

declare(strict_types=1);

const ATTEMPTS = 3;
const PATIENCE = 20; // seconds in all

/** Drops what cannot be seen and comes along when a phone is pasted. Coachbot reads the rest. */
function visible(string $text): string
{
    return preg_replace('/\p{Cf}/u', '', $text) ?? $text; // null where it is not UTF-8
}

/** Sends a form's fields. Returns the status and the JSON for your page. */
function submit_lead(array $form): array
{
    $lead = [
        'name' => $form['name'] ?? '',
        'phone' => visible($form['phone'] ?? ''),
        'email' => $form['email'] ?? '',
        'goal' => $form['goal'] ?? '',
        'consent' => in_array($form['consent'] ?? '', ['on', 'true', 'yes'], true),
    ];
    $key = bin2hex(random_bytes(16));
    $end = microtime(true) + PATIENCE;
    for ($attempt = 0; $attempt < ATTEMPTS; $attempt++) {
        [$status, $headers, $body] = post($lead, $key);
        if ($status === 201 || ($body['error'] ?? '') === 'duplicate_phone') {
            // A duplicate is a success: the lead is there already.
            return [200, ['ok' => true, 'leadId' => basename($headers['location'] ?? '')]];
        }
        $fields = messages($body);
        if ($fields) {
            return [422, ['ok' => false, 'fields' => $fields]];
        }
        $may_pass = $status === 0 || $status === 429 || $status >= 500;
        $after = $headers['retry-after'] ?? '';
        $pause = ctype_digit($after) ? (int) $after : 2 ** $attempt;
        if (!$may_pass || $attempt === ATTEMPTS - 1 || microtime(true) + $pause > $end) {
            // For your log, with what to keep and send later.
            error_log("Coachbot: $status " . json_encode($body));
            break;
        }
        sleep($pause);
    }
    return [503, ['ok' => false, 'message' => 'Please try again later.']];
}

/** Sends one request. Returns status (0: no answer), headers in lower case, body ([] if no JSON). */
function post(array $lead, string $key): array
{
    $headers = [];
    $request = curl_init(rtrim(getenv('COACHBOT_URL'), '/') . '/api/public/leads');
    curl_setopt_array($request, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => json_encode($lead, JSON_INVALID_UTF8_SUBSTITUTE),
        CURLOPT_HTTPHEADER => [
            'Authorization: Bearer ' . getenv('COACHBOT_API_KEY'),
            'Content-Type: application/json',
            'Idempotency-Key: ' . $key,
        ],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 20,
        CURLOPT_HEADERFUNCTION => function ($request, string $line) use (&$headers): int {
            [$name, $value] = array_pad(explode(':', $line, 2), 2, '');
            $headers[strtolower(trim($name))] = trim($value);
            return strlen($line);
        },
    ]);
    $body = curl_exec($request);
    if ($body === false) {
        return [0, [], ['error' => curl_error($request)]];
    }
    $body = json_decode($body, true);
    return [curl_getinfo($request, CURLINFO_RESPONSE_CODE), $headers, is_array($body) ? $body : []];
}

/** Returns a message for each field of the form that has to be corrected. */
function messages(array $body): array
{
    if (($body['error'] ?? '') === '`consent` must be true.') {
        return ['consent' => $body['error']];
    }
    $messages = [];
    foreach ($body['issues'] ?? [] as $issue) {
        if ($issue['path']) {
            $messages[$issue['path'][0]] = $issue['message'];
        }
    }
    return $messages;
}

if (!getenv('COACHBOT_URL') || !getenv('COACHBOT_API_KEY')) {
    // With php-fpm they have to be in its pool: env[COACHBOT_URL] = ...
    throw new RuntimeException('Set COACHBOT_URL and COACHBOT_API_KEY.');
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    exit;
}
[$status, $answer] = submit_lead($_POST);
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($answer);
