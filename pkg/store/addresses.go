package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"ortsspiegel/pkg/account"
)

// addressee is a user as far as its address matters.
type addressee struct {
	id       int64
	email    string
	role     string
	hash     string
	disabled bool
	seen     stamp
}

// better orders accounts with the same address by which of them should keep it: one that can be used before one that is
// locked out, one with a password before an invitation, the one that signed in last, the older one.
func better(a, b addressee) int {
	number := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(number(a.disabled), number(b.disabled)),
		cmp.Compare(number(a.hash == ""), number(b.hash == "")),
		cmp.Compare(b.seen, a.seen), cmp.Compare(a.id, b.id))
}

// normalAddresses brings the addresses of people and of colleagues into their one form. Where
// several accounts turn out to have the same one, the one that is used keeps it; the others keep
// what was stored, their history and their place, and are told of in the notes: they were three
// accounts of one person in most cases, and nobody but an operator can know.
func normalAddresses(ctx context.Context, tx *sql.Tx, bind func(string) string) (notes []string, err error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT id, email, role, password_hash, disabled, last_sign_in FROM users ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	same := map[string][]addressee{}
	for rows.Next() {
		var u addressee
		if err := rows.Scan(&u.id, &u.email, &u.role, &u.hash, &u.disabled, &u.seen); err != nil {
			return nil, err
		}
		normal := account.NormalEmail(u.email)
		same[normal] = append(same[normal], u)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	for normal, list := range same {
		slices.SortFunc(list, better)
		keeps := list[0]
		for _, other := range list[1:] {
			if other.email == normal {
				// Somebody else has the normal form itself: it is given up for one that cannot be taken for it.
				if err := setAddress(ctx, tx, bind, other.id, fmt.Sprintf("%s (%d)", normal, other.id)); err != nil {
					return nil, err
				}
			}
			notes = append(notes, fmt.Sprintf(
				"account %d (%s) has the same e-mail address as account %d (%s): %s; account %d keeps it, account %d "+
					"cannot sign in and has lost nothing else",
				other.id, other.role, keeps.id, keeps.role, account.ShownEmail(normal), keeps.id, other.id))
		}
		if keeps.email != normal {
			if err := setAddress(ctx, tx, bind, keeps.id, normal); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(notes)
	return notes, normalRecipients(ctx, tx, bind)
}

func setAddress(ctx context.Context, tx *sql.Tx, bind func(string) string, id int64, email string) error {
	_, err := tx.ExecContext(ctx, bind(`UPDATE users SET email = ? WHERE id = ?`), email, id)
	return err
}

// normalRecipients does the same for colleagues that were asked by a link, of whom several may have one address.
func normalRecipients(ctx context.Context, tx *sql.Tx, bind func(string) string) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT email FROM delegations WHERE email <> ''`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var stored []string
	for rows.Next() {
		var email string
		if err := rows.Scan(&email); err != nil {
			return err
		}
		stored = append(stored, email)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for _, email := range stored {
		normal := account.NormalEmail(email)
		if normal == email {
			continue
		}
		if _, err := tx.ExecContext(ctx, bind(`UPDATE delegations SET email = ? WHERE email = ?`), normal,
			email); err != nil {
			return err
		}
	}
	return nil
}
