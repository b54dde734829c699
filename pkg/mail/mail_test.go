package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	stdmail "net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	smtpd "github.com/emersion/go-smtp"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/mail"
)

const password = "sehr/geheim:ä@1"

// office is a real SMTP server on this machine.
type office struct {
	addr    string
	roots   *x509.CertPool
	refuse  error // of a recipient
	mu      sync.Mutex
	took    []letter
	busy    atomic.Int32
	crowded atomic.Bool // two letters at once
}

type letter struct {
	from, to, raw string
	user          string
	encrypted     bool
}

type session struct {
	office *office
	conn   *smtpd.Conn
	letter letter
}

func (o *office) NewSession(c *smtpd.Conn) (smtpd.Session, error) {
	return &session{office: o, conn: c}, nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, given string) error {
		if user != "post@example.org" || given != password {
			return &smtpd.SMTPError{Code: 535, EnhancedCode: smtpd.EnhancedCode{5, 7, 8}, Message: "no, not " + given}
		}
		s.letter.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtpd.MailOptions) error {
	s.letter.from = from
	if s.office.busy.Add(1) > 1 {
		s.office.crowded.Store(true)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtpd.RcptOptions) error {
	s.letter.to += to
	return s.office.refuse
}

func (s *session) Data(r io.Reader) error {
	defer s.office.busy.Add(-1)
	b, err := io.ReadAll(r)
	s.letter.raw = string(b)
	_, s.letter.encrypted = s.conn.TLSConnectionState()
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	s.office.took = append(s.office.took, s.letter)
	return err
}

func (s *session) Reset() {}

func (s *session) Logout() error { return nil }

// openOffice starts a server; with tlsOnly it speaks TLS from the first byte, with starttls it offers it.
func openOffice(t *testing.T, starttls, tlsOnly bool) *office {
	t.Helper()
	o := &office{roots: x509.NewCertPool()}
	config := certificate(t, o.roots)
	server := smtpd.NewServer(o)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.ReadTimeout, server.WriteTimeout = 10*time.Second, 10*time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if starttls {
		server.TLSConfig = config
	}
	if tlsOnly {
		listener = tls.NewListener(listener, config)
	}
	o.addr = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		// The server may not have begun to serve yet: then it does not know its listener.
		if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if err := <-served; err != nil && !errors.Is(err, smtpd.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return o
}

func certificate(t *testing.T, roots *x509.CertPool) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (o *office) mailer(t *testing.T, url string) *mail.Mailer {
	t.Helper()
	m, err := mail.New(mail.Config{URL: strings.Replace(url, "HOST", o.addr, 1),
		From: "Bürger-Ortsspiegel <post@example.org>", Roots: o.roots, Timeout: 5 * time.Second,
		Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// only returns the one letter the server took, parsed, with its body.
func (o *office) only(t *testing.T) (letter, *stdmail.Message, string) {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.took) != 1 {
		t.Fatalf("the server took %d letters", len(o.took))
	}
	m, err := stdmail.ReadMessage(strings.NewReader(o.took[0].raw))
	if err != nil {
		t.Fatal(err)
	}
	body := io.Reader(m.Body)
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return o.took[0], m, strings.ReplaceAll(string(b), "\r\n", "\n")
}

const login = "post%40example.org:sehr%2Fgeheim%3A%C3%A4%401@"

func TestMailArrives(t *testing.T) {
	for name, c := range map[string]struct {
		url                         string
		starttls, tlsOnly, signedIn bool
	}{
		"plain":                  {"smtp://HOST?starttls=off", false, false, false},
		"plain and signed in":    {"smtp://" + login + "HOST?starttls=off", false, false, true},
		"starttls":               {"smtp://" + login + "HOST", true, false, true},
		"starttls where offered": {"smtp://HOST/?starttls=opportunistic", true, false, false},
		"no starttls offered":    {"smtp://HOST?starttls=opportunistic", false, false, false},
		"tls":                    {"smtps://" + login + "HOST", false, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, c.starttls, c.tlsOnly)
			const body = "Guten Tag, Frau Müller-Lüdenscheidt,\n\n.\nein Punkt allein, ein langer Link " +
				"https://ortsspiegel.example.org/d/0123456789012345678901234567890123456789012\n\nViele Grüße – " +
				"„Anna“\n"
			if err := o.mailer(t, c.url).Send(t.Context(), "petra@example.org",
				"Bitte um 2 Antworten: Übersicht „Willkommen“", body); err != nil {
				t.Fatal(err)
			}
			got, m, text := o.only(t)
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			if err != nil || subject != "Bitte um 2 Antworten: Übersicht „Willkommen“" {
				t.Errorf("subject %q, %v", subject, err)
			}
			if strings.TrimRight(text, "\n") != strings.TrimRight(body, "\n") {
				t.Errorf("body %q", text)
			}
			if got.encrypted != (c.starttls || c.tlsOnly) || (got.user != "") != c.signedIn ||
				got.from != "post@example.org" || got.to != "petra@example.org" {
				t.Errorf("letter %+v", got)
			}
			if kind := m.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") ||
				!strings.Contains(strings.ToLower(kind), "utf-8") {
				t.Errorf("type %q", kind)
			}
			from, err := m.Header.AddressList("From")
			if err != nil || from[0].Name != "Bürger-Ortsspiegel" {
				t.Errorf("from %v, %v", from, err)
			}
			id := m.Header.Get("Message-ID")
			if !strings.HasSuffix(id, "@example.org>") || len(id) < 30 || m.Header.Get("Date") == "" ||
				m.Header.Get("User-Agent")+m.Header.Get("X-Mailer") != "" {
				t.Errorf("headers %v", m.Header)
			}
		})
	}
}

// TestNothingBecomesAHeader: what users type stays what it is.
func TestNothingBecomesAHeader(t *testing.T) {
	for _, hostile := range []string{"Hallo\r\nBcc: all@example.net", "Hallo\nBcc: all@example.net",
		"Hallo\rBcc: all@example.net", "Hallo\r\n\r\nText", "Hallo\u2028Bcc: x", "=?utf-8?q?Hallo=0D=0ABcc:_x?=",
		"\x00\x1b", strings.Repeat("ä\r\n", 500)} {
		o := openOffice(t, false, false)
		if err := o.mailer(t, "smtp://HOST?starttls=off").Send(t.Context(), "petra@example.org", hostile,
			"Text\r\n.\r\nQUIT\r\nBcc: x"); err != nil {
			t.Fatalf("%q: %v", hostile, err)
		}
		got, m, text := o.only(t)
		for name := range m.Header {
			switch name {
			case "Subject", "From", "To", "Date", "Message-Id", "Mime-Version", "Content-Type",
				"Content-Transfer-Encoding":
			default:
				t.Errorf("%q made a header %s", hostile, name)
			}
		}
		if got.to != "petra@example.org" || strings.TrimSpace(text) != "Text\n.\nQUIT\nBcc: x" {
			t.Errorf("%q: to %q, body %q", hostile, got.to, text)
		}
	}
	o := openOffice(t, false, false)
	m := o.mailer(t, "smtp://HOST?starttls=off")
	for _, to := range []string{"", "petra", "a@b\r\nRCPT TO:<c@d>", "a@b, c@d", "Petra <petra@example.org>",
		"petra@example.org\n", "<petra@example.org>", "a@b\x00"} {
		if err := m.Send(t.Context(), to, "x", "y"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", to, err)
		}
	}
	if len(o.took) > 0 {
		t.Errorf("took %+v", o.took)
	}
}

// TestErrorsTellNoSecrets: neither passwords nor addresses, whatever the server says.
func TestErrorsTellNoSecrets(t *testing.T) {
	send := func(t *testing.T, o *office, url string) error {
		t.Helper()
		return o.mailer(t, url).Send(t.Context(), "petra@example.org", "x", "y")
	}
	plain, starttls := openOffice(t, false, false), openOffice(t, true, false)
	refusing := openOffice(t, false, false)
	refusing.refuse = &smtpd.SMTPError{Code: 550, EnhancedCode: smtpd.EnhancedCode{5, 1, 1},
		Message: "petra@example.org is unknown"}
	untrusted := &office{addr: starttls.addr, roots: x509.NewCertPool()}
	nobody := openOffice(t, false, false)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody.addr = closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"wrong password":   {send(t, plain, "smtp://post%40example.org:falsch@HOST?starttls=off"), "535"},
		"no starttls":      {send(t, plain, "smtp://"+login+"HOST"), ""},
		"refused":          {send(t, refusing, "smtp://HOST?starttls=off"), "550"},
		"not trusted":      {send(t, untrusted, "smtp://"+login+"HOST"), "certificate"},
		"nobody listening": {send(t, nobody, "smtp://"+login+"HOST?starttls=off"), "refused"},
	} {
		if !fault.Is(c.err, fault.Unavailable) || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %v", name, c.err)
			continue
		}
		for _, secret := range []string{"geheim", "falsch", "petra"} {
			if strings.Contains(c.err.Error(), secret) {
				t.Errorf("%s tells %q: %v", name, secret, c.err)
			}
		}
	}
	for _, o := range []*office{plain, starttls, refusing} {
		if len(o.took) > 0 {
			t.Errorf("took %+v", o.took)
		}
	}
}

// TestSilentServer: one that accepts and says nothing costs no more than the time-out, and a caller who goes away less.
func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	m, err := mail.New(mail.Config{URL: "smtp://" + listener.Addr().String() + "?starttls=off",
		From: "post@example.org", Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := m.Send(t.Context(), "petra@example.org", "x", "y"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("error %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Send(gone, "petra@example.org", "x", "y"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestOneConnectionAtATime(t *testing.T) {
	o := openOffice(t, false, false)
	m := o.mailer(t, "smtp://HOST?starttls=off")
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := m.Send(t.Context(), "petra@example.org", "x", "y"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(o.took) != 10 || o.crowded.Load() {
		t.Errorf("took %d letters, several at once: %v", len(o.took), o.crowded.Load())
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, url := range []string{"", "http://host", "smtp://", "smtp://u:geheim@host:port",
		"smtp://u:geheim@host/path", "smtp://host?tls=off", "smtp://host?starttls=maybe", "smtps://host?starttls=off",
		"smtp://u:geheim%zz@host", "smtp://host:99999",
		"smtp://u:geheim@mail.example.org?starttls=off"} {
		_, err := mail.New(mail.Config{URL: url, From: "post@example.org"})
		if !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, from := range []string{"", "post", "post@example.org\r\nBcc: x@y", "Post\n <post@example.org>"} {
		if _, err := mail.New(mail.Config{URL: "smtp://host", From: from}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", from, err)
		}
	}
}
