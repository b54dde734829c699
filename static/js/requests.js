// htmx under our rules: no evaluated code and no style element (the content security policy forbids both),
// no request to other hosts, and no page kept in browser storage, where answers would outlive the sign-out.
import htmx from 'htmx.org'

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  inlineScriptNonce: '',
  // A conflict (409) and refused input (422) carry a fragment that must be shown, not dropped.
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '409', swap: true, error: true },
    { code: '422', swap: true, error: true },
    { code: '...', swap: false, error: true }
  ]
})

export default htmx
