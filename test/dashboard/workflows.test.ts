import { orchestration } from '@preceptor/orchestration'
import { describeWithChromium } from '@preceptor/test-setup'
import { expect, it } from 'vitest'
import { useBrowser } from './browser.ts'
import { expectInOrder, LOOKS, visit } from './routes.ts'
import { useStage } from './stage.ts'
import { type FlowRecords, HOSTILE, makeFlows, reaches } from './workflow-records.ts'

describeWithChromium('workflows in the dashboard', () => {
  const stage = useStage()
  const browser = useBrowser()
  let made: FlowRecords
  const at = (path: string): string => `${stage.mounts.deep}/${path}`

  it('teaches what a workflow is where there is none [DASH-14]', { timeout: 60_000 }, async () => {
    const page = await browser.signedIn(at('workflows'), stage.keys.ana)
    await page.getByText('There is no workflow yet').waitFor()
    await expectInOrder(page, 'the empty list')
    await page.getByRole('link', { name: 'Runs' }).click()
    await page.getByText('Nothing ran yet').waitFor()
    made = await makeFlows(stage.test)
  })

  it.each(LOOKS)(
    'is in order in every part in %s, the list asking once [DASH-14, DASH-64]',
    { timeout: 180_000 },
    async (_, look) => {
      const page = await browser.signedIn(at('workflows'), stage.keys.ana, { ...look, reducedMotion: 'reduce' })
      const paths = [
        'workflows',
        'workflows?show=runs&state=failed',
        `workflows/${made.refund}`,
        `workflows/runs/${made.runs.failed}`,
        `workflows/runs/${made.runs.waiting}`,
        `workflows/${made.refund}/edit`,
      ]
      for (const path of paths) {
        const asked: string[] = []
        page.on('request', (request) => void asked.push(new URL(request.url()).pathname))
        await visit(page, at(path))
        // What the rows of the list tell comes with the list.
        if (path === 'workflows') {
          await page
            .getByRole('row')
            .getByRole('link', { name: /Waiting|Failed|Completed|Cancelled/ })
            .first()
            .waitFor()
          const ofRows = asked.filter((one) => /\/(?:runs|schedules|workflows)$/.test(one.replace(/^.*\/api/, '/api')))
          expect(ofRows.filter((one) => one.includes('/api/'))).toEqual([expect.stringMatching(/\/api\/workflows$/)])
        }
        if (/_/.test(path)) await page.locator('.wf-svg').waitFor()
        await expectInOrder(page, path)
      }
    },
  )

  it('shows a run with its steps, and leads from a box to its step and to the inbox [DASH-14]', {
    timeout: 90_000,
  }, async () => {
    const page = await browser.signedIn(at(`workflows/runs/${made.runs.waiting}`), stage.keys.ana)
    const box = page.getByRole('button', { name: 'Approval, ask, Waiting' })
    await box.focus()
    await page.keyboard.press('Enter')
    const card = page.locator('.wf-card:focus')
    await card.getByText('ask', { exact: true }).waitFor()
    expect(await page.getByRole('main').textContent()).toContain(HOSTILE.replace('\u202e', '\\u202e'))
    await card.getByRole('link', { name: 'Waits for people: open its proposal' }).click()
    await page.waitForURL('**/inbox/prp_*')
  })

  it('replays a run that failed, from the step that failed [DASH-14]', { timeout: 90_000 }, async () => {
    const { runs } = stage.test.admin.plugin(orchestration)
    const before = await runs.get(made.runs.failed)
    const page = await browser.signedIn(at(`workflows/runs/${made.runs.failed}`), stage.keys.ana)
    await page.getByRole('button', { name: 'Replay from the failure' }).click()
    await page.getByRole('dialog').getByText('It goes on at what failed (sum)').waitFor()
    await page.getByLabel('Reason').fill('Once more.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const failed = async (): Promise<number> =>
      (await runs.get(made.runs.failed)).steps.filter(({ step, state }) => step === 'sum' && state === 'failed').length
    await expect.poll(failed, { timeout: 20_000 }).toBeGreaterThan(0)
    await reaches(runs, made.runs.failed, 'failed')
    const after = await runs.get(made.runs.failed)
    const paid = (detail: typeof after) => detail.steps.filter(({ step }) => step === 'pay')
    expect(paid(after)).toEqual(paid(before))
  })

  it('executes with an input that its schema allows, and says what is wrong with another [DASH-14]', {
    timeout: 90_000,
  }, async () => {
    const page = await browser.signedIn(at(`workflows/${made.refund}`), stage.keys.ana)
    await page.getByRole('button', { name: 'Execute' }).click()
    const dialog = page.getByRole('dialog')
    const input = dialog.getByLabel('Input', { exact: true })
    await input.fill('{ "cents": }')
    await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true')
    await input.fill('{ "cents": 0 }')
    await dialog.getByRole('button', { name: 'Execute' }).click()
    await dialog.getByText('INPUT_INVALID').waitFor()
    await input.fill('{ "cents": 3 }')
    await dialog.getByRole('button', { name: 'Execute' }).click()
    await page.waitForURL('**/workflows/runs/wrn_*')
    await page.getByRole('main').getByRole('status').getByText('Completed').waitFor()
  })

  it('makes a schedule and removes it [DASH-14]', { timeout: 90_000 }, async () => {
    const page = await browser.signedIn(at(`workflows/${made.refund}`), stage.keys.ana)
    await page.getByRole('button', { name: 'New schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Pattern/).fill('61 9 * * *')
    await dialog.getByLabel('Input', { exact: true }).fill('{ "cents": 9 }')
    await dialog.getByRole('button', { name: 'New schedule' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel(/Pattern/).fill('0 9 * * 1-5')
    await dialog.getByRole('button', { name: 'New schedule' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByLabel('Reason').fill('Not now.')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Removed', { exact: true }).waitFor()
  })

  it('edits by form and JSON, says what is wrong beside the field, and saves a version with a note [DASH-14]', {
    timeout: 120_000,
  }, async () => {
    const { workflows } = stage.test.admin.plugin(orchestration)
    const page = await browser.signedIn(at(`workflows/${made.refund}/edit`), stage.keys.ana)
    await page.getByText('Nothing is wrong with it.').waitFor()
    await page.getByRole('button', { name: 'Add a step' }).last().click()
    await page.getByRole('button', { name: 'Approval', exact: true }).click()
    await page.getByRole('button', { name: 'Approval, approval_1' }).waitFor()
    const question = page.getByLabel(/^Question/).last()
    await question.fill('')
    await expect.poll(() => question.getAttribute('aria-invalid'), { timeout: 15_000 }).toBe('true')
    await page.getByText('steps[7].question').waitFor()
    await question.fill('Is that all?')
    await page.getByText('Nothing is wrong with it.').waitFor()
    await page.getByRole('button', { name: 'JSON', exact: true }).click()
    const json = page.getByLabel('Definition as JSON')
    const definition = JSON.parse(await json.inputValue())
    expect(definition.steps.at(-1)).toEqual({ id: 'approval_1', type: 'approval', question: 'Is that all?' })
    await json.fill('{')
    await page.getByText('A field holds something that is no JSON.').waitFor()
    await json.fill(JSON.stringify({ ...definition, description: 'Changed in JSON.' }))
    await page.getByRole('button', { name: 'Form', exact: true }).click()
    expect(await page.getByLabel('Description').inputValue()).toBe('Changed in JSON.')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByLabel('What changed and why').fill('One more question.')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(`**/workflows/${made.refund}`)
    await page.getByText('One more question.').waitFor()
    expect(await workflows.get(made.refund)).toMatchObject({
      version: 3,
      definition: { description: 'Changed in JSON.' },
    })
  })

  it('says of a new workflow what is wrong where somebody wrote, and what is missing once they save [DASH-62]', {
    timeout: 60_000,
  }, async () => {
    const page = await browser.signedIn(at('workflows/new'), stage.keys.ana)
    const name = page.getByRole('textbox', { name: 'Name (required)', exact: true })
    const wrong = page.locator('[aria-invalid="true"]')
    await page.getByText('3 places are still to be filled in before it can be saved.').waitFor()
    expect(await wrong.count()).toBe(0)
    expect(await page.locator('.note-bad, .field-problem, .tone-bad').count()).toBe(0)
    await expectInOrder(page, 'a new workflow that nobody wrote at')
    // What was written and taken away again is told of, and nothing else.
    await name.fill('Refunds')
    await page.getByText('2 places are still to be filled in before it can be saved.').waitFor()
    await name.fill('')
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true')
    await page.getByText('Something is needed here.').first().waitFor()
    expect(await wrong.count()).toBe(1)
    await name.fill('Refunds')
    await expect.poll(() => wrong.count()).toBe(0)
    // Trying to save says the rest, each at its place, and leads to the first.
    await page.getByText('2 places are still to be filled in before it can be saved.').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => wrong.count()).toBe(2)
    expect(await page.locator(':focus').getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('region', { name: 'What is wrong with it' }).getByText('steps[0].question').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await expectInOrder(page, 'a new workflow that cannot be saved yet')
    await page.keyboard.insertText('billing-bot')
    await page.getByLabel(/^Question/).fill('Shall it run?')
    await page.getByText('Nothing is wrong with it.').waitFor()
  })

  it('asks before edits are lost, by a link, by loading anew and by signing out, and not once they are saved [DASH-27, DASH-65]', {
    timeout: 60_000,
  }, async () => {
    const page = await browser.signedIn(at('workflows/new'), stage.keys.ana)
    const ask = page.getByRole('dialog', { name: 'Leave without saving?' })
    const name = page.getByRole('textbox', { name: 'Name (required)', exact: true })
    const asked: string[] = []
    // What the browser asks is answered by staying.
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.dismiss()
    })
    await name.fill('Half of it')
    await page.getByRole('link', { name: '← Workflows' }).click()
    await ask.waitFor()
    await page.keyboard.press('Escape')
    await ask.waitFor({ state: 'detached' })
    expect(await name.inputValue()).toBe('Half of it')
    await page.evaluate('location.reload()')
    await expect.poll(() => asked).toEqual(['beforeunload'])
    expect(await name.inputValue()).toBe('Half of it')
    await page.getByRole('button', { name: 'Sign out' }).click()
    const asksOut = page.getByRole('dialog', { name: 'Sign out without saving?' })
    await asksOut.getByRole('button', { name: 'Stay' }).click()
    await asksOut.waitFor({ state: 'detached' })
    await page.getByLabel(/^Agent in whose name/).fill('billing-bot')
    await page.getByLabel(/^Question/).fill('Is that all?')
    await page.getByText('Nothing is wrong with it.').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: /Half of it/ }).waitFor()
    expect(await ask.count()).toBe(0)
    await page.goto(at('workflows/new'))
    await name.fill('Given up')
    await page.getByRole('link', { name: '← Workflows' }).click()
    await ask.getByRole('button', { name: 'Leave' }).click()
    await page.waitForURL('**/workflows')
    expect(asked).toEqual(['beforeunload'])
  })

  it('offers nothing to a viewer [DASH-14]', { timeout: 60_000 }, async () => {
    const page = await browser.signedIn(at(`workflows/runs/${made.runs.failed}`), stage.keys.vic)
    await page.getByText('EXPRESSION_FAILED').first().waitFor()
    expect(await page.getByRole('button', { name: /Replay|Cancel the run/ }).count()).toBe(0)
    await visit(page, at(`workflows/${made.refund}`))
    await page.getByText('What differs').first().waitFor()
    expect(await page.getByRole('button', { name: /Execute|Archive|New schedule/ }).count()).toBe(0)
    await visit(page, at(`workflows/${made.refund}/edit`))
    await page.getByText('Your role reads workflows').waitFor()
  })
})
