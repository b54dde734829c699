// Package chart turns core values into pictures: options for ECharts as JSON, made with go-echarts'
// option types, and with every picture the table that says the same in figures.
//
// Here live: which picture shows what, its texts in German and English, its table and its
// footnotes. Not here: rules and figures (bench and score compute them), HTML, and drawing
// (static/js/charts.js does that). go-echarts' own renderers are never used: they write titles
// unescaped and load from a foreign host.
//
// JSON carries no functions and no theme, so an option holds names that charts.js resolves:
// "fn:points" where ECharts takes a formatter, "var(--os-chart-own)" where it takes a colour. Only
// keys that take one are looked at, so a town of such a name stays a name. Texts of tooltips and
// labels are made here, in the reader's language, as "tip" and "text" of each point.
package chart
