<?php
// Uses the PHP client of openapi-generator. Prints the status of each request, one a line.
// Debian's php-guzzlehttp-guzzle is what it needs.

declare(strict_types=1);

require '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class): void {
    $path = str_replace(['OpenAPI\\Client\\', '\\'], ['', '/'], $class);
    $file = getenv('CLIENT') . "/lib/$path.php";
    if (is_file($file)) {
        require $file;
    }
});

use OpenAPI\Client\Api\LeadsApi;
use OpenAPI\Client\ApiException;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model\LeadSubmission;

function api(string $url): LeadsApi
{
    $configuration = (new Configuration())->setHost($url)->setAccessToken(getenv('COACHBOT_API_KEY'));
    return new LeadsApi(new GuzzleHttp\Client(), $configuration);
}

function lead(string $phone, array $more = []): LeadSubmission
{
    return new LeadSubmission(['name' => 'Jane Doe', 'phone' => $phone, 'consent' => true] + $more);
}

function status(callable $ask): mixed
{
    try {
        [$body, $status] = $ask();
        echo "$status\n";
        return $body;
    } catch (ApiException $error) {
        echo $error->getCode() . "\n";
        return null;
    }
}

$leads = api(getenv('COACHBOT_URL'));
$first = lead(getenv('PHONE'), ['metadata' => ['a' => [1, ['b' => null]]], 'email' => 'jane@acme.com']);
$receipt = status(fn () => $leads->submitLeadWithHttpInfo($first));
$id = $receipt->getLeadId();
$read = status(fn () => $leads->readLeadWithHttpInfo($id));
assert($read->getLead()->getCreatedAt() instanceof DateTime);
status(fn () => $leads->submitLeadWithHttpInfo(lead('no number')));
status(fn () => $leads->submitLeadWithHttpInfo(lead(getenv('PHONE'))));
status(fn () => api(getenv('LIMITED_URL'))->readLeadWithHttpInfo($id));
status(fn () => $leads->submitLeadWithHttpInfo(lead(getenv('REFUSED_PHONE'))));
