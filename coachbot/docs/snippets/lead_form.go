// Takes a form on your site and sends it to Coachbot. Go 1.19 or newer, no packages.
// COACHBOT_URL, COACHBOT_API_KEY and PORT come from the environment.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	attempts = 3
	patience = 20 * time.Second // in all
)

var client = http.Client{Timeout: 20 * time.Second}

// body is what Coachbot answers, as far as a form needs it.
type body struct {
	Error  string `json:"error"`
	Issues []struct {
		Path    []any  `json:"path"`
		Message string `json:"message"`
	} `json:"issues"`
}

// visible returns what was typed, without the invisible characters that pasting brings along.
func visible(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
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
			return 200, map[string]any{"ok": true, "leadId": path.Base(header.Get("Location"))}
		}
		if status == 400 {
			return 422, map[string]any{"ok": false, "fields": messages(answer)}
		}
		mayPass := status == 0 || status == 429 || status >= 500
		pause := time.Second << attempt
		if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil {
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

// post sends one request. The status is 0 where there is no answer, or one that is no JSON.
func post(lead []byte, key string) (int, http.Header, body) {
	var answer body
	address := strings.TrimRight(os.Getenv("COACHBOT_URL"), "/") + "/api/public/leads"
	request, err := http.NewRequest("POST", address, bytes.NewReader(lead))
	if err != nil {
		return 0, http.Header{}, answer
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("COACHBOT_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := client.Do(request)
	if err != nil {
		return 0, http.Header{}, answer
	}
	defer response.Body.Close()
	if json.NewDecoder(response.Body).Decode(&answer) != nil {
		return 0, http.Header{}, answer
	}
	return response.StatusCode, response.Header, answer
}

// messages returns one for each field of the form that has to be corrected.
func messages(answer body) map[string]string {
	if answer.Issues == nil {
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

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	http.HandleFunc("/lead", func(response http.ResponseWriter, request *http.Request) {
		request.ParseForm()
		status, answer := submitLead(request.PostForm)
		response.Header().Set("Content-Type", "application/json")
		response.WriteHeader(status)
		json.NewEncoder(response).Encode(answer)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+setting("PORT", "8080"), nil))
}
