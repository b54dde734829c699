// Package web is the program's face in a browser: routes, forms, views and pages on Echo.
//
// Here live: the one route table (routes.go) with the policy decision of each route, the handlers, the views that the
// templates are type-checked against, the texts in locales/, and everything HTTP (sessions' cookies, headers, limits).
// Not here: rules, scores and storage. A handler parses a form, asks a service and fills a view; it opens no transaction and
// computes nothing. echo.Context stays inside this package, so that the framework can be replaced.
//
// One name runs through a feature: route "assessment.section" -> handler assessmentSection -> view assessmentSectionView ->
// pages/assessment_section.html -> texts assessment.section.* in locales/assessment.de.json.
package web
