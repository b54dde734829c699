// Package people has the pages about people: signing in, one's own account, who belongs to towns and agencies, the
// agency's towns, and the log of what was done.
package people
