import { expect, it } from 'vitest'
import type { TestBrowser } from '../browser.ts'
import type { Hosted } from '../host/hosted.ts'
import { propose, WAIT } from './deciding.ts'

/** A server that dies and comes back while a page is open. */
export function reconnectingFlow(hosted: Hosted, browser: TestBrowser): void {
  it('says that the server is away, and goes on where it was once it is back, without a reload [DASH-10]', async () => {
    browser.expecting(/net::ERR_(?:CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET|EMPTY_RESPONSE)/)
    const page = await browser.signedIn(`${hosted.desk}/inbox`, hosted.keys.ana)
    await page.getByText('● live').waitFor()
    await hosted.kill()
    await page.getByText(/Reconnecting… showing data from/).waitFor(WAIT)
    await hosted.restart()
    await page.getByText('● live').waitFor(WAIT)
    expect(await page.getByText(/Reconnecting…/).count()).toBe(0)
    const id = await propose(hosted.as('clerk'), { cents: 5, to: 'cus_3' }, 'after-1')
    const link = page.getByRole('link', { name: /cus_3/ })
    const look = async (): Promise<number> => {
      const pill = page.getByRole('button', { name: /new ↑/ })
      if ((await pill.count()) > 0) await pill.click().catch(() => undefined)
      return link.count()
    }
    await expect.poll(look, WAIT).toBe(1)
    await link.click()
    await page.getByRole('heading', { level: 2 }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('form').waitFor()
    await page.keyboard.press('Control+Enter')
    const state = async (): Promise<string> => (await hosted.as('ana').proposals.get(id)).state
    await expect.poll(state, WAIT).toBe('succeeded')
    expect(hosted.effects.filter(({ args }) => args.to === 'cus_3')).toHaveLength(1)
  }, 120_000)
}
