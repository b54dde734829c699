// Package tour walks through the whole program in a real browser, as its users do: every page at
// two widths in light and dark, without JavaScript, and the way from sign-in to benchmark. It holds
// tests only; they build the program and run it as a child process.
package tour
