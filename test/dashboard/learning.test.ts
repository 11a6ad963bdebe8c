import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { type Lessons, makeLessons } from './lessons.ts'
import { expectInOrder, LOOKS, visit } from './routes.ts'
import { useStage } from './stage.ts'
import { HOSTILE } from './workflow-records.ts'

const PARTS = ['insights', 'examples', 'sessions', 'playbooks', 'experiments', 'predictions']

describeWithChromium('learning in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()
  let made: Lessons
  const at = (path: string): string => `${stage.mounts.deep}/${path}`

  it('says of each part why it is empty [DASH-14]', { timeout: 90_000 }, async () => {
    const page = await browser.signedIn(at('learning'), stage.keys.ana)
    await page.waitForURL('**/learning/insights')
    for (const part of PARTS) {
      await visit(page, at(`learning/${part}`))
      expect(await page.locator('.empty').count(), part).toBeGreaterThan(0)
      await expectInOrder(page, `${part}, empty`)
    }
    made = await makeLessons(stage.test)
  })

  it.each(LOOKS)('is in order in every part in %s [DASH-14]', { timeout: 180_000 }, async (_, look) => {
    const page = await browser.signedIn(at('learning/insights'), stage.keys.ana, { ...look, reducedMotion: 'reduce' })
    const paths = [
      'insights?agent=billing-bot',
      'examples',
      'sessions?type=support',
      'playbooks',
      `playbooks/${made.playbook}`,
    ]
    for (const path of paths) {
      await visit(page, at(`learning/${path}`))
      await expectInOrder(page, path)
    }
    expect(await page.getByRole('main').textContent()).toContain(HOSTILE.replace('\u202e', '\\u202e'))
  })

  it('deploys a version and rolls it back, by keyboard and with a reason [DASH-14]', { timeout: 120_000 }, async () => {
    const page = await browser.signedIn(at(`learning/playbooks/${made.playbook}`), stage.keys.ana)
    const active = async (): Promise<readonly number[]> => {
      const { items } = await stage.test.admin.playbooks.deployments(made.playbook, { state: 'active' })
      return items.map(({ version }) => version)
    }
    await page.getByRole('button', { name: 'Deploy Version 2' }).press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Reason/).fill('It asks for the right photo.')
    await page.keyboard.press('Control+Enter')
    expect(await active()).toEqual([1])
    await dialog.getByLabel(/Deploy it without a test/).press('Space')
    await dialog.getByLabel(/Reason/).press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await active()).toEqual([2])
    await page.getByRole('region', { name: 'Everybody' }).getByText('Version 2').waitFor()
    await page.getByRole('button', { name: 'Roll back' }).press('Enter')
    await dialog.getByLabel(/Reason/).fill('It was too long.')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'detached' })
    expect(await active()).toEqual([1])
    await page.getByText('Version 1 is back.').waitFor()
  })

  it('imports examples line by line, and says which it refused [DASH-14]', { timeout: 90_000 }, async () => {
    const page = await browser.signedIn(at('learning/examples'), stage.keys.ada)
    await page.getByRole('button', { name: 'Import examples' }).click()
    const dialog = page.getByRole('dialog')
    const line = JSON.stringify({ agentType: 'support', input: 'Is it early?', correction: 'No, it is late.' })
    await dialog.getByLabel(/Lines/).fill(`${line}\nnot json`)
    await page.keyboard.press('Control+Enter')
    await dialog.getByText('Line 2:').waitFor()
    await dialog.getByRole('button', { name: 'Back' }).click()
    await page.getByLabel('Words').fill('early')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/learning/examples?find=early')
    await page.getByRole('cell', { name: 'No, it is late.' }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
  })

  it('offers nothing to a viewer [DASH-14]', { timeout: 60_000 }, async () => {
    const page = await browser.signedIn(at(`learning/playbooks/${made.playbook}`), stage.keys.vic)
    await page.getByText('Text of version 2').first().waitFor()
    expect(await page.getByRole('button', { name: /Deploy|Roll back|Write/ }).count()).toBe(0)
    await visit(page, at('learning/examples'))
    expect(await page.getByRole('button', { name: 'Import' }).count()).toBe(0)
  })
})
