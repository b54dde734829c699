package account

import (
	"ortsspiegel/pkg/fault"
)

// What is refused to people. Compare with errors.Is: some carry more than is said here.
var (
	// ErrNotAllowed is for what may be seen but not done; what may not be seen does not exist.
	ErrNotAllowed  = fault.New(fault.Forbidden, "not_allowed", "your role does not allow this")
	ErrNoPerson    = fault.New(fault.NotFound, "person_unknown", "there is no such person")
	ErrNotYourself = fault.New(fault.Forbidden, "not_yourself", "nobody changes the own rights")
	ErrWrongPair   = fault.New(fault.Invalid, "wrong_pair", "e-mail address and password do not match")
	ErrDisabled    = fault.New(fault.Conflict, "person_disabled",
		"this person is locked out: let the person in again first")
	// ErrNoLink is of invitations and of links to set a password.
	ErrNoLink = fault.New(fault.NotFound, "link_gone", "this link does not exist, was used already or has expired")
	// ErrBusy: as many passwords are being checked as the machine can at a time.
	ErrBusy = fault.New(fault.Unavailable, "sign_in_busy",
		"many people are signing in right now: please try again in a minute")
)
