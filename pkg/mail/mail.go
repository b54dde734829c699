package mail

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/mail"
	"net/netip"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	smtp "github.com/wneessen/go-mail"

	"ortsspiegel/pkg/fault"
)

// Config says how mails leave.
type Config struct {
	// URL is smtp://user:password@host:port?starttls=required or smtps://user:password@host:port.
	// Without a port it is 587 or 465. starttls is required unless it says opportunistic or off; a
	// password is never sent to another machine in clear.
	URL  string
	From string // an address, with a name if wanted: Ortsspiegel <post@example.org>

	Now     func() time.Time
	Timeout time.Duration  // of a whole mail; 0: 15 seconds
	Roots   *x509.CertPool // who may vouch for the server; nil: whom the system trusts
}

const defaultTimeout = 15 * time.Second

// Mailer sends mails, one at a time. Safe for concurrent use.
type Mailer struct {
	client  *smtp.Client
	from    *mail.Address
	domain  string // of from: what message ids and the greeting are made of
	now     func() time.Time
	timeout time.Duration
	turn    chan struct{}
}

// New returns a Mailer; it does not connect yet. Errors are Invalid and never repeat the URL, which holds a password.
func New(c Config) (*Mailer, error) {
	from, err := mail.ParseAddress(c.From)
	if err != nil || hasControls(c.From) {
		return nil, fault.New(fault.Invalid, "mail_from",
			"the sender's mail address is not one: Ortsspiegel <post@example.org> is expected")
	}
	m := &Mailer{from: from, domain: from.Address[strings.LastIndex(from.Address, "@")+1:], now: c.Now,
		timeout: c.Timeout, turn: make(chan struct{}, 1)}
	if m.now == nil {
		m.now = time.Now
	}
	if m.timeout == 0 {
		m.timeout = defaultTimeout
	}
	host, options, err := m.options(c)
	if err != nil {
		return nil, err
	}
	if m.client, err = smtp.NewClient(host, options...); err != nil {
		return nil, errURL
	}
	return m, nil
}

var errURL = fault.New(fault.Invalid, "mail_url",
	"the mail server's address is not one: smtp://user:password@host:587 or smtps://user:password@host:465 is "+
		"expected, with ?starttls=opportunistic or off at most")

func (m *Mailer) options(c Config) (host string, options []smtp.Option, err error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.Fragment != "" {
		return "", nil, errURL
	}
	query := u.Query()
	starttls := query.Get("starttls")
	query.Del("starttls")
	if len(query) > 0 {
		return "", nil, errURL
	}
	port := 587
	options = []smtp.Option{smtp.WithTimeout(m.timeout), smtp.WithHELO(m.domain), smtp.WithoutNoop(),
		smtp.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12, RootCAs: c.Roots})}
	switch {
	case u.Scheme == "smtps" && starttls == "":
		port = 465
		options = append(options, smtp.WithSSL())
	case u.Scheme == "smtp" && (starttls == "" || starttls == "required"):
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	case u.Scheme == "smtp" && starttls == "opportunistic":
		options = append(options, smtp.WithTLSPolicy(smtp.TLSOpportunistic))
	case u.Scheme == "smtp" && starttls == "off":
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	default:
		return "", nil, errURL
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return "", nil, errURL
		}
	}
	options = append(options, smtp.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		kind := smtp.SMTPAuthAutoDiscover // none over a connection that is not encrypted
		if starttls == "off" {
			if address, err := netip.ParseAddr(u.Hostname()); u.Hostname() != "localhost" &&
				(err != nil || !address.IsLoopback()) {
				return "", nil, fault.New(fault.Invalid, "mail_clear",
					"a password is not sent to another machine without encryption: leave starttls=off out of the "+
						"mail server's address")
			}
			kind = smtp.SMTPAuthPlainNoEnc
		}
		options = append(options, smtp.WithSMTPAuth(kind), smtp.WithUsername(u.User.Username()),
			smtp.WithPassword(password))
	}
	return u.Hostname(), options, nil
}

// Send sends one mail and returns when the server has taken it. Control characters in the subject
// become spaces. Errors: Invalid for an address that is none; Unavailable if the server does not
// answer or does not take the mail.
func (m *Mailer) Send(ctx context.Context, to, subject, body string) error {
	address, err := mail.ParseAddress(to)
	if err != nil || address.Address != to || hasControls(to) {
		return fault.New(fault.Invalid, "email", "an e-mail address such as name@example.org is expected")
	}
	ctx, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return failure(ctx.Err())
	}
	message := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	message.FromMailAddress(m.from)
	message.ToMailAddress(address)
	message.Subject(oneLine(subject))
	message.SetDateWithValue(m.now())
	message.SetMessageIDWithValue(strings.ToLower(rand.Text()) + "@" + m.domain)
	message.SetBodyString(smtp.TypeTextPlain, plainBody(body))
	return failure(m.client.DialAndSendWithContext(ctx, message))
}

// failure says what went wrong in words of our own.
func failure(err error) error {
	if err == nil {
		return nil
	}
	what := "the connection failed"
	var refused *smtp.SendError
	var reply *textproto.Error
	var operation *net.OpError
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	switch {
	case errors.As(err, &refused):
		what = refused.Reason.String()
		if code := refused.ErrorCode(); code != 0 {
			what += ": reply " + strconv.Itoa(code)
		}
	case errors.As(err, &reply):
		what = "reply " + strconv.Itoa(reply.Code)
	case errors.As(err, &certificate):
		what = "the server's certificate is not trusted"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		what = "no answer in time"
	case errors.As(err, &operation):
		what = operation.Err.Error()
	}
	return fault.New(fault.Unavailable, "mail_failed", "the mail was not sent: %s", what)
}

func hasControls(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }

// oneLine keeps a text from being more than one header.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}

// plainBody has lines and tabs, and no other control characters.
func plainBody(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.ReplaceAll(s, "\n", "\r\n")
}
