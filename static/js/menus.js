// Menus are details elements and open without a script; with one they also close on Escape and on a click elsewhere.
export function startMenus () {
  const menus = () => document.querySelectorAll('details.os-menu[open]')
  document.addEventListener('click', event => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false
  })
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    for (const menu of menus()) {
      menu.open = false
      menu.querySelector('summary').focus()
    }
  })
}
