package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// notification is what a sink was told.
type notification struct {
	way      string // receiver/list/index, as rewired made it
	resolved bool
	body     string
}

// sinks stand for everything outside that Alertmanager tells: over HTTP and SMTP.
type sinks struct {
	web  *httptest.Server
	mail net.Listener

	mutex sync.Mutex
	got   []notification
}

func newSinks(t *testing.T) *sinks {
	t.Helper()
	s := &sinks{}
	s.web = httptest.NewServer(http.HandlerFunc(s.serve))
	var err error
	if s.mail, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := s.mail.Accept()
			if err != nil {
				return // closed
			}
			go s.receiveMail(conn)
		}
	}()
	t.Cleanup(func() {
		s.web.Close()
		_ = s.mail.Close()
	})
	return s
}

func (s *sinks) add(n notification) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.got = append(s.got, n)
}

// told are the notifications so far: firing and resolved, by way.
func (s *sinks) told() (firing, resolved map[string]int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	firing, resolved = map[string]int{}, map[string]int{}
	for _, n := range s.got {
		if n.resolved {
			resolved[n.way]++
		} else {
			firing[n.way]++
		}
	}
	return firing, resolved
}

// serve takes what is posted. The way stands in the path, or where the service
// itself has it: PagerDuty in the body, Opsgenie in a header.
func (s *sinks) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n := notification{way: strings.TrimPrefix(r.URL.Path, "/"), body: string(body)}
	switch {
	case n.way == "pagerduty":
		var event struct {
			RoutingKey string `json:"routing_key"`
			Action     string `json:"event_action"`
		}
		_ = json.Unmarshal(body, &event)
		n.way, n.resolved = event.RoutingKey, event.Action == "resolve"
		w.WriteHeader(http.StatusAccepted)
	case strings.HasPrefix(n.way, "opsgenie/"):
		n.way, n.resolved = strings.TrimPrefix(r.Header.Get("Authorization"), "GenieKey "), strings.HasSuffix(r.URL.Path, "/close")
		w.WriteHeader(http.StatusAccepted)
	case strings.Contains(n.way, "webhook_configs"):
		n.resolved = strings.Contains(n.body, `"status":"resolved","alerts"`)
	default:
		n.resolved = strings.Contains(n.body, "Resolved: ")
	}
	s.add(n)
	if strings.Contains(n.way, "slack_configs") {
		fmt.Fprint(w, "ok")
	}
}

// receiveMail is as much of SMTP as Alertmanager speaks. The way is the recipient.
func (s *sinks) receiveMail(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	say := func(text string) { fmt.Fprintf(conn, "%s\r\n", text) }
	say("220 sink")
	var to []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO", "HELO":
			say("250-sink\r\n250 AUTH PLAIN LOGIN")
		case "AUTH":
			say("235 welcome")
		case "RCPT":
			to = append(to, strings.Trim(strings.TrimSpace(line[len("RCPT TO:"):]), "<>"))
			say("250 ok")
		case "DATA":
			say("354 go on")
			var mail strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				mail.WriteString(line)
			}
			body, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(mail.String())))
			for _, way := range to {
				s.add(notification{way, strings.Contains(string(body), "Resolved: "), string(body)})
			}
			to = nil
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}
