// Visits every page that can be reached from the home page, as somebody who is not
// logged in and as each invented person, and holds it against the rules of WCAG.
//
//   node toegankelijkheid.mjs SITE BROWSER
//
// Exit codes: 0 nothing found, 1 something found, 2 it could not be done.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import axe from 'axe-core'
import puppeteer from 'puppeteer-core'

const [site, executablePath] = process.argv.slice(2)
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const perKind = 3 // of pages that differ in a number only, such as those of zaken
const perPerson = 150
const patience = 30_000

const dutch = JSON.parse(await readFile(createRequire(import.meta.url).resolve('axe-core/locales/nl.json'), 'utf8'))
const found = new Map() // what is wrong and where on a page -> the pages
const unsure = new Map() // rules of which axe-core cannot tell -> how often
let looked = 0

function report(text, where) {
  if (!found.has(text)) found.set(text, [])
  found.get(text).push(where)
}

// kind is the same for pages that differ in a number only.
function kind(address) {
  const path = address.pathname.split('/').map(part => (/\d/.test(part) ? '*' : part)).join('/')
  return path + '?' + [...address.searchParams.keys()].sort().join('&')
}

async function look(page, where) {
  looked++
  await page.evaluate(() => document.querySelectorAll('details').forEach(part => { part.open = true }))
  // The browser runs this for its own developer tools, so the policy of the page on
  // scripts stays as it is.
  await page.evaluate(axe.source)
  const result = await page.evaluate(async (locale, values) => {
    window.axe.configure({ locale })
    const { violations, incomplete } = await window.axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations', 'incomplete'] })
    return {
      violations: violations.map(v => ({ id: v.id, help: v.help, url: v.helpUrl, nodes: v.nodes.map(n => n.target.join(' ')) })),
      incomplete: incomplete.map(v => [v.id, v.nodes.length]),
    }
  }, dutch, tags)
  for (const { id, help, url, nodes } of result.violations) {
    for (const node of nodes) report(`${id}: ${help}\n    op de plek: ${node}\n    uitleg: ${url}`, where)
  }
  for (const [id, count] of result.incomplete) unsure.set(id, (unsure.get(id) ?? 0) + count)
  await page.setViewport({ width: 320, height: 800 })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  if (width > 320) report(`reflow (WCAG 1.4.10): op een scherm van 320 breed is de pagina ${width} breed`, where)
  await page.setViewport({ width: 1100, height: 900 })
}

// mistakes sends the first form of a page as it is, to see the page with mistakes.
async function mistakes(page) {
  const button = await page.$('main form[method=post]:has(input:not([type=hidden]), textarea, select) :is(button[type=submit], button:not([type]))')
  if (!button) return false
  const [response] = await Promise.all([
    page.waitForNavigation({ timeout: 5_000 }).catch(() => null),
    button.click().catch(() => null),
  ])
  return response !== null
}

async function crawl(page, who) {
  const queue = ['/'], known = new Set(queue), kinds = new Map(), sent = new Set()
  let pages = 0
  while (queue.length > 0 && pages < perPerson) {
    const path = queue.shift()
    let response
    try {
      response = await page.goto(site + path, { timeout: patience })
    } catch (error) {
      if (String(error).includes('ERR_ABORTED')) continue // a file to keep, not a page
      throw error
    }
    const where = `${path} (${who})`
    if (response.status() >= 400) report(`de pagina antwoordt met ${response.status()}`, where)
    if (!(response.headers()['content-type'] ?? '').startsWith('text/html')) continue
    pages++
    await look(page, where)
    const links = await page.$$eval('a[href]', all => all.map(a => a.href))
    const own = kind(new URL(page.url()))
    if (!sent.has(own)) {
      sent.add(own)
      if (await mistakes(page)) await look(page, `${path}, na versturen zoals het is (${who})`)
    }
    for (const link of links) {
      const address = new URL(link)
      if (address.origin !== site) continue
      const next = address.pathname + address.search
      const count = kinds.get(kind(address)) ?? 0
      if (known.has(next) || count >= perKind) continue
      known.add(next)
      kinds.set(kind(address), count + 1)
      queue.push(next)
    }
  }
  console.log(`  ${String(pages).padStart(3)} pagina's als ${who}`)
}

// as opens a browser without memory, in which somebody logs in by the button with the
// value choice; without one nobody does.
async function as(browser, who, choice) {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  await page.setViewport({ width: 1100, height: 900 })
  if (choice !== undefined) {
    await page.goto(site + '/inloggen', { timeout: patience })
    const button = await page.$(`button[name=persoon][value=${JSON.stringify(choice)}]`)
    await Promise.all([page.waitForNavigation({ timeout: patience }), button.click()])
    if (new URL(page.url()).pathname === '/inloggen') throw new Error(`inloggen als ${who} lukt niet`)
  }
  await crawl(page, who)
  await context.close()
}

async function persons(browser) {
  const page = await browser.newPage()
  await page.goto(site + '/inloggen', { timeout: patience })
  const all = await page.$$eval('button[name=persoon]', buttons => buttons.map(b => ({ choice: b.value, who: b.innerText.split('\n').filter((line, i) => i === 0 || line.startsWith('namens')).join(' ') })))
  await page.close()
  if (all.length === 0) throw new Error('op /inloggen is niemand te kiezen')
  return all
}

const args = ['--disable-component-update', '--disable-quic']
// Root and a container of CI give a browser no sandbox. It visits this machine only.
if (process.env.CI || process.getuid?.() === 0) args.push('--no-sandbox')
let browser
try {
  browser = await puppeteer.launch({ executablePath, args })
  await as(browser, 'niemand')
  for (const { who, choice } of await persons(browser)) await as(browser, who, choice)
} catch (error) {
  console.error(`De pagina's zijn niet te bekijken: ${error.message}`)
  process.exitCode = 2
} finally {
  await browser?.close()
}
for (const [text, where] of found) {
  const more = where.length > 3 ? `\n    en op nog ${where.length - 3} pagina's` : ''
  console.log(`\n${text}\n    pagina: ${where.slice(0, 3).join('\n            ')}${more}`)
}
if (unsure.size > 0) {
  const rules = [...unsure].map(([id, count]) => `${id} (${count} keer)`).join(', ')
  console.log(`\nDit kan alleen een mens zien: ${rules}.`)
}
console.log(`\n${looked} keer een pagina bekeken, ${found.size === 1 ? '1 fout' : `${found.size} fouten`}.`)
if (found.size > 0) process.exitCode ||= 1
