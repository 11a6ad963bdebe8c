import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { signIn, useBrowser } from './browser.ts'
import { useStage } from './stage.ts'

describeWithChromium('where the dashboard is mounted', () => {
  const stage = useStage()
  const browser = useBrowser()

  it.each(['root', 'deep', 'proxied'] as const)(
    'at %s it works from a deep link on, and after a reload [DASH-4]',
    async (mount) => {
      const base = stage.mounts[mount]
      const proposal = await stage.ask()
      const page = await browser.open(`${base}/inbox/${proposal.id}?risk=medium`)
      await signIn(page, stage.keys.ana)
      await page.getByRole('heading', { level: 2, name: /^Refund to/ }).waitFor()
      await page.reload()
      await page.getByRole('heading', { level: 2, name: /^Refund to/ }).waitFor()
      await page.getByText('● live').waitFor()
      await page.keyboard.press('Escape')
      await page.waitForURL(`${base}/inbox?risk=medium`)
      await page
        .getByRole('link', { name: /refund\.create/ })
        .first()
        .click()
      await page.waitForURL(`${base}/inbox/**`)
      await page.goto(`${base}/p/${proposal.id}`)
      await page.waitForURL(`${base}/inbox/${proposal.id}`)
      await page.goto(base)
      await page.waitForURL(`${base}/inbox`)
      const stored = await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, document.cookie])')
      expect(stored).not.toContain(stage.keys.ana)
      expect(stored).not.toContain('preceptor_session')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('API key').waitFor()
      await page.reload()
      await page.getByLabel('API key').waitFor()
    },
  )

  it('says that a key is wrong, and keeps nobody who lost theirs [DASH-7]', async () => {
    const page = await browser.open(stage.mounts.deep)
    await page.getByLabel('API key').fill('pcp_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await stage.test.admin.members.put('zoe', { displayName: 'Zoe', roles: ['supervisor'] })
    const request = { displayName: 'Zoe', principalKind: 'user', principalId: 'zoe', roles: ['supervisor'] } as const
    const { key, secret } = await stage.test.admin.keys.create(request)
    await signIn(page, secret)
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await stage.test.admin.keys.revoke(key.id)
    await page.reload()
    await page.getByLabel('API key').waitFor()
  })
})
