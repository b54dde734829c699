// Marks in the navigation of a long page the part that is being read; its links work without.
export function startSubnav () {
  const nav = document.querySelector('[data-subnav]')
  if (!nav || !('IntersectionObserver' in window)) return
  const links = [...nav.querySelectorAll('a[href^="#"]')]
  const parts = links.map(link => document.getElementById(link.hash.slice(1)))
  const mark = () => {
    const edge = nav.getBoundingClientRect().bottom + 24
    let now = -1
    parts.forEach((part, i) => { if (part && part.getBoundingClientRect().top <= edge) now = i })
    links.forEach((link, i) => {
      if (i === Math.max(now, 0)) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    })
  }
  const observer = new IntersectionObserver(mark, { rootMargin: '0px 0px -60% 0px', threshold: [0, 1] })
  for (const part of parts) if (part) observer.observe(part)
  mark()
}
