// Builds everything the server serves into dist/: style sheets, scripts and fonts, each with a
// hash of its content in its name, a gzip twice beside it, and manifest.json that maps the plain
// names to the hashed ones. What only the tests and the list of licences need goes to dist-test/ and
// is never embedded.
import { build } from 'esbuild'
import { convert } from 'fontverter'
import subsetFont from 'subset-font'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const dist = path.join(here, 'dist')
const distTest = path.join(here, 'dist-test')
const modules = path.join(here, 'node_modules')
const kernFonts = path.join(modules, '@kern-ux/native/dist/fonts/fira-sans')

// Two weights carry the whole design; a missing weight falls to the next one.
const fonts = { 'fira-sans-400.woff2': 'FiraSans-Regular.woff2', 'fira-sans-600.woff2': 'FiraSans-SemiBold.woff2' }

// Everything that German, its neighbours' names and our figures need; the full font is 130 kB a weight.
const glyphRanges = [[0x20, 0x7e], [0xa0, 0x17f], [0x218, 0x21b], [0x1e9e, 0x1e9e], [0x2010, 0x2027], [0x202f, 0x203a], [0x2070, 0x2089],
  [0x20ac, 0x20ac], [0x2190, 0x2199], [0x2211, 0x221a], [0x2248, 0x2265]]

// What the texts are set with: kerning, marks and figures of one width; small capitals, old figures
// and the glyphs they bring would be a third of the font.
const fontFeatures = ['kern', 'liga', 'ccmp', 'locl', 'mark', 'mkmk', 'lnum', 'tnum']

// The style sheets in the order of the cascade.
const sheets = ['app', 'shell', 'boards', 'sheet', 'site', 'charts', 'assessment', 'answering', 'agency']

const manifest = {}

// Whose work is in what is built: the packages of npm by their folders below node_modules.
const bundled = new Set(['@kern-ux/native'])

function noteBundled (metafile) {
  for (const output of Object.values(metafile.outputs)) {
    for (const [name, { bytesInOutput }] of Object.entries(output.inputs)) {
      const found = name.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)
      if (found && bytesInOutput > 0) bundled.add(found[1])
    }
  }
}

async function emit (name, content) {
  const bytes = Buffer.from(content)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const ext = path.extname(name)
  const hashed = `${name.slice(0, -ext.length)}.${hash}${ext}`
  await writeFile(path.join(dist, hashed), bytes)
  if (ext !== '.woff2') await writeFile(path.join(dist, hashed + '.gz'), gzipSync(bytes, { level: 9 }))
  manifest[name] = hashed
  return hashed
}

async function empty (folder) {
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder)) {
    if (entry !== '.gitkeep') await rm(path.join(folder, entry), { recursive: true })
  }
}

async function buildFonts () {
  const text = glyphRanges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i))).join('')
  for (const [name, source] of Object.entries(fonts)) {
    await emit(name, await subsetFont(await readFile(path.join(kernFonts, source)), text, { targetFormat: 'woff2', keepFeatures: fontFeatures }))
  }
}

// fontNames is what a font says of itself: its texts by their numbers, 0 the copyright, 5 the version.
async function fontNames (file) {
  const font = await convert(await readFile(file), 'sfnt')
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i)
  const table = font.readUInt32BE(tables.find(at => font.toString('latin1', at, at + 4) === 'name') + 8)
  const texts = table + font.readUInt16BE(table + 4)
  const names = {}
  for (let at = table + 6; at < table + 6 + 12 * font.readUInt16BE(table + 2); at += 12) {
    if (font.readUInt16BE(at) !== 3) continue // Windows: UTF-16
    const start = texts + font.readUInt16BE(at + 10)
    const text = Buffer.from(font.subarray(start, start + font.readUInt16BE(at + 8))).swap16()
    names[font.readUInt16BE(at + 6)] ??= text.toString('utf16le')
  }
  return names
}

// classesUsed collects every kern- word of templates and scripts, so that the utility classes
// nobody uses (four fifths of KERN's sheet) stay at home. A class built from pieces would be
// missed: write class names whole.
async function classesUsed () {
  const used = new Set()
  const walk = async folder => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) await walk(file)
      else if (/\.(html|js|go)$/.test(entry.name)) {
        for (const word of (await readFile(file, 'utf8')).matchAll(/kern-[a-z0-9_-]+/g)) used.add(word[0])
      }
    }
  }
  for (const folder of ['js', '../templates', '../pkg/web']) await walk(path.join(here, folder)).catch(ignoreMissing)
  return used
}

function ignoreMissing (error) {
  if (error.code !== 'ENOENT') throw error
}

// utilityClasses are the names in KERN's separate utilities and grid sheets.
async function utilityClasses () {
  const names = new Set()
  for (const sheet of ['kern-utilities.css', 'kern-grid.css']) {
    const css = await readFile(path.join(modules, '@kern-ux/native/dist', sheet), 'utf8')
    for (const match of css.matchAll(/\.(kern-[a-z0-9_-]+)/g)) names.add(match[1])
  }
  return names
}

// withoutUnused drops rules whose selectors all ask for an unused utility or icon class.
function withoutUnused (css, droppable) {
  const out = []
  let rest = 0
  const rule = /([^{}]*)\{([^{}]*)\}/g
  for (let match; (match = rule.exec(css));) {
    out.push(css.slice(rest, match.index))
    rest = rule.lastIndex
    const [, head, body] = match
    const selectors = head.replace(/\/\*[^]*?\*\//g, '').split(',').map(s => s.trim())
    const kept = selectors.filter(s => ![...s.matchAll(/\.(kern-[a-z0-9_-]+)/g)].some(m => droppable(m[1])))
    if (/^(from|to|\d|@)/.test(selectors[0])) out.push(match[0])
    else if (kept.length) out.push(`${kept.join(',')}{${body}}`)
  }
  out.push(css.slice(rest))
  return out.join('')
}

async function buildStyles () {
  const used = await classesUsed()
  const utilities = await utilityClasses()
  const droppable = name => !used.has(name) && (utilities.has(name) || name.startsWith('kern-icon--') || name.startsWith('kern-kopfzeile'))
  const kern = withoutUnused((await readFile(path.join(modules, '@kern-ux/native/dist/kern.css'), 'utf8')).replace(/\/\*[^]*?\*\//g, ''), droppable)
  const texts = await Promise.all(sheets.map(name => readFile(path.join(here, 'css', name + '.css'), 'utf8')))
  let own = texts.join('\n')
  for (const name of Object.keys(fonts)) own = own.replaceAll(name, manifest[name])
  const result = await build({
    stdin: { contents: kern + '\n' + own, loader: 'css', resolveDir: here },
    bundle: true, minify: true, write: false, external: ['*.woff2'], logLevel: 'warning', target: ['chrome111', 'firefox113', 'safari16.4']
  })
  await emit('app.css', result.outputFiles[0].contents)
}

async function buildScripts () {
  for (const entry of ['app', 'charts']) {
    const result = await build({
      entryPoints: [path.join(here, 'js', entry + '.js')],
      bundle: true, minify: true, write: false, metafile: true, format: 'iife', legalComments: 'none', logLevel: 'warning', target: ['chrome111', 'firefox113', 'safari16.4']
    })
    await emit(entry + '.js', result.outputFiles[0].contents)
    noteBundled(result.metafile)
  }
}

await empty(dist)
await empty(distTest)
await buildFonts()
await buildStyles()
await buildScripts()
for (const icon of await readdir(path.join(here, 'img'))) await emit(icon, await readFile(path.join(here, 'img', icon)))
await writeFile(path.join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n')
// KERN's package has the font without its licence, which another package of the same font brings.
const fira = await fontNames(path.join(kernFonts, fonts['fira-sans-400.woff2']))
await writeFile(path.join(distTest, 'bundled.json'), JSON.stringify([...[...bundled].sort().map(folder => ({ folder })),
  { folder: '@fontsource/fira-sans', name: 'Fira Sans', version: fira[5].match(/\d+\.\d+/)[0], copyright: fira[0] }], null, 2) + '\n')
await writeFile(path.join(distTest, 'axe.min.js'), await readFile(path.join(modules, 'axe-core/axe.min.js')))
for (const [name, hashed] of Object.entries(manifest)) {
  const bytes = await readFile(path.join(dist, hashed))
  console.log(`${name.padEnd(22)} ${String(bytes.length).padStart(8)} bytes ${String(gzipSync(bytes).length).padStart(8)} gzip`)
}
