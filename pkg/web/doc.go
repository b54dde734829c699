// Package web is the program's face in a browser. It joins the features, each a folder with its
// routes, its views and its texts in locales/, and has the pages that belong to none: the start
// page, help, legal pages.
//
// A feature is a type Pages made by New; Routes are its lines of the one table of addresses, each with its policy
// decision, and Views pair its pages with what they are filled with. Not here: rules, scores and storage. A handler
// parses a form, asks a service and fills a view; it opens no transaction and computes nothing.
//
// One name runs through a feature: route "assessment.section" -> handler AssessmentSection -> view
// AssessmentSectionView -> pages/assessment_section.html -> texts assessment.section.* in
// assessments/locales/assessment.de.json.
package web
