import type { Page } from 'playwright-core'
import type { WorldDialog } from './dialogs.ts'

/** Opens a dialog as a person does, from the page that offers it. */
export async function openDialog(page: Page, { press, fill }: Pick<WorldDialog, 'press' | 'fill'>): Promise<void> {
  if (fill !== undefined) await page.getByLabel(fill.label).fill(fill.text)
  for (const name of press) {
    const exact = typeof name === 'string'
    const pressed = page.getByRole('button', { name, exact }).or(page.getByRole('menuitem', { name, exact }))
    await pressed.filter({ visible: true }).first().click()
  }
  await page.getByRole('dialog').waitFor()
}
