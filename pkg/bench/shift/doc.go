// Package shift says what moved between two rounds: a town's scores before and after on the
// questions both rounds ask, parted into new answers and changed rules, and the means of a panel of
// towns. It looks at values, not at answers, and knows nothing of what may be published.
package shift
