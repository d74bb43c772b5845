// Takes a form on your site and sends it to Coachbot. Go 1.19 or newer, no packages.
// COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	attempts = 3
	patience = 20 * time.Second // in all
)

var (
	invisible = regexp.MustCompile(`\p{Cf}`)
	client    = http.Client{
		Timeout: 20 * time.Second,
		// To follow a redirect would make a GET of it.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
)

// body is what Coachbot answers, as far as a form needs it.
type body struct {
	Error  string `json:"error"`
	Issues []struct {
		Path    []any  `json:"path"`
		Message string `json:"message"`
	} `json:"issues"`
}

// visible drops what cannot be seen and comes along when a phone is pasted. Coachbot reads the
// rest.
func visible(text string) string {
	return invisible.ReplaceAllString(text, "")
}

// submitLead sends a form's fields. It returns the status and the JSON for your page.
func submitLead(form url.Values) (int, map[string]any) {
	consent := form.Get("consent")
	lead, _ := json.Marshal(map[string]any{
		"name":    form.Get("name"),
		"phone":   visible(form.Get("phone")),
		"email":   form.Get("email"),
		"goal":    form.Get("goal"),
		"consent": consent == "on" || consent == "true" || consent == "yes",
	})
	random := make([]byte, 16)
	rand.Read(random)
	key := fmt.Sprintf("%x", random)
	end := time.Now().Add(patience)
	for attempt := 0; attempt < attempts; attempt++ {
		status, header, answer := post(lead, key)
		if status == 201 || answer.Error == "duplicate_phone" {
			// A duplicate is a success: the lead is there already.
			location := header.Get("Location")
			id := location[strings.LastIndex(location, "/")+1:]
			return 200, map[string]any{"ok": true, "leadId": id}
		}
		if fields := messages(answer); len(fields) > 0 {
			return 422, map[string]any{"ok": false, "fields": fields}
		}
		mayPass := status == 0 || status == 429 || status >= 500
		pause := time.Second << attempt
		if seconds, err := strconv.ParseUint(header.Get("Retry-After"), 10, 31); err == nil {
			pause = time.Duration(seconds) * time.Second
		}
		if !mayPass || attempt == attempts-1 || time.Now().Add(pause).After(end) {
			log.Println("Coachbot:", status, answer) // with what to keep and send later
			break
		}
		time.Sleep(pause)
	}
	return 503, map[string]any{"ok": false, "message": "Please try again later."}
}

// post sends one request. The status is 0 where there is no answer; one without JSON has no body.
func post(lead []byte, key string) (int, http.Header, body) {
	address := strings.TrimRight(os.Getenv("COACHBOT_URL"), "/") + "/api/public/leads"
	request, err := http.NewRequest("POST", address, bytes.NewReader(lead))
	if err != nil {
		return 0, http.Header{}, body{Error: err.Error()}
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("COACHBOT_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := client.Do(request)
	if err != nil {
		return 0, http.Header{}, body{Error: err.Error()}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, http.Header{}, body{Error: err.Error()}
	}
	var answer body
	if json.Unmarshal(text, &answer) != nil {
		answer = body{}
	}
	return response.StatusCode, response.Header, answer
}

// messages returns one for each field of the form that has to be corrected.
func messages(answer body) map[string]string {
	if answer.Error == "`consent` must be true." {
		return map[string]string{"consent": answer.Error}
	}
	found := map[string]string{}
	for _, issue := range answer.Issues {
		if len(issue.Path) > 0 {
			found[fmt.Sprint(issue.Path[0])] = issue.Message
		}
	}
	return found
}

func main() {
	if os.Getenv("COACHBOT_URL") == "" || os.Getenv("COACHBOT_API_KEY") == "" {
		log.Fatal("Set COACHBOT_URL and COACHBOT_API_KEY.")
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/lead", func(response http.ResponseWriter, request *http.Request) {
		if request.Method != "POST" {
			response.WriteHeader(405)
			return
		}
		request.ParseForm()
		status, answer := submitLead(request.PostForm)
		response.Header().Set("Content-Type", "application/json")
		response.WriteHeader(status)
		json.NewEncoder(response).Encode(answer)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
