// Package licence says whose work is in the program and on which terms, as its page and its
// command show it. The texts are put together when the program is built, by the command licences
// in pkg/internal: none of them is kept here.
package licence
