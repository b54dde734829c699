// Package site is what all pages share: the request on its way through the house, the one guard
// that asks the policy before any handler runs, sessions' cookies, errors as pages, layout and
// templates, texts, lists, limits and assets.
//
// It knows no feature: what only some pages need is theirs. Echo's context stays here and in the shell that joins the
// features, so that the framework can be replaced.
package site
