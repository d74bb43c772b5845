<?php
// Takes a form on your site and sends it to Coachbot. PHP 8 with curl.
// COACHBOT_URL and COACHBOT_API_KEY come from the environment.
// Put it on your server, or try it: php -S 127.0.0.1:8080 lead_form.php

declare(strict_types=1);

const ATTEMPTS = 3;
const PATIENCE = 20; // seconds in all

/** Returns what was typed, without the invisible characters that pasting brings along. */
function visible(string $text): string
{
    return trim(preg_replace('/\p{Cf}/u', '', $text) ?? $text);
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
            return [200, ['ok' => true, 'leadId' => basename($headers['location'])]];
        }
        if ($status === 400) {
            return [422, ['ok' => false, 'fields' => messages($body)]];
        }
        $may_pass = in_array($status, [0, 429], true) || $status >= 500;
        $pause = (int) ($headers['retry-after'] ?? 2 ** $attempt);
        if (!$may_pass || $attempt === ATTEMPTS - 1 || microtime(true) + $pause > $end) {
            // For your log, with what to keep and send later.
            error_log("Coachbot: $status " . json_encode($body));
            break;
        }
        sleep($pause);
    }
    return [503, ['ok' => false, 'message' => 'Please try again later.']];
}

/** Sends one request. Returns status (0: no answer), headers in lower case, decoded body. */
function post(array $lead, string $key): array
{
    $headers = [];
    $request = curl_init(rtrim(getenv('COACHBOT_URL'), '/') . '/api/public/leads');
    curl_setopt_array($request, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => json_encode($lead),
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
    $status = $body === false ? 0 : curl_getinfo($request, CURLINFO_RESPONSE_CODE);
    return [$status, $headers, json_decode((string) $body, true) ?? []];
}

/** Returns a message for each field of the form that has to be corrected. */
function messages(array $body): array
{
    if (!isset($body['issues'])) {
        return ['consent' => $body['error']];
    }
    $messages = [];
    foreach ($body['issues'] as $issue) {
        $messages[$issue['path'][0] ?? 'form'] = $issue['message'];
    }
    return $messages;
}

[$status, $answer] = submit_lead($_POST);
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($answer);
