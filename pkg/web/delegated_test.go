package web

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	stdmail "net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/mail"
	"ortsspiegel/pkg/web/site"
)

// TestColleagueBringsBackAWorkbook: the questions of the link and no others, there and back, by the same preview.
func TestColleagueBringsBackAWorkbook(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	link := e.ask(question1, question2)
	e.come(link)
	own := sheet{e.colleague, link}
	p := own.takeHome("")
	p.set("value", question1, "ja")
	p.set("comment", question1, "Zimmer 3")
	page, form := own.plan(p)
	if !strings.Contains(page, "Antworten.xlsx") || strings.Contains(page, "/assessments/") ||
		len(e.lead.answers().Answers) != 0 {
		t.Errorf("preview: %s", page)
	}
	if w := own.post(link+"/form/save", form); w.Code != http.StatusSeeOther ||
		w.Header().Get("Location") != link+"?done=form_saved&taken=1&left=0" {
		t.Fatalf("saving: status %d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	entries, err := e.store.Entries(t.Context(), e.id)
	must(t, err)
	if got := entries[question1]; len(entries) != 1 || got.By != byPetra || got.Comment != "Zimmer 3" ||
		got.Origin.Kind != assessment.OriginForm || got.Origin.Subject != "Antworten.xlsx" {
		t.Errorf("stored %+v", entries)
	}
	// The lead's workbook of everything is refused here, whatever it says to the two questions.
	whole := e.lead.takeHome("")
	whole.set("value", question2, "nein")
	if w := own.bring("Alles.xlsx", whole.bytes()); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), "um die Sie hier nicht gebeten wurden") {
		t.Errorf("another workbook: status %d: %s", w.Code, w.Body)
	}
	if w := own.bring("leer.xlsx", nil); w.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(w.Body.String(), `id="file-error"`) {
		t.Errorf("no workbook: status %d: %s", w.Code, w.Body)
	}
	forged := url.Values{"file": {"x.xlsx"}, "q": {"steuerung-austausch"}, "revision.steuerung-austausch": {"0"},
		"seen.steuerung-austausch": {"0"}, "value.steuerung-austausch": {"nie"}}
	if w := own.post(link+"/form/save", forged); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a forged decision: status %d", w.Code)
	}
	if got := e.lead.answers().Answers; len(got) != 1 {
		t.Errorf("stored %+v", got)
	}
}

// postOffice is a real SMTP server that keeps what it takes.
type postOffice struct {
	mu     sync.Mutex
	refuse bool
	took   []string
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) { return o, nil }

func (o *postOffice) Mail(string, *smtp.MailOptions) error { return nil }

func (o *postOffice) Rcpt(to string, _ *smtp.RcptOptions) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: to + " is unknown"}
	}
	return nil
}

func (o *postOffice) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.took = append(o.took, string(b))
	return err
}

func (o *postOffice) Reset()        {}
func (o *postOffice) Logout() error { return nil }

// posting lets the house send mails through a post office, and returns what it logs.
func (e *errand) posting(o *postOffice) *bytes.Buffer {
	e.t.Helper()
	server := smtp.NewServer(o)
	server.Domain = "localhost"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(e.t, err)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	e.t.Cleanup(func() {
		must(e.t, server.Close())
		if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			e.t.Error(err)
		}
		<-served
	})
	mailer, err := mail.New(mail.Config{URL: "smtp://" + listener.Addr().String() + "?starttls=off",
		From: "Ortsspiegel <post@example.org>", Now: func() time.Time { return e.now }})
	must(e.t, err)
	log := new(bytes.Buffer)
	e.handler = testServer(e.t, func(c *Config) {
		c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists, c.Mail = e.accounts, e.territory,
			e.assessments, e.rounds, e.sheets, mailer
		c.Versions, c.Trends, c.DryRuns = e.versions, e.trends, e.dryRuns
		c.Now, c.Ready, c.Logger = func() time.Time {
			return e.now
		}, e.store.Ready, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	return log
}

// TestLinksGoByMail: with an address the link is sent; a mail that cannot be sent costs nothing;
// neither secret nor address is logged.
func TestLinksGoByMail(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	office := &postOffice{}
	log := e.posting(office)
	ask := url.Values{"for": {"Petra Klein"}, "email": {"Petra@Example.org"},
		"note": {"Danke\r\nBcc: alle@example.net"}, "until": {"2026-12-05"}, "question": {question1}}
	w := e.lead.post(e.lead.base+"/delegations", ask)
	link := linkIn(t, w.Body.String())
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(),
		"Die E-Mail an petra@example.org ist verschickt.") || len(office.took) != 1 {
		t.Fatalf("status %d, %d mails: %s", w.Code, len(office.took), w.Body)
	}
	message, err := stdmail.ReadMessage(strings.NewReader(office.took[0]))
	must(t, err)
	if to := message.Header.Get("To"); to != "<petra@example.org>" || message.Header.Get("Bcc") != "" ||
		!strings.Contains(strings.ReplaceAll(office.took[0], "=\r\n", ""), link) {
		t.Errorf("sent %s", office.took[0])
	}
	office.refuse = true
	w = e.lead.post(e.lead.base+"/delegations/"+site.OfNumber(int64(e.delegations()[0].ID))+"/remind", nil)
	renewed := linkIn(t, w.Body.String())
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "konnte nicht verschickt werden") ||
		len(office.took) != 1 {
		t.Errorf("a refused mail: status %d, %d mails: %s", w.Code, len(office.took), w.Body)
	}
	if w := e.colleague.get(renewed); w.Code != http.StatusOK {
		t.Errorf("the link of a mail that was not sent: status %d", w.Code)
	}
	e.come(renewed)
	e.put(renewed, question1, url.Values{"value": {"ja"}, "revision": {"0"}})
	for range 3 {
		e.colleague.get(link)
		e.colleague.get(link + "x")
		e.colleague.post(renewed+"/form", nil)
	}
	office.refuse = false
	for range site.MailBurst {
		e.lead.post(e.lead.base+"/delegations", ask)
	}
	if len(office.took) != site.MailBurst-1 { // the refused one counts too
		t.Errorf("%d mails were sent, at most %d may be at once", len(office.took), site.MailBurst)
	}
	for _, secret := range []string{strings.TrimPrefix(link, "/d/"), strings.TrimPrefix(renewed, "/d/"), "example.org",
		"Petra", "unknown"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(log.String(), "route=/d/:token") || !strings.Contains(log.String(), "reply 550") {
		t.Errorf("the log says little: %s", log)
	}
}

// TestLinksAreLimited: one link cannot be asked without end, nor can a network try out secrets.
func TestLinksAreLimited(t *testing.T) {
	t.Parallel()
	e := newErrand(t)
	link, other := e.ask(question1), e.ask(question2)
	refusedAfter := func(path string) int {
		for n := range 1000 {
			if w := e.colleague.get(path); w.Code == http.StatusTooManyRequests {
				return n
			}
		}
		return 1000
	}
	if n := refusedAfter(link); n < 60 || n > 130 {
		t.Errorf("a link answers %d times", n)
	}
	if w := e.colleague.get(other); w.Code != http.StatusOK {
		t.Errorf("another link: status %d", w.Code)
	}
	if n := refusedAfter("/d/" + strings.Repeat("x", 43)); n > 300 {
		t.Errorf("%d secrets can be tried at once", n)
	}
	if w := e.colleague.get("/login"); w.Code != http.StatusOK {
		t.Errorf("signing in: status %d", w.Code)
	}
	e.later(2 * time.Minute)
	if w := e.colleague.get(link); w.Code != http.StatusOK {
		t.Errorf("after a rest: status %d", w.Code)
	}
}
