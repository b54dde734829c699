// Command performance prints the table of "make bench": what this program reaches, beside the
// limit that the same machine reaches in the same run, minute by minute. Absolute figures
// drift with the machine and with who else is using it; ratios hold.
//
// Everything that serves, stores or writes files runs as a child process of its own, so that
// its peak memory can be told from that of the measuring: the built binary for what people
// use, and this command itself (with -child) for the limits and for the parts of the program
// that have no address. Program and limit take turns, and the median of the turns counts.
// Nothing but loopback addresses is used, and everything is bounded in time.
//
// The program exits with 1 only if something could not be measured; a missed target is
// said in its row. What could not be measured is never a figure: a turn without a sample ends
// its part, a row without a figure says so in the table and on stderr, and so do a server that
// does not start, a part that gives no row, and a pattern that names no part.
package main
